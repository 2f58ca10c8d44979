type Bundler = 'esbuild' | 'vite' | 'rollup' | 'rolldown' | 'webpack' | 'rspack'

export const bundlers: Record<Bundler, unknown>
export function bundled(
  name: Bundler,
  given: {
    root: string
    entries: readonly string[]
    minify: boolean
    plugin?: ((name: Bundler) => unknown) | undefined
  },
): Promise<Record<string, string>>
