// Both halves, with one switch: STRUCT_HIST=1 compiles the statements in, in Wasm and in JavaScript; without it neither has any.
//
//   STRUCT_HIST=1 node examples/assemblyscript/build.mjs FOLDER

import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'
import { build } from 'esbuild'
import { esbuild } from 'struct-history/plugin'

const [, , folder = 'build/examples/assemblyscript'] = process.argv
const outdir = resolve(folder)
const here = fileURLToPath(new URL('.', import.meta.url))

// asc looks for packages in node_modules, where this one is not while we are inside of it.
const packages = resolve(outdir, 'packages')
mkdirSync(packages, { recursive: true })
if (!existsSync(`${packages}/struct-history`))
  symlinkSync(resolve(here, '../..'), `${packages}/struct-history`)

const { error, stderr } = await asc.main([
  'frames.ts',
  '--baseDir',
  here,
  '--path',
  packages,
  '--transform',
  fileURLToPath(import.meta.resolve('struct-history/plugin/asc')),
  '--outFile',
  `${outdir}/frames.wasm`,
  '-O3',
])
process.stderr.write(stderr.toString())
if (error) process.exit(1)

await build({
  absWorkingDir: here,
  entryPoints: ['main.ts', 'worker.ts'],
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  plugins: [esbuild()],
})
