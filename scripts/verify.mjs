// The long checks: what `npm test` holds in seconds, held for minutes. Each file of test/verify runs in a process of its own.
//
//   node scripts/verify.mjs                            all of them, each for as long as it wants: about an hour
//   node scripts/verify.mjs --only budget,soak         these
//   node scripts/verify.mjs --minutes 30 --seed 4711   half an hour in all, shared out as they want it; the same random choices
//   node scripts/verify.mjs --list                     what there is
//
// Ends with a table, also written to build/verify.md and build/verify.json. Exit code 1 when a promise does not hold, and
// when a check dies, finds nothing to say, or goes far beyond its time.

import { fork } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { run } from './run.mjs'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

const CHECK = fileURLToPath(new URL('./verify-check.mjs', import.meta.url))
/** A check may take this many times its share, and then so many seconds more. */
const PATIENCE = 4

const options = optionsOf(process.argv.slice(2))
const names = wantedNames()
if (options.list) await list()
else await verifyAll()

async function verifyAll() {
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 32)
  await build()
  const wanted = (await abouts()).map(({ minutes }) => minutes)
  const all = wanted.reduce((sum, minutes) => sum + minutes, 0)
  const scale = (options.minutes ?? all) / all
  console.log(`seed ${seed}, ${names.length} checks, ${(all * scale).toFixed(1)} minutes in all`)
  const started = new Date().toISOString()
  const rows = []
  for (const [at, name] of names.entries()) {
    const minutes = wanted[at] * scale
    console.log(`\n${name}, ${minutes.toFixed(1)} minutes`)
    const row = { name, ...(await verifyOne(name, { seed, minutes })) }
    rows.push(row)
    for (const fault of row.faults) console.log(`  FAULT: ${fault}`)
    console.log(`  ${row.faults.length === 0 ? 'holds' : 'FAULT'}, ${row.seconds.toFixed(1)} s`)
  }
  const where = `node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`
  const table = markdown(rows)
  mkdirSync(options.out, { recursive: true })
  const record = { seed, minutes: all * scale, started, where, checks: rows }
  writeFileSync(join(options.out, 'verify.json'), `${JSON.stringify(record, null, 2)}\n`)
  writeFileSync(join(options.out, 'verify.md'), `${table}\nSeed ${seed}, ${started}, ${where}.\n`)
  const failed = rows.filter(({ faults }) => faults.length > 0)
  console.log(`\n${table}\nseed ${seed}`)
  console.log(`${rows.length - failed.length} hold, ${failed.length} failed`)
  process.exitCode = failed.length > 0 ? 1 : 0
}

async function list() {
  for (const [at, { title, promise, minutes, faults }] of (await abouts()).entries())
    console.log(faults[0] ?? `${names[at].padEnd(16)}${title} (${minutes} minutes): ${promise}`)
}

/** One after the other: each starts a process. */
async function abouts() {
  const told = []
  for (const name of names) told.push(await talkTo(name, { about: true }, 60))
  return told
}

async function build() {
  if (!options.build) return
  const { ok, output } = await run('node', ['scripts/build.mjs'], { seconds: 240 })
  process.stdout.write(output)
  if (!ok) process.exit(1)
}

/** -> { title, promise, figures, faults, seconds }; whatever goes wrong on the way is a fault. */
async function verifyOne(name, { seed, minutes }) {
  const begun = performance.now()
  const deadline = minutes * 60 * PATIENCE + options.grace
  const told = await talkTo(name, { seed, minutes }, deadline)
  const { title, promise, figures, faults } = told
  return { title, promise, figures, faults, seconds: (performance.now() - begun) / 1000 }
}

