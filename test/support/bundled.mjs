// TypeScript for a plain Node 20, which reads none: bundled, imported, and gone again.

import { rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

/** The exports of a TypeScript file. The bundle stands beside it for a moment: files that it names are found from there. */
export async function bundled(url) {
  const entry = fileURLToPath(url)
  const outfile = join(dirname(entry), `.${basename(entry)}-${process.pid}.mjs`)
  try {
    await build({
      entryPoints: [entry],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'error',
    })
    return await import(pathToFileURL(outfile).href)
  } finally {
    rmSync(outfile, { force: true })
  }
}
