// shdb merge A B … -o C: the images of several processes and hosts in one file, each with a label that says whose it is.

import { SYSLOG } from '../export/syslog.ts'
import type { HostClock, Image } from '../inspect.ts'
import { CommandError } from '../inspector/index.ts'
import { LogImage } from '../logs/log-image.ts'
import { manifestOf, type Origin } from '../wreck/manifest.ts'
import { writeNewFile } from './new-file.ts'
import { logsTelling, openTelling } from './open.ts'
import { writeError, writeOut } from './output.ts'
import { parseWords } from './words.ts'

const IMAGES_MAX = 64
const USAGE = `Usage: shdb merge [OPTION]... [LABEL=]FILE... -o OUT

Writes every recorder in these dumps and cores to OUT, one after the other, with
labels (the file's name, if none is given) that shdb calls them by.  An image
that does not know its host is of the host that its label names.  A recorder
that is in several of them is kept once, as it was last.  "timeline" and
"around" then show what all of them logged by the wall clock.

  --syslog FILE    histories out of a log, and out of what was rotated away from it.
                   All of OUT is lines then, which shdb opens just as well.
  --clock HOST=OFFSET,WITHIN
                   what is known of a host's wall clock: OFFSET is added to the
                   times of its images, which are off by WITHIN at most then:
                   --clock web2=-12ms,500us.  Once for each host.
`
const MICROSECONDS: Readonly<Record<string, number>> = { us: 1, ms: 1e3, s: 1e6 }
const CLOCK = /^(.+)=([+-]?)(\d+(?:\.\d+)?)(us|ms|s)?,(\d+(?:\.\d+)?)(us|ms|s)?$/s

interface Labelled extends Origin {
  readonly image: Image
}

export async function runMerge(argv: readonly string[]): Promise<number> {
  const { options, all: given, rest } = parseWords(argv, ['output', 'clock', 'syslog'], ['help'])
  if (options.has('help')) {
    writeOut(USAGE)
    return 0
  }
  const out = options.get('output')
  const logs = given.get('syslog') ?? []
  if (rest.length + logs.length === 0 || out === undefined)
    throw new CommandError(`expected FILE... and -o OUT\n${USAGE.split('\n')[0]}`)
  const clocks = new Map((given.get('clock') ?? []).map(clockOf))
  const all: Labelled[] = []
  for (const word of rest) {
    const [, label, name] = /^([^=/]+)=(.+)$/s.exec(word) ?? []
    const file = name ?? word
    const images = await openTelling(file)
    for (const [i, image] of images.entries()) {
      const own =
        label === undefined ? image.source : label + (images.length > 1 ? `#${i + 1}` : '')
      const host = image.host || (label ?? '')
      all.push({ label: own, host, hostClock: clocks.get(host) ?? image.hostClock, image })
    }
  }
  for (const image of await logsTelling(logs))
    all.push({ label: image.source, host: image.host, hostClock: undefined, image })
  if (all.some(({ image }) => image instanceof LogImage)) {
    if (clocks.size > 0)
      throw new CommandError(
        '--clock: what comes out of a log is written as lines, which keep no clock',
      )
    return writeLines(out, all)
  }
  const hosts = [...new Set(all.map(({ host }) => host))]
  for (const host of clocks.keys()) {
    if (!hosts.includes(host))
      throw new CommandError(
        `--clock: no image is of host "${host}"; they are of ${hosts.map((each) => `"${each}"`).join(', ')}`,
      )
  }
  const kept = latest(all)
  if (kept.length > IMAGES_MAX)
    throw new CommandError(`${kept.length} recorders, and a file holds ${IMAGES_MAX}`)
  const length = writeNewFile(out, parts(kept))
  writeOut(`${out}: ${kept.length} recorders, ${(length / 2 ** 20).toFixed(1)} MiB\n`)
  return 0
}

/** Histories out of a log have no bytes: all are written as lines, which shdb opens as it does an image. */
function writeLines(out: string, all: readonly Labelled[]): number {
  const encoder = new TextEncoder()
  const lines = function* () {
    for (const part of SYSLOG.parts(all))
      yield typeof part === 'string' ? encoder.encode(part) : part
  }
  const length = writeNewFile(out, lines())
  writeOut(
    `${out}: ${all.length} recorder${all.length === 1 ? '' : 's'} as lines, ${(length / 2 ** 20).toFixed(1)} MiB\n`,
  )
  return 0
}

function clockOf(text: string): readonly [string, HostClock] {
  const [, host, sign, offset, offsetUnit, within, withinUnit] = CLOCK.exec(text) ?? []
  if (host === undefined)
    throw new CommandError(
      `--clock: expected HOST=OFFSET,WITHIN, as web2=-12ms,500us, got "${text}"`,
    )
  const micros = (number = '', unit = '') => {
    if (unit === '' && Number(number) !== 0)
      throw new CommandError(`--clock: expected us, ms or s behind ${number}, got "${text}"`)
    return Number(number) * (MICROSECONDS[unit] ?? 1)
  }
  const added = micros(offset, offsetUnit) * (sign === '-' ? -1 : 1)
  return [host, { offset: added, uncertainty: micros(within, withinUnit) }]
}

/** Of one recorder, dumped at several times, the last dump; in the order in which they began. */
function latest(all: readonly Labelled[]): readonly Labelled[] {
  const kept = new Map<string, Labelled>()
  for (const each of all) {
    const id = each.image.run
    const other = kept.get(id)
    if (other === undefined) kept.set(id, each)
    else {
      const isNewer = progress(each.image) > progress(other.image)
      kept.set(id, isNewer ? each : other)
      const [older, newer] = isNewer ? [other, each] : [each, other]
      writeError(
        `warning: ${older.label} is left out: recorder "${older.image.name}" is in ${newer.label}, too.\n`,
      )
    }
  }
  return [...kept.values()].sort((one, other) => one.image.started - other.image.started)
}

/** Grows while a recorder records. */
function progress(image: Image): number {
  const { pushed = 0, logged = 0 } = image.stats() as { pushed?: number; logged?: number }
  return pushed + logged
}

function* parts(kept: readonly Labelled[]): Generator<Uint8Array, void, undefined> {
  for (const { image } of kept) {
    const bytes = image.bytes(image.base, image.size)
    yield bytes
    // One that was cut takes its room all the same.
    if (bytes.length < image.size) yield new Uint8Array(image.size - bytes.length)
  }
  yield manifestOf(kept)
}
