// npm run bench: what one call costs, as a ratio to the floor measured in the same run. A first cut, for one runtime:
// the runtime that runs this file. SPEC's figures are targets; the last column says which hold here.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Recorder } from 'struct-history'

const CALLS = 200_000
const ROUNDS = 21

const { floor } = floorCore()
const recorder = new Recorder({ budget: '64MiB' })
const { SENT } = recorder.verbs({ SENT: 0 })
const lives = recorder.list('lives', { window: 1000 })
const off = recorder.list('off', { enabled: false })
const history = recorder.list('one').push(1)
const silent = off.push(1)
const peers = Array.from({ length: 64 }, (_, n) => `sip:alice-${String(n).padStart(6, '0')}`)

/** What, how often, and SPEC's limit as a ratio to the floor. */
const rows = [
  ['one integer', (n) => history.log(SENT, 'send %d', n), 1.5],
  ['two integers', (n) => history.log(SENT, 'send %d, (%d)', n, 1), 1.7],
  ['three integers', (n) => history.log(SENT, 'send %d, %d, (%d)', n, 2, 1), 2],
  ['a 16-character string seen before', (n) => history.log(SENT, 'to %s', peers[n & 63]), 2.5],
  ['list switched off', (n) => silent.log(SENT, 'send %d', n), 0.2],
  ['push + unref', (n) => lives.push(n).unref(), 6],
]

const floorTime = median((n) => floor(n, n))
console.log(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${process.release.name} ${process.version}`,
)
console.log(`floor: ${floorTime.toFixed(1)} ns`)
for (const [what, call, limit] of rows) {
  const time = median(call)
  const ratio = time / floorTime
  const verdict = ratio <= limit ? 'holds' : 'falls short'
  const figures = `${time.toFixed(1).padStart(8)} ns  ${ratio.toFixed(2).padStart(6)} x`
  console.log(`${what.padEnd(36)}${figures}  (must be <= ${limit} x: ${verdict})`)
}

function median(call) {
  const times = []
  for (let round = -3; round < ROUNDS; round++) {
    const from = performance.now()
    for (let n = 0; n < CALLS; n++) call(n + round)
    if (round >= 0) times.push(((performance.now() - from) * 1e6) / CALLS)
  }
  return times.sort((a, b) => a - b)[ROUNDS >> 1]
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
