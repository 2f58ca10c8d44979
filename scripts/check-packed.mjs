// `npm pack`, then the packed file in the hands of a user: imported in each runtime, its types, its command. Installed
// by hand with the dependencies that package.json promises and nothing else, so that no devDependency can help out.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './run.mjs'
import { IMPORTERS } from './runtimes.mjs'

const folder = mkdtempSync(join(tmpdir(), 'packed-'))
const installed = join(folder, 'node_modules/struct-history')
let wrong = 0
try {
  await must('npm', ['pack', '--silent', '--pack-destination', folder])
  const { name, version, dependencies, bin } = JSON.parse(readFileSync('package.json', 'utf8'))
  mkdirSync(installed, { recursive: true })
  await must('tar', [
    'xzf',
    join(folder, `${name}-${version}.tgz`),
    '-C',
    installed,
    '--strip-components=1',
  ])
  for (const dependency of closure(Object.keys(dependencies))) {
    cpSync(join('node_modules', dependency), join(folder, 'node_modules', dependency), {
      recursive: true,
    })
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const types = {
    include: ['packed-types.ts'],
    compilerOptions: { module: 'nodenext', noEmit: true, strict: true },
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(types))
  for (const file of ['packed-probe.mjs', 'packed-types.ts', 'packed-assembly.ts']) {
    cpSync(fileURLToPath(new URL(file, import.meta.url)), join(folder, file))
  }
  for (const [runtime, [command, ...words]] of Object.entries(IMPORTERS)) {
    await attempt(`in ${runtime}`, resolve(command), [...words, 'packed-probe.mjs'])
  }
  await attempt('asc', 'node', [
    resolve('node_modules/assemblyscript/bin/asc.js'),
    ...['packed-assembly.ts', '--transform', 'struct-history/plugin/asc'],
    ...['--use', 'STRUCT_HIST=1', '-o', 'packed-assembly.wasm'],
  ])
  await attempt('types', 'node', [resolve('node_modules/typescript/bin/tsc'), '-p', '.'])
  await attempt(
    'shdb',
    join(installed, bin.shdb),
    ['-batch', '-q', '-nx', '-ex', 'print 6*7'],
    '$1 = 42',
  )
} finally {
  rmSync(folder, { recursive: true })
}
process.exitCode = wrong > 0 ? 1 : 0

/** The packages that npm would install for these; read from what is installed here. */
function closure(names, found = new Set()) {
  for (const name of names) {
    if (found.has(name)) continue
    found.add(name)
    const { dependencies } = JSON.parse(
      readFileSync(join('node_modules', name, 'package.json'), 'utf8'),
    )
    closure(Object.keys(dependencies ?? {}), found)
  }
  return found
}

async function must(command, args) {
  const { ok, output } = await run(command, args, { seconds: 60 })
  if (!ok) throw new Error(`${command} ${args.join(' ')}\n${output}`)
}

async function attempt(what, command, args, expected = '') {
  const { ok, output } = await run(command, args, { cwd: folder, seconds: 30 })
  if (ok && output.includes(expected)) return console.log(`packed, ${what}: ok`)
  wrong++
  console.log(`packed, ${what}: FAILED${expected ? `, wanted ${expected}` : ''}\n${output}`)
}
