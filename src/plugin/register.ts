// Entry 'struct-history/plugin/register': removes the library from code that is not bundled, while it is loaded.
//
//   node --import struct-history/plugin/register app.mjs
//   bun --preload struct-history/plugin/register app.ts

import { hostProcess } from './files.ts'
import { hooked, loaded } from './hooks.ts'

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
  if (typeof node.register !== 'function')
    throw new Error(
      'Cannot remove struct-history while code is loaded: this runtime has no hook for it (Node >= 20.6 or Bun wanted); bundle the program with struct-history/plugin instead',
    )
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

function registerBun(Bun: BunRuntime): string {
  Bun.plugin({
    name: 'struct-history',
    setup(build) {
      build.onLoad(
        { filter: /^(?!.*[\\/]node_modules[\\/]).*\.[cm]?[jt]sx?$/ },
        async ({ path }) => {
          const extension = (/\.[cm]?([jt]sx?)$/.exec(path) as RegExpExecArray)[1] as string
          return { contents: loaded(await Bun.file(path).text(), path), loader: extension }
        },
      )
    },
  })
  return 'Bun.plugin'
}
