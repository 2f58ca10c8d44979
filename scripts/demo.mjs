// The seed's story, told by real programs: a TCP engine with a planted reference counting bug, a load on it, the crash,
// the dump, and the dump opened in shdb.
//
//   npm run demo     or, when all is built:     node scripts/demo.mjs
//   npm run demo -- sip     the SIP proxy and its six bugs: demo-sip.mjs

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { findVictim, judge } from '../examples/tcp-engine/verdict.mjs'
import { bold, dim, red } from './paint.mjs'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
if (process.argv[2] === 'sip') {
  await import('./demo-sip.mjs')
  process.exit()
}

/** The first is enough nearly always; the second makes the rare path eight times less rare. */
const ATTEMPTS = [
  { seconds: 10, largeEvery: 800 },
  { seconds: 20, largeEvery: 100 },
]
/** An engine that neither ends nor crashes so long after its load is stuck. */
const GRACE_MS = 10_000

const dumps = mkdtempSync(join(tmpdir(), 'struct-history-demo-'))
const crash = await crashTheEngine()
if (!crash) fail('the bug did not strike: two loads went by without the crash. Run the demo again.')

step(3, 'The bug strikes. All that the engine says:')
for (const line of crash.stack) print(red(line))
print(dim('Where it happened, not why: by then the connection was gone.'))

step(4, 'The fault hook wrote a dump:')
print(crash.hook)

const { openImage } = await import('struct-history/inspect')
const image = openImage(readFileSync(crash.dump), { source: crash.dump })
const victim = findVictim(image, BigInt(crash.object))
if (!victim) fail(`no history of ${crash.object} in ${crash.dump} shows a use after its end`)
const events = victim.events()
const verdict = judge(events)

step(5, 'The dump, in shdb:')
await showInShdb()

step(6, 'What to read from it:')
for (const sentence of sentences()) print(sentence)
console.log(`\nThe dump stays: npx shdb ${crash.dump}`)

// ---------------------------------------------------------------------------------------------------------------------
// The engine and its load

async function crashTheEngine() {
  for (const [index, { seconds, largeEvery }] of ATTEMPTS.entries()) {
    step(1, `Starting the engine (examples/tcp-engine/main.mjs --bug)${index ? ', once more' : ''}`)
    const limits = ['--seconds', seconds, '--connections', 100_000, '--large-every', largeEvery]
    const engine = spawn(
      process.execPath,
      ['examples/tcp-engine/main.mjs', '--bug', '--dumps', dumps, ...limits.map(String)],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    const stuck = setTimeout(() => engine.kill('SIGKILL'), seconds * 1000 + GRACE_MS)
    const stderr = []
    createInterface({ input: engine.stderr }).on('line', (line) => stderr.push(line))
    createInterface({ input: engine.stdout }).on('line', (line) => {
      print(line)
      if (!line.startsWith('engine: pid')) return
      step(2, `Load, at most ${seconds} s: 48 clients, short connections, every reply checked`)
    })
    await new Promise((resolve) => engine.once('close', resolve))
    clearTimeout(stuck)
    const found = readCrash(stderr)
    if (found) return found
    for (const line of stderr) print(line)
    print('No crash this time.')
  }
}

/** @param {string[]} stderr */
function readCrash(stderr) {
  const hook = stderr.find((line) => line.startsWith('struct-history: '))
  const dump = hook && / to (\S+\.shdump)/.exec(hook)?.[1]
  const first = stderr.findIndex((line) => /^Error: tcp (reader|writer)/.test(line))
  const object = stderr[first]?.match(/0x[0-9a-f]+/)?.[0]
  if (!dump || !object) return
  const last = stderr.findIndex((line, at) => at > first && !line.startsWith('    at '))
  const stack = stderr.slice(first, last < 0 ? undefined : last)
  return { hook, dump, object, stack: stack.map((line) => shortened(line)) }
}

/** @param {string} line */
function shortened(line) {
  return line.replace(/file:\/\/[^)\s]*?(?=examples\/)/, '')
}

