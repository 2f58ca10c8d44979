// When the program loads a package that is of interest, before it makes anything of it. Bun tells nobody what it loads.

import { careful } from './careful.ts'
import { builtin } from './node.ts'

/**
 * Tells once of each of these packages that is loaded, with what CommonJS made of it: functions may be replaced, and
 * prototypes of classes changed.
 */
export function onPackages(
  names: readonly string[],
  listener: (name: string, exported: unknown) => void,
): void {
  const seen = new Set<unknown>()
  const loaded = careful((request: string, exported: unknown) => {
    // By its name, or by the path of a file in its folder.
    const name = names.find((each) => request === each || isIn(request, each))
    if (name === undefined || seen.has(exported)) return
    seen.add(exported)
    listener(name, exported)
  })
  const { Module } = builtin('node:module')
  const { _load: load } = Module
  Module._load = (request, ...more) => {
    const exported = Reflect.apply(load, Module, [request, ...more])
    loaded(request, exported)
    return exported
  }
}

const isIn = (path: string, name: string): boolean =>
  path.replaceAll('\\', '/').includes(`/node_modules/${name}/`)
