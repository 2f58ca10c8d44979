// webpack and Rspack know a loader by its file and hand it options that are data: a number names the compiler.

import type { Compiler } from './compiler.ts'

const compilers = new Map<number, Compiler>()

export function registerCompiler(compiler: Compiler): number {
  const id = compilers.size + 1
  compilers.set(id, compiler)
  return id
}

export function registeredCompiler(id: number): Compiler | undefined {
  return compilers.get(id)
}
