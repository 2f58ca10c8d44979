// The loader that webpack and Rspack put before all others.

import { noteLine } from './compiler.ts'
import { registeredCompiler } from './loaded.ts'

interface LoaderContext {
  readonly resource: string
  getOptions(): { compiler: number }
  cacheable(flag: boolean): void
  emitWarning(warning: Error): void
  callback(error: null, code: string, map?: unknown): void
}

export default function load(this: LoaderContext, code: string, map: unknown): void {
  // What goes from this file depends on all others, and on the switch.
  this.cacheable(false)
  const done = registeredCompiler(this.getOptions().compiler)?.transform(code, this.resource)
  for (const note of done?.notes ?? []) this.emitWarning(new Error(noteLine(note)))
  this.callback(null, done?.code ?? code, done?.map ?? map)
}
