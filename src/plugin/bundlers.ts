// What each bundler wants of a plugin. The types are the little of theirs that is used: none of them is needed to compile
// this, and all six are optional to whoever has one.

import { Compiler, noteLine } from './compiler.ts'
import { filesWithout, hostProcess } from './files.ts'
import { withMap } from './inline-map.ts'
import { registerCompiler } from './loaded.ts'
import type { PluginOptions } from './options.ts'

function newCompiler(options: PluginOptions | undefined): Compiler {
  return new Compiler(options, filesWithout)
}

function begin(
  compiler: Compiler,
  root: string | undefined,
  define: Record<string, unknown> | undefined,
): void {
  const process = hostProcess()
  compiler.begin(root ?? process.cwd(), define, process.env)
}

// ---------------------------------------------------------------------------------------------------------------------
// esbuild

interface EsbuildMessage {
  text: string
  location: { file: string; line: number; column: number }
}

interface EsbuildBuild {
  initialOptions: {
    absWorkingDir?: string
    define?: Record<string, string>
    loader?: Record<string, string>
  }
  onStart(callback: () => void): void
  onLoad(
    options: { filter: RegExp; namespace: string },
    // biome-ignore lint/suspicious/noExplicitAny: the type of esbuild's answer is a union of its own
    callback: (args: { path: string; suffix?: string }) => any,
  ): void
}

export interface EsbuildPlugin {
  name: string
  setup(build: EsbuildBuild): void
}

const SOURCES = /\.(?:[cm]?[jt]s|[jt]sx)$/

/** The plugin for esbuild: `plugins: [esbuild()]`. Removes every statement of the library, unless it is enabled. */
export function esbuild(options?: PluginOptions): EsbuildPlugin {
  const compiler = newCompiler(options)
  return {
    name: 'struct-history',
    setup(build) {
      const { initialOptions } = build
      const files = filesWithout(new Set())
      build.onStart(() => begin(compiler, initialOptions.absWorkingDir, initialOptions.define))
      build.onLoad({ filter: SOURCES, namespace: 'file' }, ({ path, suffix }) => {
        const text = suffix ? undefined : files.read(path)
        const done = text === undefined ? undefined : compiler.transform(text, path)
        if (!done) return undefined
        const extension = (/\.[^./]+$/.exec(path) as RegExpExecArray)[0]
        return {
          contents: withMap(done),
          loader: initialOptions.loader?.[extension] ?? extension.slice(1).replace(/^[cm]/, ''),
          warnings: done.notes.map(
            ({ file, line, column, text }): EsbuildMessage => ({
              text: `struct-history: ${text}`,
              location: { file, line, column: column - 1 },
            }),
          ),
        }
      })
    },
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Rollup, Rolldown, Vite

interface RollupContext {
  warn(message: string): void
}

export interface RollupPlugin {
  name: string
  buildStart(this: unknown): void
  /** What goes from a file depends on all others: in watch mode an unchanged one is looked at again. */
  shouldTransformCachedModule(): boolean
  transform: {
    order: 'pre'
    // biome-ignore lint/suspicious/noExplicitAny: the map's type differs from one to the next of the three
    handler(this: RollupContext, code: string, id: string): any
  }
}

export interface VitePlugin extends RollupPlugin {
  enforce: 'pre'
  configResolved(config: { root: string; define?: Record<string, unknown> }): void
}

/** The same for Rollup. */
export function rollup(options?: PluginOptions): RollupPlugin {
  const compiler = newCompiler(options)
  return {
    name: 'struct-history',
    buildStart() {
      begin(compiler, undefined, undefined)
    },
    shouldTransformCachedModule: () => true,
    transform: { order: 'pre', handler: transformer(compiler) },
  }
}

/** The same for Rolldown. */
export function rolldown(options?: PluginOptions): RollupPlugin {
  return rollup(options)
}

/** The same for Vite, also for its server. */
export function vite(options?: PluginOptions): VitePlugin {
  const compiler = newCompiler(options)
  let root: string | undefined
  let define: Record<string, unknown> | undefined
  return {
    name: 'struct-history',
    enforce: 'pre',
    configResolved(config) {
      root = config.root
      define = config.define
    },
    buildStart() {
      begin(compiler, root, define)
    },
    shouldTransformCachedModule: () => true,
    transform: { order: 'pre', handler: transformer(compiler) },
  }
}

function transformer(compiler: Compiler) {
  return function transform(this: RollupContext, code: string, id: string) {
    const done = compiler.transform(code, id)
    if (!done) return null
    for (const note of done.notes) this.warn(noteLine(note))
    return { code: done.code, map: done.map }
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// webpack, Rspack

interface WebpackCompiler {
  context: string
  options: {
    module: { rules: unknown[] }
    plugins?: unknown[]
  }
  hooks: Record<'run' | 'watchRun', { tap(name: string, callback: () => void): void }>
}

export interface WebpackPlugin {
  // biome-ignore lint/suspicious/noExplicitAny: webpack's and Rspack's compilers are classes of their own
  apply(compiler: any): void
}

/** The same for webpack 5. */
export function webpack(options?: PluginOptions): WebpackPlugin {
  const own = newCompiler(options)
  return {
    apply(compiler: WebpackCompiler) {
      const { options: config, context } = compiler
      config.module.rules.unshift({
        test: SOURCES,
        exclude: /[\\/]node_modules[\\/]/,
        enforce: 'pre',
        use: [{ loader: loaderPath(), options: { compiler: registerCompiler(own) } }],
      })
      const anew = () => begin(own, context, definitions(config.plugins))
      compiler.hooks.run.tap('struct-history', anew)
      compiler.hooks.watchRun.tap('struct-history', anew)
    },
  }
}

/** The same for Rspack. */
export function rspack(options?: PluginOptions): WebpackPlugin {
  return webpack(options)
}

function loaderPath(): string {
  const url = hostProcess().getBuiltinModule('node:url') as { fileURLToPath(url: URL): string }
  // Beside this module, built or not.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return url.fileURLToPath(new URL(`./loader.${extension}`, import.meta.url))
}

/** What a DefinePlugin replaces. */
function definitions(plugins: readonly unknown[] = []): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  for (const plugin of plugins) {
    const { definitions, _args } = (plugin ?? {}) as { definitions?: object; _args?: object[] }
    if (typeof definitions === 'object') Object.assign(found, definitions)
    else if (plugin?.constructor.name === 'DefinePlugin') Object.assign(found, _args?.[0])
  }
  return found
}