/** Runs one check in a process group of its own, so that its end takes along whatever it started. */
function talkTo(name, task, deadlineSeconds) {
  const told = { title: name, promise: '', minutes: 1, figures: [], faults: [] }
  return new Promise((resolveTold) => {
    const child = fork(CHECK, [join(options.folder, `${name}.mjs`), JSON.stringify(task)], {
      detached: true,
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    let isAnswered = false
    const endGroup = () => {
      try {
        process.kill(-child.pid, 'SIGKILL')
      } catch {
        // Nobody of it is left.
      }
    }
    const leave = () => {
      endGroup()
      process.exit(130)
    }
    process.once('SIGINT', leave).once('SIGTERM', leave)
    const timer = setTimeout(() => {
      told.faults.push(`It had not ended after ${deadlineSeconds.toFixed(0)} s and was killed`)
      endGroup()
    }, deadlineSeconds * 1000)
    child.on('message', ({ about, answer }) => {
      if (about) Object.assign(told, about)
      if (answer) {
        isAnswered = true
        told.figures = answer.figures
        told.faults.push(...answer.faults)
      }
    })
    child.once('error', (error) => told.faults.push(`Its process could not be run: ${error}`))
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      process.off('SIGINT', leave).off('SIGTERM', leave)
      endGroup()
      const isAbout = task.about && told.promise !== ''
      if (!isAnswered && !isAbout && told.faults.length === 0)
        told.faults.push(`It died without an answer: ${signal ?? `exit code ${code}`}`)
      else if (isAnswered && code !== 0)
        told.faults.push(`Its process answered, then ended with ${signal ?? `exit code ${code}`}`)
      resolveTold(told)
    })
  })
}

function markdown(rows) {
  const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ')
  const lines = rows.map(({ name, title, promise, figures, faults, seconds }) => {
    const shown = figures.map(([what, value]) => `${what}: ${shownNumber(value)}`).join('; ')
    const verdict = faults.length === 0 ? 'holds' : `FAULT: ${faults.join('; ')}`
    return `| ${[`${title} (${name})`, promise, shown, verdict, seconds.toFixed(0)].map(cell).join(' | ')} |`
  })
  return [
    '| check | promise | figures | verdict | seconds |',
    '|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n')
}

function shownNumber(value) {
  return typeof value === 'number'
    ? value.toLocaleString('en', { maximumFractionDigits: 2 })
    : value
}

function wantedNames() {
  const all = readdirSync(options.folder)
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => basename(file, '.mjs'))
    .sort()
  const unknown = options.only?.filter((name) => !all.includes(name)) ?? []
  if (unknown.length > 0)
    usage(`no check "${unknown.join('", "')}"; there are: ${all.join(', ') || 'none'}`)
  const names = options.only ?? all
  if (names.length === 0) usage(`nothing to check in ${options.folder}`)
  return names
}

function optionsOf(args) {
  let values
  try {
    const text = { type: 'string' }
    values = parseArgs({
      args,
      options: {
        only: text,
        minutes: text,
        seed: text,
        list: { type: 'boolean' },
        // For the tests of this script: other checks, another place for the table, a shorter patience, no build.
        folder: text,
        out: text,
        grace: text,
        'no-build': { type: 'boolean' },
      },
    }).values
  } catch (error) {
    usage(error.message)
  }
  const number = (name, isRight, wanted) => {
    if (values[name] === undefined) return undefined
    const value = Number(values[name])
    if (!isRight(value)) usage(`--${name} must be ${wanted}, got "${values[name]}"`)
    return value
  }
  const isSeed = (value) => Number.isInteger(value) && value >= 0 && value < 2 ** 32
  const isPositive = (value) => Number.isFinite(value) && value > 0
  return {
    only: values.only?.split(',').filter((name) => name !== ''),
    minutes: number('minutes', isPositive, 'a number above 0'),
    seed: number('seed', isSeed, 'an integer from 0 to 4294967295'),
    grace: number('grace', isPositive, 'seconds above 0') ?? 60,
    list: values.list ?? false,
    folder: resolve(values.folder ?? 'test/verify'),
    out: values.out ?? 'build',
    build: values['no-build'] !== true,
  }
}

function usage(sentence) {
  console.error(`Cannot verify: ${sentence}`)
  process.exit(2)
}
