// Schedules of the stepped core drawn at random (test/interleave/sample.ts), the image opened at every pause.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

export const title = 'Interleavings'
export const promise =
  'SPEC 1 to 6: whatever a thread is doing when it is preempted or stops for ever, nothing is lost, torn, doubled or leaked, and all others go on'

const MINUTE_MS = 60_000

export async function verify({ minutes, seed, say }) {
  const { sample } = await loaded()
  const end = Date.now() + minutes * MINUTE_MS
  const { schedules, found } = sample(seed, () => Date.now() >= end, say)
  return { figures: [...schedules].map(([kind, count]) => [kind, count]), faults: found }
}

/** TypeScript, which Node 20 does not read; bundled beside the sources, as it looks for build/core-stepped.wasm from there. */
async function loaded() {
  const interleave = fileURLToPath(new URL('../interleave', import.meta.url))
  const outfile = join(interleave, `.sample-${process.pid}.mjs`)
  try {
    await build({
      entryPoints: [join(interleave, 'sample.ts')],
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
