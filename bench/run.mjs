// npm run bench: SPEC's figures, as ratios to a floor measured in the same moments, and what one would use instead.
//
//   npm run bench                                     in this Node, a minute or two
//   npm run bench -- --runtime node,deno,chromium     these beside each other; `all` for the six of SPEC; node20 … node26
//   npm run bench -- scale                            threads, windows, lives, budgets, starts, reading
//   npm run bench -- export                           rows a second of each export, bytes a row
//   npm run bench -- syslog                           each event logged to a real rsyslogd, against recorded and flushed where it failed
//   npm run bench -- serve                            the same as a page, for any browser
//   npm run bench -- register                         what struct-history/register costs a small service
//   npm run bench -- --quick                          less exact
//   npm run bench -- --json [--out FILE]              as JSON, to standard output or a file
//   npm run bench -- --from FILE                      prints such a file again
//   npm run bench -- docs                             measures all, and writes the tables of docs/PERFORMANCE.md and the README
//
// A figure that is not reached is no failure: exit code 0. 1 when something could not be measured at all, 2 for a wrong option.

import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildBench } from './build.mjs'
import { findInCore } from './host/core.mjs'
import { exportLines, exports } from './host/exports.mjs'
import { load, machine } from './host/machine.mjs'
import { garbage, openAndPrint, peers } from './host/processes.mjs'
import { ALL, HOSTS, NAMES, runIn } from './host/runtimes.mjs'
import { serve } from './host/serve.mjs'
import { measureRegister } from './register/register.mjs'
import { writeDocuments } from './report/documents.mjs'
import { columns } from './report/lines.mjs'
import { headOf, tablesOf } from './report/report.mjs'
import { measureSyslog, syslogTable } from './syslog/measure.mjs'

const COMMANDS = ['figures', 'scale', 'export', 'syslog', 'serve', 'register', 'docs']
const from = process.cwd()
process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const options = optionsOf(process.argv.slice(2))
const say = (text) => process.stderr.write(`  ${text}\n`)

if (options.from) print(JSON.parse(readFileSync(options.from, 'utf8')))
else if (options.command === 'serve') await servePage()
else if (options.command === 'export') printExports()
else if (options.command === 'syslog') await measureAndShowSyslog()
else if (options.command === 'register') await printRegister()
else if (options.command === 'docs') {
  const figures = await measure('figures', ALL)
  const scale = await measure('scale', ['node'])
  writeDocuments(figures, scale)
} else print(await measure(options.command, options.runtimes))

async function measure(what, runtimes) {
  const { effort } = options
  // Not even where a long run of another command rebuilds: what is measured is what is there now.
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: ['ignore', 'ignore', 'inherit'] })
  await buildBench()
  const report = { what, when: new Date().toISOString(), effort, machine: machine(), runs: [] }
  for (const runtime of runtimes) {
    process.stderr.write(`${runtime}\n`)
    const run = await runIn(runtime, what, effort, say)
    report.runs.push(run)
    if (what === 'figures' && run.rows && HOSTS[runtime]) await addProcesses(run)
  }
  if (what === 'figures' && options.peers && runtimes.includes('node')) {
    report.peers = peers(effort, say)
    const { seed } = report.peers
    const node = report.runs.find(({ runtime }) => runtime === 'node')
    if (node?.rows)
      node.rows['seed-in-c'] = seed.missing
        ? { missing: seed.missing }
        : { ns: seed.ns, floor: seed.floor, ratio: seed.times, held: seed.times.median }
    if (node?.load) node.load[1] = load()
  }
  if (what === 'figures') for (const run of report.runs) if (run.rows) sayWhatIsElsewhere(run)
  return report
}

/** Rows that this runtime could never have. */
function sayWhatIsElsewhere({ runtime, rows }) {
  const missing = runtime === 'node' ? 'not measured' : 'in Node only'
  rows['seed-in-c'] ??= { missing }
  rows.garbage ??= { missing }
  rows['find-in-core'] ??= { missing }
  rows['open-and-print'] ??= { missing: 'no processes' }
}

