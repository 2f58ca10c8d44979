// assembly/ -> build/core*.wasm and src/core/wasm.ts.

import { execFile } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { promisify } from 'node:util'
import { filesUnder, read, writeWhenChanged } from './build-files.mjs'
import { guardWasm } from './guard-wasm.mjs'

const execute = promisify(execFile)

export function coreInputs() {
  return [
    'asconfig.json',
    'node_modules/assemblyscript/package.json',
    // Not those that are compiled into programs of others.
    ...filesUnder('assembly', /\.ts$/).filter((file) => !/\bstatements\b/.test(file)),
  ]
}

export function coreOutputs() {
  return [
    'src/core/wasm.ts',
    ...Object.values(read('asconfig.json').targets).map((target) => target.outFile),
  ]
}

export async function buildCore() {
  const { entries: sources, targets } = read('asconfig.json')
  for (const source of sources) {
    if (!existsSync(source)) throw new Error(`${source} is not there yet: no src/core/wasm.ts`)
  }
  const compiled = await Promise.allSettled(
    Object.keys(targets).map(async (target) => {
      const asc = [
        'node_modules/assemblyscript/bin/asc.js',
        '--config',
        'asconfig.json',
        '--target',
        target,
      ]
      const { stdout, stderr } = await execute('node', asc)
      if (stdout + stderr !== '') console.log(`asc ${target}: ${stdout}${stderr}`)
      // Of the bindings only the signatures are of use; nobody may import the glue by mistake.
      rmSync(targets[target].outFile.replace(/\.wasm$/, '.js'), { force: true })
    }),
  )
  // Only now, when no compiler runs any more: the lock is given up with the first error.
  const failed = compiled.find(({ status }) => status === 'rejected')
  if (failed) throw failed.reason
  const core = readFileSync(targets.release.outFile)
  guardWasm(core, targets.release.outFile)
  writeWhenChanged(
    'src/core/wasm.ts',
    `// Generated from assembly/ by scripts/build.mjs.\n\n/** ${core.length} bytes, base64; imports a shared memory. */\nexport const core: string =\n  '${core.toString('base64')}'\n/** The byte of the import that says what memory it is: 3 shared, 1 plain. */\nexport const memoryFlagsAt = ${memoryFlagsAt(core)}\n`,
  )
  return `${core.length} bytes`
}

/** Behind the name of the import and its kind. */
function memoryFlagsAt(core) {
  const at = core.indexOf(Buffer.from('\x06memory\x02', 'latin1')) + '\x06memory\x02'.length
  if (core[at] !== 3) throw new Error('the core does not import a shared memory with a maximum')
  return at
}
