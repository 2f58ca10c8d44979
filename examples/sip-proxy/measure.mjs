// What histories cost the proxy: microseconds of CPU a call, in turns, each time a process of its own under the same load.
//
//   node measure.mjs [--rounds N] [--calls N] [--rate N]

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    calls: { type: 'string', default: '4000' },
    rate: { type: 'string', default: '400' },
  },
})
const TRIES = 3
const main = fileURLToPath(new URL('./main.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'sip-measure-'))
const daemon = startSyslog()
process.once('exit', () => daemon?.end())
const modes = ['off', 'on', 'precise', ...(daemon ? ['syslog'] : [])]
/** @type {Map<string, number[]>} */
const costs = new Map(modes.map((mode) => [mode, []]))

for (let round = 0; round < Number(values.rounds); round++) {
  // The other way round each time: what comes first is not always the same.
  for (const mode of round % 2 ? [...modes].reverse() : modes) {
    const result = await sameWork(mode)
    costs.get(mode)?.push(result.cpu)
    const perCall = result.logged / result.calls
    console.log(
      `round ${round + 1}, ${mode}: ${result.cpu.toFixed(0)} us of CPU a call, ${result.failed} failed, ${perCall.toFixed(0)} events a call`,
    )
  }
}
const off = costs.get('off') ?? []
console.log(
  '\nhistories   us of CPU a call, median (least .. most)   against off, median of rounds',
)
for (const [mode, all] of costs) {
  const ratios = all.map((cost, round) => (cost / off[round] - 1) * 100)
  const [least, most] = [Math.min(...all), Math.max(...all)].map((cost) => cost.toFixed(0))
  const ratio = `${median(ratios) >= 0 ? '+' : ''}${median(ratios).toFixed(1)} %`
  console.log(
    `${mode.padEnd(12)}${median(all).toFixed(0)} (${least} .. ${most})`.padEnd(55) + ratio,
  )
}
if (daemon) console.log(`\nrsyslogd wrote ${(daemon.written() / 2 ** 20).toFixed(1)} MiB`)
else console.log('\nsyslog was not measured: apt-get install -y rsyslog')
rmSync(folder, { recursive: true, force: true })

/**
 * A run in which calls failed, as the machine was busy, sent much again: it did other work, and is done once more.
 * @param {string} mode
 */
async function sameWork(mode) {
  let result = await run(mode)
  for (let tries = 1; tries < TRIES && result.failed > 0; tries++) result = await run(mode)
  return result
}

/** @param {string} mode */
function run(mode) {
  const options = ['--json', '--histories', mode, '--calls', values.calls, '--rate', values.rate]
  if (mode === 'syslog') options.push('--syslog', daemon?.path ?? '')
  const child = spawn(process.execPath, [main, ...options, '--dumps', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let stdout = ''
  child.stdout.on('data', (bytes) => {
    stdout += bytes
  })
  return new Promise((resolve, reject) => {
    child.once('close', () => {
      try {
        resolve(JSON.parse(stdout))
      } catch {
        reject(new Error(`No result of histories ${mode}: ${stdout}`))
      }
    })
  })
}

/** A syslog daemon of our own, that writes all it gets into a file; undefined where there is none. */
function startSyslog() {
  if (spawnSync('rsyslogd', ['-v']).error) return
  const path = join(folder, 'log.sock')
  const file = join(folder, 'log')
  const conf = join(folder, 'rsyslog.conf')
  writeFileSync(
    conf,
    `global(workDirectory="${folder}")\nmodule(load="imptcp")\ninput(type="imptcp" path="${path}")\n` +
      `action(type="omfile" file="${file}")\n`,
  )
  const child = spawn('rsyslogd', ['-n', '-f', conf, '-i', join(folder, 'pid')], {
    stdio: 'ignore',
  })
  for (let n = 0; n < 100 && !existsSync(path); n++) spawnSync('sleep', ['0.05'])
  if (!existsSync(path)) throw new Error('rsyslogd did not open its socket')
  return {
    path,
    written: () => (existsSync(file) ? statSync(file).size : 0),
    end: () => child.kill(),
  }
}

/** @param {number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2
}