async function addProcesses({ runtime, rows }) {
  const attempt = async (id, act) => {
    say(id)
    try {
      rows[id] = await act()
    } catch (error) {
      say(error.message)
      rows[id] = { missing: `failed: ${error.message.split('\n')[0]}` }
    }
  }
  await attempt('open-and-print', () => openAndPrint(HOSTS[runtime], options.effort))
  if (runtime !== 'node') return
  await attempt('garbage', () => garbage(options.effort))
  await attempt('find-in-core', () => findInCore(options.effort))
}

function print(report) {
  const text = options.json ? `${JSON.stringify(report, null, 1)}\n` : shown(report)
  if (options.out) writeFileSync(options.out, text)
  else process.stdout.write(text)
  const rows = report.runs.flatMap((run) => [run, ...Object.values(run.rows ?? {})])
  if (rows.some(({ missing }) => missing?.startsWith('failed'))) process.exitCode = 1
}

function shown(report) {
  const tables = tablesOf(report).map(({ title, note, lines }) =>
    [title, note, ...(lines.length > 0 ? [columns(lines)] : [])].join('\n'),
  )
  return `${[headOf(report), ...tables].join('\n\n')}\n`
}

function printExports() {
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: ['ignore', 'ignore', 'inherit'] })
  const report = exports(options.effort === 'full' ? 5 : 1, say)
  const text = options.json ? JSON.stringify(report, null, 1) : exportLines(report).join('\n')
  if (options.out) writeFileSync(options.out, `${text}\n`)
  else console.log(text)
}

async function measureAndShowSyslog() {
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: ['ignore', 'ignore', 'inherit'] })
  const report = { machine: machine(), ...(await measureSyslog(options.effort, say)) }
  const text = options.json ? `${JSON.stringify(report, null, 1)}\n` : `${syslogTable(report)}\n`
  if (options.out) writeFileSync(options.out, text)
  else process.stdout.write(text)
}

async function printRegister() {
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: ['ignore', 'ignore', 'inherit'] })
  const { cpu, cores, memoryGiB, system } = machine()
  const rows = await measureRegister(options.effort, say)
  const number = ({ low, median, high }, digits) =>
    `${median.toFixed(digits)} (${low.toFixed(digits)} .. ${high.toFixed(digits)})`
  console.log(
    `${new Date().toISOString()}, Node ${process.versions.node}, ${cores} x ${cpu}, ${memoryGiB} GiB, ${system}, load average ${load()}\n`,
  )
  console.log(
    columns([
      ['recorded', 'us of CPU a request', 'x nothing recorded'],
      ...rows.map(({ name, micros, ratio }) => [name, number(micros, 1), number(ratio, 3)]),
    ]),
  )
}

async function servePage() {
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' })
  await buildBench()
  const { url } = await serve({ port: 8080, say })
  console.log(`The bench page: ${url}`)
}

function optionsOf(words) {
  const text = { type: 'string' }
  const flag = { type: 'boolean' }
  let values
  let positionals
  try {
    const known = {
      runtime: text,
      effort: text,
      out: text,
      from: text,
      quick: flag,
      json: flag,
      'no-peers': flag,
    }
    ;({ values, positionals } = parseArgs({ args: words, allowPositionals: true, options: known }))
  } catch (error) {
    usage(error.message)
  }
  const [command = 'figures', ...more] = positionals
  if (!COMMANDS.includes(command) || more.length > 0)
    usage(`"${positionals.join(' ')}" is none of ${COMMANDS.join(', ')}`)
  const effort = values.effort ?? (values.quick ? 'quick' : 'full')
  if (!['full', 'quick', 'tiny'].includes(effort))
    usage(`effort is full, quick or tiny, got "${effort}"`)
  const wanted = (values.runtime ?? 'node').split(',')
  const runtimes = wanted.flatMap((name) => (name === 'all' ? ALL : [name]))
  const unknown = runtimes.filter((name) => !NAMES.includes(name))
  if (unknown.length > 0)
    usage(`no runtime "${unknown.join('", "')}"; there are: all, ${NAMES.join(', ')}`)
  const path = (name) => (values[name] === undefined ? undefined : resolve(from, values[name]))
  return {
    command,
    effort,
    runtimes,
    json: values.json,
    peers: !values['no-peers'],
    out: path('out'),
    from: path('from'),
  }
}

function usage(sentence) {
  console.error(`Cannot run the benchmarks: ${sentence}`)
  process.exit(2)
}