// ---------------------------------------------------------------------------------------------------------------------
// The inspector

async function showInShdb() {
  const commands = ['-batch', '-ex', 'info lists', '-ex', `history ${crash.object}`]
  const typed = commands.map((word) => (word.includes(' ') ? `'${word}'` : word)).join(' ')
  print(bold(`$ npx shdb ${typed} ${crash.dump}`))
  const shdb = spawn(process.execPath, ['build/cli/shdb.js', ...commands, crash.dump], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const marks = new Map([
    [verdict.unpaid?.address, '1: passed on, with no reference taken for the receiver'],
    [verdict.freed?.address, '2: the count was 0, the connection is destroyed'],
    [verdict.used?.address, '3: and somebody still uses it'],
  ])
  const lines = []
  createInterface({ input: shdb.stdout }).on('line', (line) => lines.push(line))
  const status = await new Promise((resolve) => shdb.once('close', resolve))
  if (status !== 0) fail(`shdb ended with status ${status}`)
  let shown = 0
  for (const line of withoutOtherLives(lines)) {
    const mark = marks.get(addressIn(line))
    print(mark ? red(line) : line)
    if (!mark) continue
    print(red(`     ^-- ${mark}`))
    shown++
  }
  if (shown < 3) fail(`shdb showed ${shown} of the three guilty lines`)
}

/** The address of a slot is used again and again; what it was before and after the victim would fill the screen. */
function withoutOtherLives(lines) {
  const ours = new Set(events.map(({ address }) => address))
  const isForeign = (line) => addressIn(line) !== undefined && !ours.has(addressIn(line))
  const first = lines.findIndex((line) => addressIn(line) !== undefined)
  const firstOfOurs = lines.findIndex((line) => ours.has(addressIn(line)))
  const before = lines.findLastIndex((line, at) => at < firstOfOurs && isForeign(line))
  const after = lines.findIndex((line, at) => at > firstOfOurs && isForeign(line))
  const lastOfOurs = lines.findLastIndex((line) => ours.has(addressIn(line)))
  const parts =
    before < 0 ? [lines.slice(0, firstOfOurs)] : [lines.slice(0, first), leftOut('earlier')]
  parts.push(
    lines.slice(before < 0 ? firstOfOurs : before + 1, after < 0 ? undefined : lastOfOurs + 1),
  )
  if (after >= 0) parts.push(leftOut('later'))
  return parts.flat()
}

/** @param {string} when */
function leftOut(when) {
  return [dim(`... (${when} connections at this address left out here)`)]
}

/** @param {string} line */
function addressIn(line) {
  const found = / log = (0x[0-9a-f]+) /.exec(line)
  return found ? Number(found[1]) : undefined
}

function sentences() {
  const { unpaid, paid, freed, used } = verdict
  const microseconds = Math.max(1, Math.round(used.t - freed.t))
  const otherwise = paid
    ? ` (at #${paid.index}, the same hand-over, it had)`
    : ', as every other hand-over in this life has'
  return [
    `${bold(unpaid.thread)} passed the connection on ("${unpaid.log}", #${unpaid.index}) without a TCP_REF before it${otherwise}.`,
    `So the references ran out one holder too early, and ${bold(freed.thread)} destroyed it (${freed.verb}, #${freed.index}).`,
    `${bold(used.thread)} did not know, used it ${microseconds} us later (#${used.index}), and that was the crash: look for the "${unpaid.log}" that lacks a table.ref(), in examples/tcp-engine/writer.mjs.`,
  ]
}

// ---------------------------------------------------------------------------------------------------------------------
// Words

function step(number, text) {
  console.log(`\n${bold(`[${number}/6] ${text}`)}`)
}

function print(line) {
  console.log(`  ${line}`)
}

function fail(why) {
  console.error(`\ndemo: ${why}`)
  process.exit(1)
}
