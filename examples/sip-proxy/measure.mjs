// What histories cost the proxy: microseconds of CPU a call. For each way of recording one process, which is on and off in
// turns under the same load. Each pair of neighbours is compared; their quartiles tell how far the machine is at rest.
//
//   node measure.mjs [--pairs N] [--calls N] [--rate N]

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { expectSipp } from './load.mjs'

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '12' },
    calls: { type: 'string', default: '900' },
    rate: { type: 'string', default: '300' },
  },
})
const program = fileURLToPath(new URL('./phases.mjs', import.meta.url))
expectSipp()
const folder = mkdtempSync(join(tmpdir(), 'sip-measure-'))
const daemon = startSyslog()
process.once('exit', () => daemon?.end())

console.log(
  'recorded    off, us of CPU a call   on                      more, median (quartiles)    events a call',
)
for (const what of ['coarse', 'precise', ...(daemon ? ['syslog'] : [])])
  console.log(row(what, await phases(what)))
if (daemon) console.log(`\nrsyslogd wrote ${(daemon.written() / 2 ** 20).toFixed(1)} MiB`)
else console.log('\nsyslog was not measured: apt-get install -y rsyslog')
rmSync(folder, { recursive: true, force: true })

/**
 * @param {string} what
 * @param {{ isOn: boolean, failed: number, events: number, cpu: number }[]} all
 */
function row(what, all) {
  const pairs = Array.from({ length: all.length / 2 }, (_, n) => all.slice(2 * n, 2 * n + 2))
  // A pair in which calls failed did other work.
  const fair = pairs.filter((pair) => pair.every(({ failed }) => failed === 0))
  const costs = (isOn) => fair.map((pair) => pair.find((each) => each.isOn === isOn)?.cpu ?? 0)
  const [on, off] = [costs(true), costs(false)]
  const more = on.map((cost, n) => (cost / off[n] - 1) * 100)
  const events = Math.max(...all.map((each) => each.events))
  const quartiles = [0.25, 0.75].map((share) => signed(quantile(more, share))).join(' .. ')
  const cells = [
    what.padEnd(12),
    spread(off).padEnd(24),
    spread(on).padEnd(24),
    `${signed(quantile(more, 0.5))} % (${quartiles})`.padEnd(28),
    what === 'syslog' ? '' : events.toFixed(0),
  ]
  const left = pairs.length - fair.length
  return cells.join('') + (left > 0 ? `   (${left} pairs left out: calls failed)` : '')
}

/** @param {number[]} all */
function spread(all) {
  const [least, most] = [Math.min(...all), Math.max(...all)].map((cost) => cost.toFixed(0))
  return `${quantile(all, 0.5).toFixed(0)} (${least} .. ${most})`
}

/** @param {number} number */
function signed(number) {
  return `${number >= 0 ? '+' : ''}${number.toFixed(1)}`
}

/** @param {string} what */
function phases(what) {
  const options = ['--pairs', values.pairs, '--calls', values.calls, '--rate', values.rate]
  if (daemon) options.push('--socket', daemon.path)
  const child = spawn(process.execPath, [program, what, ...options], {
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
        reject(new Error(`No result of ${what}: ${stdout}`))
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

/**
 * @param {number[]} values
 * @param {number} share
 */
function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
  return below + (above - below) * (at % 1)
}
