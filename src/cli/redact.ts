// shdb redact IMAGE -o OUT: an image to pass on, without what is nobody's business.

import { readFileSync } from 'node:fs'
import { counted } from '../image/counted.ts'
import { type Image, type RedactReport, type RedactRules, redactImage } from '../inspect.ts'
import { CommandError } from '../inspector/index.ts'
import { manifestOf } from '../wreck/manifest.ts'
import { inHome, reason } from './files.ts'
import { writeNewFile } from './new-file.ts'
import { openTelling } from './open.ts'
import { writeError, writeOut } from './output.ts'
import { parseWords } from './words.ts'

const KEY_VARIABLE = 'STRUCT_HISTORY_KEY'
const USAGE = `Usage: shdb redact RULE... IMAGE -o OUT

Writes a new image without what the rules name, and says what has changed.  LEVEL
is "secret" ([secret] in its place), "pseudonym" (a keyed hash: equal values stay
equal), or "public".  All else stays: events, times, threads, addresses.

  --format 'FORMAT=LEVEL[,LEVEL...]'
                     arguments of a format: one for all, or one each
  --verb VERB=LEVEL[,LEVEL...], --list LIST=LEVEL[,LEVEL...]
                     arguments of a verb's, of a list's events
  --arguments LEVEL  all other arguments
  --objects [LIST=]LEVEL
                     what the lives are of
  --owners LEVEL     owners of holds
  --threads LEVEL, --host LEVEL
                     names of threads, of the host
  --match REGEX=LEVEL
                     what matches, in all texts and names that are public otherwise
  --all LEVEL        arguments, objects, owners, threads and host
  --rules FILE       the same as JSON: { "formats": { "login %s": "secret" }, ... }
  --key-file FILE    the key of the pseudonyms, at least 16 bytes; or the variable
                     ${KEY_VARIABLE}.  Images with one key can be compared.  Without,
                     a random one.
  --allow-left       write it even if what was hidden in one place stands in another

It writes nothing when what was hidden in one place is still there in another.
`

const WITH_VALUE = [
  ...['output', 'format', 'verb', 'list', 'arguments', 'objects', 'owners', 'threads', 'host'],
  ...['match', 'all', 'rules', 'key-file'],
]

type Given = ReadonlyMap<string, readonly string[]>

export async function runRedact(argv: readonly string[]): Promise<number> {
  const { options, all, rest } = parseWords(argv, WITH_VALUE, ['allow-left', 'help'])
  if (options.has('help')) {
    writeOut(USAGE)
    return 0
  }
  const out = options.get('output')
  const [name, more] = rest
  if (name === undefined || more !== undefined || out === undefined)
    throw new CommandError(`expected RULE..., one IMAGE and -o OUT\n${USAGE.split('\n')[0]}`)
  const { key, ...rules } = rulesOf(all)
  if (Object.keys(rules).length === 0)
    throw new CommandError(`expected a rule: --all secret, or what "shdb redact --help" lists`)
  const images = await openTelling(name)
  const isNamed = JSON.stringify(rules).includes('"pseudonym"')
  // One for all images of the file.
  const given = { ...rules, key: key ?? crypto.getRandomValues(new Uint8Array(32)) }
  if (isNamed && key === undefined)
    writeError('warning: no key: these pseudonyms are equal to those of no other image.\n')
  const parts: Uint8Array[] = []
  for (const image of images) {
    const { bytes, report } = redacted(image, given)
    writeOut(reportText(image, report))
    refuseLeft(image, report, options.has('allow-left'))
    parts.push(bytes)
  }
  if (images.length > 1 || images.some(({ hostClock }) => hostClock))
    parts.push(manifestOf(images.map((image, i) => origin(image, i, given))))
  const length = writeNewFile(out, parts)
  writeOut(`${out}: ${(length / 2 ** 20).toFixed(1)} MiB\n`)
  return 0
}

function redacted(image: Image, rules: RedactRules) {
  try {
    return redactImage(image, rules)
  } catch (error) {
    const isOurs = error instanceof TypeError || error instanceof RangeError
    if (isOurs || error instanceof SyntaxError) throw new CommandError(error.message)
    throw error
  }
}

/** Labels may say what hosts do: where any name is to go they are numbers. */
function origin({ source, hostClock }: Image, i: number, { host, match }: RedactRules) {
  const isPublic = (host ?? 'public') === 'public' && match === undefined
  return { label: isPublic ? source : `#${i + 1}`, host: '', hostClock }
}

