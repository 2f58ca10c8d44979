// The rows that take whole processes: shdb on a full dump, the garbage of a log, C and the other peers.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { EFFORTS } from '../suite/effort.mjs'
import { quartiles } from '../suite/statistics.mjs'

const PEERS = ['js-ring', 'ringbuf-json', 'pino', 'logtape', 'performance-mark', 'trace-events']
const SEED = 'build/bench/seed'
const DEADLINE_MS = 120_000

/** SPEC: shdb opens a dump of a full 64 MiB and prints one history, as a whole process of this runtime. */
export async function openAndPrint(command, effort) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    const { filled } = await import('../suite/image.mjs')
    const dump = join(folder, 'full.shdump')
    filled(120_000, 11).dumpSync(dump)
    const words = ['build/cli/shdb.js', '-nx', '-batch', '-ex', 'history 0x1d4bf', dump]
    const seconds = []
    for (let n = 0; n < EFFORTS[effort].starts; n++) {
      const from = performance.now()
      const { stdout, stderr } = run([...command, ...words])
      seconds.push((performance.now() - from) / 1000)
      if (!stdout.includes('"send 10"'))
        throw new Error(`shdb printed no history: ${stdout}${stderr}`)
    }
    const { median, low, high } = quartiles(seconds)
    return { value: median, held: median, seconds: { median, low, high } }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Bytes that one log of an integer leaves on V8's heap; compiled code comes to about one byte, an object to 12 and more. */
export function garbage(effort) {
  const calls = { full: 500_000, quick: 150_000, tiny: 50_000 }[effort]
  const program = 'test/stress/garbage.program.mjs'
  const { stdout } = run([process.execPath, '--expose-gc', program, String(calls), 'coarse'])
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const { bytes } = rows.find(({ name }) => name === 'log, one integer')
  const value = Math.max(0, bytes)
  return { value, held: value }
}

/** -> rows by name; those that cannot run say why. */
export function peers(effort, say) {
  const rows = { seed: compileSeed() }
  for (const name of ['seed', ...PEERS]) {
    if (rows[name]?.missing) continue
    say(`peer: ${name}`)
    const folder = mkdtempSync(join(tmpdir(), 'bench-'))
    try {
      const { stdout } = run(
        [process.execPath, resolve('bench/peers/process.mjs'), name, effort],
        folder,
      )
      rows[name] = JSON.parse(stdout)
    } catch (error) {
      rows[name] = { what: name, missing: `failed: ${String(error.message).trim().split('\n')[0]}` }
      say(error.message)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  return rows
}

function compileSeed() {
  const source = 'bench/peers/seed.c'
  const words = ['-O2', '-pthread', '-o', SEED, source]
  const { error, status, stderr } = spawnSync('cc', words, { encoding: 'utf8' })
  if (error) return { what: "the seed's design in C", missing: 'no C compiler here' }
  if (status !== 0 || !existsSync(SEED)) throw new Error(`cc ${words.join(' ')}\n${stderr}`)
  return {}
}

function run([program, ...words], cwd) {
  const { error, status, stdout, stderr } = spawnSync(program, words, {
    cwd,
    encoding: 'utf8',
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 2 ** 28,
    env: { ...process.env, NO_COLOR: '1' },
  })
  if (error || status !== 0)
    throw new Error(
      `${program} ${words.join(' ')} ended with ${error?.message ?? status}\n${stderr}`,
    )
  return { stdout, stderr }
}

/** What the packages of the peers are, for the documents. */
export function peerVersions() {
  return ['ringbuf.js', 'pino', '@logtape/logtape', 'tinybench'].map((name) => {
    const { version, license } = JSON.parse(
      readFileSync(`node_modules/${name}/package.json`, 'utf8'),
    )
    return { name, version, license }
  })
}
