// The workbench in Node without a test runner: two modules, the reader and shdb with counted edges, and what attacks them.

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { withCountedEdges } from './counted-edges.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const reader = join(here, '../../../src/inspect.ts')
const shdb = join(here, '../../../src/inspector/index.ts')

/** Bundles both; returns the file to import, and how many counters `globalThis.__edges` must have before. */
export async function countedBundle() {
  const folder = mkdtempSync(join(tmpdir(), 'hostile-'))
  const counted = join(folder, 'counted.mjs')
  const subject = await bundled(
    `export * from ${JSON.stringify(reader)}; export * from ${JSON.stringify(shdb)}`,
  )
  const { code, count } = withCountedEdges(subject)
  writeFileSync(counted, code)

  const isSubject = (path, importer) =>
    importer.startsWith(here) && [reader, shdb].includes(join(dirname(importer), path))
  const workbench = join(folder, 'workbench.mjs')
  const attack = await bundled("export * from './workbench.ts'; export * from './random.ts'", [
    {
      name: 'the counted reader',
      setup: ({ onResolve }) =>
        onResolve({ filter: /src\/inspect/ }, ({ path, importer }) =>
          isSubject(path, importer)
            ? { path: pathToFileURL(counted).href, external: true }
            : undefined,
        ),
    },
  ])
  writeFileSync(workbench, attack)
  return { folder, workbench: pathToFileURL(workbench).href, edges: count }
}

async function bundled(contents, plugins = []) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: here, loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    logLevel: 'error',
    plugins,
  })
  return outputFiles[0].text
}
