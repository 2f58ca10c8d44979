// Entry 'struct-history/plugin': one plugin for each bundler. By default it removes every statement of the library.

export {
  type EsbuildPlugin,
  esbuild,
  type RollupPlugin,
  rolldown,
  rollup,
  rspack,
  type VitePlugin,
  vite,
  type WebpackPlugin,
  webpack,
} from './bundlers.ts'
export type { Note } from './note.ts'
export type { PluginOptions } from './options.ts'
