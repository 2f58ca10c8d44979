// A process that records as fast as it can, while shdb looks at it again and again: what that costs the process.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export const title = 'A process that is looked at'
export const promise =
  'SPEC: shdb -p PID looks at a live process without stopping it; docs/CORES.md: what that costs its throughput'
export const minutes = 4

const RUNTIMES = {
  'Node 20': ['ci/nodes/node_modules/node20/bin/node'],
  'Node 26': ['ci/nodes/node_modules/node26/bin/node'],
  Deno: [`node_modules/@deno/linux-${process.arch}-glibc/deno`, 'run', '-A'],
  Bun: ['node_modules/.bin/bun'],
}
/** Milliseconds between two copies. */
const PAUSES = { '10 times a second': 100, 'without a pause': 0 }
const WINDOW_MS = 1500
/** A window begins with what the one before has left running. */
const SETTLING_MS = 250
const ROUNDS_LEAST = 2

export async function verify({ minutes, say }) {
  const faults = []
  const figures = []
  const each = (minutes * 60_000) / Object.keys(RUNTIMES).length
  for (const [name, command] of Object.entries(RUNTIMES)) {
    const until = performance.now() + each
    const target = started([...command, 'test/wreck/target.mjs', 'busy'])
    const seen = new Map(Object.keys(PAUSES).map((what) => [what, { ratios: [], copies: 0 }]))
    const rates = []
    try {
      await target.until(/^rate/m)
      for (let round = 0; round < ROUNDS_LEAST || performance.now() < until; round++) {
        for (const [what, pause] of Object.entries(PAUSES)) {
          // With and without in turn, and either first: the machine is never the same for long.
          const reader = async () => looked(target, pause)
          const alone = async () => ({ rate: await target.rate(WINDOW_MS) })
          const [one, other] = round % 2 === 0 ? [alone, reader] : [reader, alone]
          const pair = [await one(), await other()]
          const withReader = pair.find(({ copies }) => copies !== undefined)
          const { rate } = pair.find(({ copies }) => copies === undefined)
          rates.push(rate)
          seen.get(what).ratios.push(withReader.rate / rate)
          seen.get(what).copies += withReader.copies
          if (withReader.fault) faults.push(`${name}, ${what}: ${withReader.fault}`)
        }
      }
    } finally {
      await target.end()
    }
    figures.push([`${name}: lives pushed a second, alone, median`, Math.round(median(rates))])
    for (const [what, { ratios, copies }] of seen) {
      const sorted = [...ratios].sort((one, other) => one - other)
      const at = (share) => percent(sorted[Math.round(share * (sorted.length - 1))])
      if (copies === 0) faults.push(`${name}, ${what}: nothing was copied`)
      figures.push([
        `${name}: looked at ${what}, of that`,
        `${at(0.5)} (${at(0)} to ${at(1)} in ${ratios.length} pairs), ${copies} copies`,
      ])
    }
    say(
      figures
        .slice(-3)
        .map(([what, value]) => `${what}: ${value}`)
        .join('; '),
    )
  }
  return { figures, faults }
}

const percent = (ratio) => `${Math.round(100 * ratio)} %`

function median(values) {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[sorted.length >> 1] ?? 0
}

/** The rate while shdb copies the recorder again and again. */
async function looked(target, pause) {
  const words = ['build/cli/shdb.js', '-q', '-nx', '-p', `${target.pid}`]
  const shdb = started([process.execPath, ...words], 'pipe')
  let copies = 0
  let isOver = false
  const look = async () => {
    // "refresh" copies all anew; "echo" tells when that is done.
    shdb.say('refresh')
    shdb.say('echo copied\\n')
    await shdb.until(/copied/)
    copies++
    if (pause > 0) await sleep(pause)
  }
  await look()
  copies = 0
  const looking = (async () => {
    while (!isOver) await look()
  })()
  const rate = await target.rate(WINDOW_MS)
  isOver = true
  await looking
  shdb.say('info lists')
  shdb.say('echo done\\n')
  const lists = await shdb.until(/done/)
  await shdb.end()
  return { rate, copies, ...(/TCP con/.test(lists) ? {} : { fault: `it shows ${lists}` }) }
}

const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds))

function started([program, ...words], input = 'ignore') {
  const child = spawn(program, words, { cwd: ROOT, stdio: [input, 'pipe', 'inherit'] })
  let said = ''
  let rates = []
  child.stdout.on('data', (text) => {
    said += text
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [, rate] = /^rate (\d+)$/.exec(line) ?? []
    if (rate !== undefined) rates.push(Number(rate))
  })
  return {
    pid: child.pid,
    say: (line) => child.stdin.write(`${line}\n`),
    /** Waits until it said that, and forgets what it said. */
    async until(pattern) {
      while (!pattern.test(said)) {
        if (child.exitCode !== null) throw new Error(`${program} ended and said ${said}`)
        await once(child.stdout, 'data')
      }
      const text = said
      said = ''
      return text
    },
    /** What it says of its rate, over so many milliseconds. */
    async rate(milliseconds) {
      await sleep(SETTLING_MS)
      rates = []
      await sleep(milliseconds)
      return rates.reduce((sum, rate) => sum + rate, 0) / rates.length
    },
    async end() {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}
