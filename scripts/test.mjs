// All that must hold before a change is done: static checks, then one suite in every runtime.
//
//   node scripts/test.mjs                              everything
//   node scripts/test.mjs --only node20,deno,lint      these steps
//   node scripts/test.mjs test/unit/x.test.ts -t word  for vitest; without the static checks
//
// A step that cannot start, or runs no test at all, has failed. The last line is `N passed, N failed`.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './run.mjs'
import { RUNTIMES, vitestCommand } from './runtimes.mjs'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

/** For one runtime; Node 20 also runs what runs once. */
const DEADLINE_SECONDS = 1500
/** Most of them leave the second core idle. */
const CHECKS_AT_ONCE = 2
/** Each waits for its browser half of the time. */
const BROWSERS_AT_ONCE = 2
const BIN = 'node_modules/.bin'
const TSC = ['node', 'node_modules/typescript/bin/tsc', '--noEmit', '-p']

/** name -> command. Each counts as one test. */
const CHECKS = {
  build: ['node', 'scripts/build.mjs'],
  lint: [`${BIN}/biome`, 'ci', '--colors=off', '--max-diagnostics=40', '.'],
  'types-src': [...TSC, 'tsconfig.json'],
  'types-cli': [...TSC, 'src/cli/tsconfig.json'],
  'types-web': [...TSC, 'src/web/tsconfig.json'],
  'types-test': [...TSC, 'test/tsconfig.json'],
  imports: ['node', 'scripts/check-imports.mjs'],
  publint: [`${BIN}/publint`, '--strict'],
  'deno-check': [
    `${BIN}/deno`,
    'check',
    'src/index.ts',
    'src/inspect.ts',
    'src/faults/index.ts',
    'src/sinks/index.ts',
    'src/plugin/index.ts',
    'src/register/index.ts',
  ],
  'deno-publish': [`${BIN}/deno`, 'publish', '--dry-run', '--allow-dirty'],
}

const { only, filters } = options(process.argv.slice(2))
const reports = mkdtempSync(join(tmpdir(), 'struct-history-test-'))
const rows = []
try {
  if (!existsSync('node_modules/.bin/vitest'))
    throw new Error('No packages yet: npm run setup -- --for test')
  // Whatever runs, runs the sources of today.
  await inTurn(checks(['build']))
  await atOnce(CHECKS_AT_ONCE, checks(Object.keys(CHECKS).filter(isWantedCheck)))
  await inTurn(suites(isHost))
  await atOnce(
    BROWSERS_AT_ONCE,
    suites((runtime) => !isHost(runtime)),
  )
} finally {
  rmSync(reports, { recursive: true })
}
report()

function isWantedCheck(name) {
  if (name === 'build') return false
  return only ? only.includes(name) : filters.length === 0
}

function checks(names) {
  return names.map((name) => {
    const [command, ...args] = CHECKS[name]
    return { name, run: () => check(command, args) }
  })
}

function isHost({ project }) {
  return project === 'host'
}

function suites(isWanted) {
  return Object.entries(RUNTIMES)
    .filter(([name, runtime]) => (only?.includes(name) ?? true) && isWanted(runtime))
    .map(([name, runtime]) => ({ name, run: () => suite(name, runtime) }))
}

async function inTurn(steps) {
  for (const { name, run } of steps) {
    process.stdout.write(name.padEnd(14))
    told({ name, ...(await run()) })
  }
}

async function atOnce(count, steps) {
  const left = steps.values()
  const lane = async () => {
    for (const { name, run } of left) {
      const row = { name, ...(await run()) }
      process.stdout.write(name.padEnd(14))
      told(row)
    }
  }
  await Promise.all(Array.from({ length: count }, lane))
}

function told(row) {
  rows.push(row)
  console.log(line(row))
  if (row.failed > 0) console.log(`${row.output.trimEnd()}\n`)
}

async function check(command, args) {
  const { ok, output, seconds } = await run(command, args)
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, seconds, output }
}

async function suite(name, runtime) {
  const file = join(reports, `${name}.json`)
  const [command, ...args] = vitestCommand(runtime, file, filters)
  const { ok, output, seconds } = await run(command, args, {
    seconds: DEADLINE_SECONDS,
    env: { SUITE_RUNTIME: name },
  })
  const counts = counted(file)
  // A file that does not load has no failed tests; neither has a run that broke off.
  const failed = Math.max(counts.failed, ok ? 0 : 1)
  const isEmpty = counts.passed + failed === 0 && filters.length === 0
  return isEmpty
    ? { ...counts, failed: 1, seconds, output: `${output}\nNo test ran in ${name}` }
    : { ...counts, failed, seconds, output }
}

function counted(file) {
  if (!existsSync(file)) return { passed: 0, failed: 0, skipped: 0 }
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(
    readFileSync(file, 'utf8'),
  )
  return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests }
}

function line({ passed, failed, skipped, seconds }) {
  const notes = `${failed > 0 ? `, ${failed} FAILED` : ''}${skipped > 0 ? `, ${skipped} skipped` : ''}`
  return `${String(passed).padStart(5)} passed${notes}, ${seconds.toFixed(1)} s`
}

function report() {
  const total = (of) => rows.reduce((sum, row) => sum + row[of], 0)
  const runtimes = rows.filter(({ name }) => name in RUNTIMES)
  if (runtimes.length > 0) {
    console.log('\nruntime         passed  failed  skipped  seconds')
    for (const { name, passed, failed, skipped, seconds } of runtimes) {
      const cells = [
        String(passed).padStart(8),
        String(failed).padStart(8),
        String(skipped).padStart(9),
      ]
      console.log(`${name.padEnd(14)}${cells.join('')}${seconds.toFixed(1).padStart(9)}`)
    }
  }
  const failures = rows.filter(({ failed }) => failed > 0).map(({ name }) => name)
  if (failures.length > 0) console.log(`\nfailed: ${failures.join(', ')}`)
  const ran = runtimes.reduce((sum, { passed, failed }) => sum + passed + failed, 0)
  const isNothing = runtimes.length > 0 && ran === 0
  if (isNothing) console.log(`\nNo test matches ${filters.join(' ')}`)
  console.log(`\n${total('passed')} passed, ${total('failed') + (isNothing ? 1 : 0)} failed`)
  process.exitCode = total('failed') > 0 || isNothing ? 1 : 0
}

function options(words) {
  const at = words.indexOf('--only')
  if (at < 0) return { only: undefined, filters: words }
  const names = (words[at + 1] ?? '').split(',')
  const known = ['build', ...Object.keys({ ...CHECKS, ...RUNTIMES })]
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    console.error(`No step "${unknown.join('", "')}". There are: ${known.slice(1).join(', ')}`)
    process.exit(2)
  }
  return { only: names, filters: words.filter((_, i) => i !== at && i !== at + 1) }
}
