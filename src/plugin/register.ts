// Entry 'struct-history/plugin/register': removes the library from code that is not bundled, while it is loaded.
//
//   node --import struct-history/plugin/register app.mjs
//   bun --preload struct-history/plugin/register app.ts
//
// Deno loads the program before it asks hooks: there a file imports this, and then the program with `await import()`.

import { filesWithout, hostProcess } from './files.ts'
import { changing, hooked, loaded } from './hooks.ts'

interface NodeModule {
  registerHooks?(hooks: { load: SyncLoad }): unknown
  register?(url: URL): void
  readonly Module?: { readonly _extensions?: Record<string, Compile> }
}

type SyncLoad = (
  url: string,
  context: unknown,
  next: (url: string, context: unknown) => never,
) => unknown

interface CommonJs {
  _compile(text: string, path: string): unknown
}

type Compile = (module: CommonJs, path: string) => unknown

interface BunRuntime {
  plugin(plugin: {
    name: string
    setup(build: {
      onLoad(
        options: { filter: RegExp },
        callback: (args: { path: string }) => Promise<{ contents: string; loader: string }>,
      ): void
    }): void
  }): void
  file(path: string): { text(): Promise<string> }
}

const NO_HOOK =
  'Cannot remove struct-history while code is loaded: this runtime has no hook for it (Node or Bun wanted); bundle the program with struct-history/plugin instead'

/** How this runtime was told to remove the library. */
export const registered: string = register()

function register(): string {
  const { Bun } = globalThis as { Bun?: BunRuntime }
  if (Bun) return registerBun(Bun)
  const node = hostProcess().getBuiltinModule('node:module') as NodeModule
  if (typeof node.registerHooks === 'function') {
    node.registerHooks({
      load: (url, context, next) => hooked(url, next(url, context)),
    })
    return 'module.registerHooks'
  }
  if (typeof node.register !== 'function') throw new Error(NO_HOOK)
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  node.register(new URL(`./hooks.${extension}`, import.meta.url))
  patchRequire(node)
  return 'module.register'
}

/** Before Node 22.15 no hook sees what is required. */
function patchRequire(node: NodeModule): void {
  const extensions = node.Module?._extensions
  const original = extensions?.['.js']
  if (!extensions || !original) return
  extensions['.js'] = (module, path) => {
    const compile = module._compile
    module._compile = function (text, file) {
      this._compile = compile
      return compile.call(this, loaded(text, file), file)
    }
    return original(module, path)
  }
}

/** Bun asks for all files that a filter names, and takes none of them for CommonJS any more: so only those that change. */
function registerBun(Bun: BunRuntime): string {
  const files = changing().filter((file) => !isCommonJs(file))
  if (files.length === 0) return 'Bun.plugin'
  const filter = new RegExp(`^(?:${files.map(escaped).join('|')})$`)
  Bun.plugin({
    name: 'struct-history',
    setup(build) {
      build.onLoad({ filter }, async ({ path }) => {
        const extension = (/\.[cm]?([jt]sx?)$/.exec(path) as RegExpExecArray)[1] as string
        return { contents: loaded(await Bun.file(path).text(), path), loader: extension }
      })
    },
  })
  return 'Bun.plugin'
}

function isCommonJs(file: string): boolean {
  const text = filesWithout(new Set()).read(file) ?? ''
  const isIt =
    /\.c[jt]s$/.test(file) ||
    (/\brequire\(|\bexports\b/.test(text) && !/^\s*(?:im|ex)port\b/m.test(text))
  if (isIt)
    console.warn(`${file}: struct-history: left as it is: Bun has no hook for CommonJS modules`)
  return isIt
}

function escaped(path: string): string {
  // As Bun names it: with the separators of the system.
  return path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('/', '[\\\\/]')
}