function rulesOf(given: Given): RedactRules {
  const last = (name: string) => given.get(name)?.at(-1)
  const file = last('rules')
  const all = last('all')
  const everywhere =
    all === undefined ? {} : { others: all, owners: all, objects: all, threads: all, host: all }
  const named = (rule: string, option: string, base: unknown) => {
    const pairs = given.get(option)
    if (pairs === undefined) return {}
    return {
      [rule]: {
        ...(base as object | undefined),
        ...Object.fromEntries(pairs.map((pair) => pairOf(option, pair))),
      },
    }
  }
  const one = (rule: string, option: string) =>
    last(option) === undefined ? {} : { [rule]: last(option) }
  const read = file === undefined ? {} : rulesIn(file)
  const key = keyOf(last('key-file'))
  return {
    ...everywhere,
    ...read,
    ...named('formats', 'format', read.formats),
    ...named('verbs', 'verb', read.verbs),
    ...named('lists', 'list', read.lists),
    ...named('match', 'match', read.match),
    ...objectsOf(given.get('objects')),
    ...one('others', 'arguments'),
    ...one('owners', 'owners'),
    ...one('threads', 'threads'),
    ...one('host', 'host'),
    ...(key !== undefined && { key }),
  } as RedactRules
}

/** The last `=`: formats and expressions may have some of their own. */
function pairOf(option: string, pair: string): readonly [string, string | readonly string[]] {
  const at = pair.lastIndexOf('=')
  if (at < 0) throw new CommandError(`--${option}: expected NAME=LEVEL, got "${pair}"`)
  const levels = pair.slice(at + 1).split(',')
  return [pair.slice(0, at), levels.length === 1 ? (levels[0] as string) : levels]
}

function objectsOf(given: readonly string[] | undefined): RedactRules {
  if (given === undefined) return {}
  const whole = given.find((each) => !each.includes('='))
  const objects = whole ?? Object.fromEntries(given.map((each) => pairOf('objects', each)))
  return { objects } as RedactRules
}

function rulesIn(file: string): RedactRules {
  try {
    const rules: unknown = JSON.parse(readFileSync(inHome(file), 'utf8'))
    if (typeof rules === 'object' && rules !== null && !Array.isArray(rules)) return rules
  } catch (error) {
    throw new CommandError(`--rules: ${file}: ${reason(error)}`)
  }
  throw new CommandError(`--rules: ${file}: expected an object`)
}

/** Of a file without the end of its line, which an editor may have written. */
function keyOf(file: string | undefined): string | undefined {
  if (file === undefined) return process.env[KEY_VARIABLE]
  try {
    return readFileSync(inHome(file), 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw new CommandError(`--key-file: ${file}: ${reason(error)}`)
  }
}

function refuseLeft(image: Image, { left }: RedactReport, isAllowed: boolean): void {
  if (left.length === 0) return
  const places = left.map(({ text, where }) => `  ${JSON.stringify(text)} in ${where}`)
  const what = `was hidden in one place and is still there in another:\n${places.join('\n')}`
  if (!isAllowed)
    throw new CommandError(
      `Cannot redact ${image.source}: what ${what}\nAdd rules for these, or --allow-left.`,
    )
  writeError(`warning: what ${what}\n`)
}

function reportText(image: Image, report: RedactReport): string {
  const { arguments: args, objects, names, formats } = report
  const lines = [
    `recorder "${image.name}": ${counted(report.events, 'event')} of ${counted(report.lives, 'life', 'lives')}`,
    `  arguments: ${args.secret} secret, ${args.pseudonym} pseudonyms, ${args.matched} in part`,
    `  objects: ${objects}, names: ${names}, formats: ${formats}`,
  ]
  const notes: [number, string][] = [
    [report.problems, 'things in it cannot be believed: what they hide is left out'],
    [report.livesLeftOut, 'lives are not whole: left out'],
    [report.eventsLeftOut, 'events are not whole: shown as lost'],
    [report.textsLeftOut, 'texts are not whole, or have no room: shown as <text lost>'],
    [report.cutPseudonyms, 'pseudonyms are of texts that were cut: equal ones may differ'],
  ]
  for (const [count, what] of notes) if (count > 0) lines.push(`  - ${count} ${what} -`)
  return `${lines.join('\n')}\n`
}
