// What histories cost the proxy: microseconds of CPU a call. For each way of recording one process, which is on and off in
// turns under the same load. Each pair of neighbours is compared; their quartiles tell how far the machine is at rest.
//
//   node measure.mjs [--only coarse|precise|syslog] [--pairs N] [--rate N]      about ten minutes

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { expectSipp } from './load.mjs'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    pairs: { type: 'string', default: '60' },
    rate: { type: 'string', default: '400' },
  },
})
const program = fileURLToPath(new URL('./phases.mjs', import.meta.url))
expectSipp()
const folder = mkdtempSync(join(tmpdir(), 'sip-measure-'))
const daemon = startSyslog()

console.log(
  'recorded    off, us of CPU a call   on                      more, median (quartiles)    events a call',
)
const kinds = ['coarse', 'precise', ...(daemon ? ['syslog'] : [])]
for (const what of values.only ? [values.only] : kinds) console.log(row(what, await turns(what)))
if (daemon) console.log(`\nrsyslogd wrote ${(daemon.written() / 2 ** 20).toFixed(1)} MiB`)
else console.log('\nsyslog was not measured: apt-get install -y rsyslog')
daemon?.end()
rmSync(folder, { recursive: true, force: true })

/**
 * @param {string} what
 * @param {{ failed: number, turns: { isOn: boolean, events: number, cpu: number }[] }} measured
 */
function row(what, { failed, turns }) {
  const costs = (isOn) =>
    Array.from({ length: turns.length / 2 }, (_, n) =>
      turns.slice(2 * n, 2 * n + 2).find((turn) => turn.isOn === isOn),
    ).map((turn) => turn?.cpu ?? 0)
  const [on, off] = [costs(true), costs(false)]
  const more = on.map((cost, n) => (cost / off[n] - 1) * 100)
  const events = quantile(
    turns.filter(({ isOn }) => isOn).map((turn) => turn.events),
    0.5,
  )
  const quartiles = [0.25, 0.75].map((share) => signed(quantile(more, share))).join(' .. ')
  const cells = [
    what.padEnd(12),
    spread(off).padEnd(24),
    spread(on).padEnd(24),
    `${signed(quantile(more, 0.5))} % (${quartiles})`.padEnd(28),
    what === 'syslog' ? '' : events.toFixed(0),
  ]
  return cells.join('') + (failed > 0 ? `   (${failed} calls failed)` : '')
}

/** @param {number[]} all */
function spread(all) {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(all, share).toFixed(0))
  return `${middle} (${low} .. ${high})`
}

/** @param {number} number */
function signed(number) {
  return `${number >= 0 ? '+' : ''}${number.toFixed(1)}`
}

/** @param {string} what */
function turns(what) {
  const options = ['--pairs', values.pairs, '--rate', values.rate]
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
