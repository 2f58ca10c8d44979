// platform.ts for programs that no bundler and no vitest reads: Node 20 loads no TypeScript by itself.

import { readFileSync } from 'node:fs'
import { transform } from 'esbuild'

const source = readFileSync(new URL('./platform.ts', import.meta.url), 'utf8')
const { code } = await transform(source, { loader: 'ts', format: 'esm', target: 'es2022' })

export const { spawnWorker, within, until } = await import(
  `data:text/javascript,${encodeURIComponent(code)}`
)
