// webpack and Rspack know a loader by its file and hand it options that are data: a number names the compiler. Kept where
// every copy of this module finds it: whoever bundles his configuration has a copy of the plugin, and loads the loader.

import type { Compiler } from './compiler.ts'

const KEY = Symbol.for('struct-history/plugin compilers')

function compilers(): Compiler[] {
  const scope = globalThis as { [KEY]?: Compiler[] }
  scope[KEY] ??= []
  return scope[KEY]
}

export function registerCompiler(compiler: Compiler): number {
  return compilers().push(compiler) - 1
}

export function registeredCompiler(id: number): Compiler | undefined {
  return compilers()[id]
}
