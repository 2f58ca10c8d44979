// The six bugs of a SIP proxy under real load, and who names them: examples/sip-proxy with sipp on both sides, and
// `shdb check` on the dump that each bug leaves.
//
//   npm run demo -- sip

import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BUGS } from '../examples/sip-proxy/bugs.mjs'
import { bold, dim, red } from './paint.mjs'

const SHDB = 'build/cli/shdb.js'
const RATE = 400
/** Of the bugs that end the proxy, so many calls at the most; the others make a few hundred. */
const CALLS = { 'lost-ack': 2000, handover: 1500 }
const CALLS_MAX = 6000
const TRIES = 3
const print = (line) => console.log(`  ${line}`)

const began = performance.now()
const dumps = mkdtempSync(join(tmpdir(), 'struct-history-demo-'))
if (spawnSync('sipp', ['-v']).error) {
  const { status } = spawnSync(process.execPath, ['scripts/setup.mjs', '--for', 'sip'], {
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(1)
}

console.log(`\n${bold('A SIP proxy without a bug')}: 2,000 calls of all kinds, UDP and TCP`)
const load = 'answer:4,busy:2,late:1,cancel:2,reinvite:2,tcp:2'
const clean = await proxy('clean', ['--load', load, '--calls', '2000', '--dump'])
for (const line of clean.lines) print(line)
shdbCheck(clean.dump, 3)

for (const [name, { what }] of Object.entries(BUGS)) {
  console.log(`\n${bold(`Bug "${name}"`)}: ${what}`)
  let struck
  for (let tries = 0; tries < TRIES && !struck; tries++) {
    const options = ['--bug', name, '--calls', `${CALLS[name] ?? CALLS_MAX}`]
    const ended = await proxy(`${name}${tries}`, options)
    if (!ended.dump) continue
    for (const line of ended.lines) print(line.startsWith('Error') ? red(line) : line)
    struck = ended
  }
  if (!struck) {
    print('It did not strike this time.')
    continue
  }
  const object = shdbCheck(struck.dump, 3)
  if (name === 'cancel' && object) why(struck.dump, object)
}
const seconds = Math.round((performance.now() - began) / 1000)
console.log(`\n${seconds} s. The dumps stay: npx shdb check ${dumps}/*/*.shdump`)

/** Runs it; what it said, and the dump that it left. */
async function proxy(folder, options) {
  const directory = mkdtempSync(join(dumps, `${folder}-`))
  const rate = ['--rate', `${RATE}`, '--seconds', '25']
  const child = spawn(
    process.execPath,
    ['examples/sip-proxy/main.mjs', ...options, ...rate, '--dumps', directory],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes) => {
      text += bytes
    })
  await new Promise((resolve) => child.once('close', resolve))
  const lines = text.split('\n').filter((line) => /^(sip-proxy|struct-history|Error): /.test(line))
  const [file] = readdirSync(directory)
  return { lines: lines.slice(1), dump: file && join(directory, file) }
}

/** Shows the first lines of what check says; answers the object of the first finding. */
function shdbCheck(dump, most) {
  print(bold(`$ npx shdb check ${dump}`))
  const { stdout } = spawnSync(process.execPath, [SHDB, 'check', dump], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  const lines = stdout.trimEnd().split('\n')
  for (const line of lines.slice(0, most)) print(line)
  if (lines.length > most) print(dim(`    ... ${lines.at(-1)}`))
  return /0x[0-9a-f]+/.exec(lines[0] ?? '')?.[0]
}

function why(dump, object) {
  const typed = ['-batch', '-ex', `why ${object}`]
  print(bold(`$ npx shdb -batch -ex 'why ${object}' ${dump}`))
  const { stdout } = spawnSync(process.execPath, [SHDB, '-nx', ...typed, dump], {
    encoding: 'utf8',
  })
  for (const line of stdout.trimEnd().split('\n').slice(0, 24)) print(line)
}
