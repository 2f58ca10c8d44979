// npm run bench: what one call costs, as a ratio to the floor measured in the same run. A first cut, for one runtime:
// the runtime that runs this file. SPEC's figures are targets; the last column says which hold here.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Recorder } from 'struct-history'

const CALLS = 10_000
const ROUNDS = 201
const WARM_UP = 40

const { floor } = floorCore()
const recorder = new Recorder({ budget: '64MiB' })
const { SENT } = recorder.verbs({ SENT: 0 })
const lives = recorder.list('lives', { window: 1000 })
const history = recorder.list('one').push(1)
const silent = recorder.list('off', { enabled: false }).push(1)
const precise = new Recorder({ budget: '64MiB', clock: 'precise' })
const PRECISE = precise.verbs({ SENT: 0 }).SENT
const timed = precise.list('one').push(1)
const peers = Array.from({ length: 64 }, (_, n) => `sip:alice-${String(n).padStart(6, '0')}`)
const strangers = Array.from({ length: CALLS }, (_, n) => Buffer.from(`sip:${n + 1e11}`).toString())
const things = { floor, SENT, PRECISE, lives, history, silent, timed, peers, strangers }

/** What, the code of one call, and SPEC's limit as a ratio to the floor (or to what the fourth says). */
const ROWS = [
  ['floor', 'floor(n, n)'],
  ['floor + performance.now()', 'floor(n, n); performance.now()'],
  ['one integer', "history.log(SENT, 'send %d', n)", 1.5],
  ['two integers', "history.log(SENT, 'send %d, (%d)', n, 1)", 1.7],
  ['three integers', "history.log(SENT, 'send %d, %d, (%d)', n, 2, 1)", 2],
  ['a 16-character string seen before', "history.log(SENT, 'to %s', peers[n & 63])", 2.5],
  ['a new 16-character string', "history.log(SENT, 'to %s', strangers[n % 10000])", 5],
  ['precise clock', "timed.log(PRECISE, 'send %d', n)", 1.2, 'floor + performance.now()'],
  ['list switched off', "silent.log(SENT, 'send %d', n)", 0.2],
  ['push + unref', 'lives.push(n).unref()', 6],
]

// A loop of its own for each, as a function that is shared would be compiled for all of them at once. The rounds take
// turns, so that whatever else the machine does falls on all alike.
const rows = ROWS.map(([what, code, limit, against = 'floor']) => {
  const names = Object.keys(things)
  const body = `return (from, to) => { for (let n = from; n < to; n++) { ${code} } }`
  const loop = new Function(...names, body)(...Object.values(things))
  return { what, loop, limit, against, times: [] }
})
for (let round = -WARM_UP; round < ROUNDS; round++) {
  for (const { what, loop, times } of rows) {
    if (what.startsWith('a new')) renew(round)
    const from = performance.now()
    loop(round, round + CALLS)
    if (round >= 0) times.push(((performance.now() - from) * 1e6) / CALLS)
  }
}
for (const { times } of rows) times.sort((one, other) => one - other)
const medianOf = (name) => quantile(rows.find(({ what }) => what === name).times, 0.5)

console.log(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${process.release.name} ${process.version}, ${ROUNDS} rounds of ${CALLS} calls`,
)
console.log('median (10 % .. 90 %), nanoseconds a call')
for (const { what, limit, against, times } of rows) {
  const [low, median, high] = [0.1, 0.5, 0.9].map((share) => quantile(times, share).toFixed(1))
  const figures = `${what.padEnd(36)}${median.padStart(7)} (${low} .. ${high})`
  if (limit === undefined) {
    console.log(figures)
    continue
  }
  const ratio = quantile(times, 0.5) / medianOf(against)
  const verdict = ratio <= limit ? 'holds' : 'falls short'
  console.log(
    `${figures.padEnd(64)} ${ratio.toFixed(2)} x ${against} (at most ${limit} x: ${verdict})`,
  )
}

function quantile(sorted, share) {
  return sorted[Math.floor(share * (sorted.length - 1))]
}

/** Strings that nobody has seen, flat as they come from a parser. */
function renew(round) {
  for (let n = 0; n < strangers.length; n++)
    strangers[n] = Buffer.from(`sip:${(round + WARM_UP) * CALLS + n + 1e11}`).toString()
}

function floorCore() {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    const out = join(folder, 'floor.wasm')
    const memory = ['--initialMemory', '2', '--maximumMemory', '2', '--sharedMemory']
    const asc = ['bench/floor.ts', '--config', 'none', '--runtime', 'stub', '--importMemory']
    asc.push('--noExportMemory', ...memory, '--enable', 'threads', '-O3', '-o', out)
    execFileSync(process.execPath, [join(root, 'node_modules/assemblyscript/bin/asc.js'), ...asc], {
      cwd: root,
    })
    const env = { memory: new WebAssembly.Memory({ initial: 2, maximum: 2, shared: true }) }
    return new WebAssembly.Instance(new WebAssembly.Module(readFileSync(out)), { env }).exports
  } finally {
    rmSync(folder, { recursive: true })
  }
}
