// shdb export --format F [-o FILE] IMAGE…: rows for the engines that exist, streamed; a file appears when it is whole.

import {
  FORMATS,
  type Format,
  inBatches,
  type Origin,
  PARTITIONS,
  type Part,
  type StreamFormat,
} from '../export/index.ts'
import type { Image } from '../inspect.ts'
import { CommandError } from '../inspector/index.ts'
import { Progress } from '../prompt/progress.ts'
import { openLogs } from './logs.ts'
import { writeNewFile, writeNewFolder } from './new-file.ts'
import { type Opener, opener } from './open.ts'
import { writeBytes, writeError, writeOut } from './output.ts'
import { canErase } from './terminal.ts'
import { parseWords } from './words.ts'

const USAGE = `Usage: shdb export --format FORMAT [-o FILE] [--host NAME] IMAGE... [--syslog FILE]...
One row an event: ${['host, pid, tid, thread, list, object, history, index, t, time,', 'verb, role, log, site, lost.'].join('\n')}

  --format FORMAT  one of
${FORMATS.map(({ name, about }) => `    ${name.padEnd(10)}${about}`).join('\n')}
  -o FILE          where to; without it, standard output.  Never over another file.
  --host NAME      the machine, instead of what the images say of it
  --syslog FILE    histories out of a log, and out of what was rotated away from it
  --partition      parquet: a folder of files by host, list and day
`

export async function runExport(argv: readonly string[]): Promise<number> {
  const withValue = ['format', 'output', 'host', 'syslog']
  const { options, all, rest } = parseWords(argv, withValue, ['help', 'partition'])
  if (options.has('help')) {
    writeOut(USAGE)
    return 0
  }
  const format = formatOf(options.get('format'), options.has('partition'))
  const logs = all.get('syslog') ?? []
  if (rest.length === 0 && logs.length === 0)
    throw new CommandError(`expected an image\n${USAGE.split('\n')[0]}`)
  const origins = new Origins(rest, logs, options.get('host'))
  await origins.prepare()
  write(format, origins, options.get('output'))
  return 0
}

function formatOf(name: string | undefined, isPartitioned: boolean): Format {
  const names = FORMATS.map((format) => format.name).join(', ')
  if (name === undefined) throw new CommandError(`expected --format, one of ${names}`)
  const format = FORMATS.find((each) => each.name === name)
  if (format === undefined)
    throw new CommandError(`unknown format "${name}", expected one of ${names}`)
  if (!isPartitioned) return format
  if (format.name !== PARTITIONS.name)
    throw new CommandError(`--partition is for ${PARTITIONS.name}, got "${name}"`)
  return PARTITIONS
}

function write(format: Format, origins: Origins, to: string | undefined): void {
  if (to !== undefined) {
    const progress = new Progress(writeError, canErase())
    const shown = shownWith(progress, origins)
    progress.begin()
    if (format.kind === 'folder') writeNewFolder(to, files(format.files(origins), shown))
    else writeNewFile(to, shown(format.parts(origins)))
    progress.erase()
    return
  }
  if (format.kind === 'folder')
    throw new CommandError(`${format.name} is a folder of files: name it with -o FOLDER`)
  if (format.kind === 'binary' && process.stdout.isTTY)
    throw new CommandError(`${format.name} is not for a terminal: name a file with -o FILE`)
  toStandardOutput(format, origins)
}

function toStandardOutput(format: StreamFormat, origins: Iterable<Origin>): void {
  for (const bytes of inBatches(format.parts(origins))) writeBytes(bytes)
}

type Shown = (parts: Iterable<Part>) => Iterable<Uint8Array>

function shownWith(progress: Progress, origins: Origins): Shown {
  let length = 0
  return function* (parts) {
    for (const bytes of inBatches(parts)) {
      yield bytes
      length += bytes.length
      progress.show(`exporting ${origins.place}: ${(length / 2 ** 20).toFixed(1)} MiB`)
    }
  }
}

function* files(
  given: Iterable<{ readonly name: string; readonly parts: Iterable<Part> }>,
  shown: Shown,
): Generator<{ name: string; parts: Iterable<Uint8Array> }, void, undefined> {
  for (const { name, parts } of given) yield { name, parts: shown(parts) }
}

/** The images of files, one after the other: of a hundred dumps one is held at a time. */
class Origins implements Iterable<Origin> {
  readonly #names: readonly string[]
  /** One whole, the last of the names. */
  readonly #logs: readonly string[]
  readonly #host: string | undefined
  readonly #openers: Opener[] = []
  /** A format may go through them twice; what is told of them is told once. */
  readonly #told = new Set<string>()
  #at = 0

  constructor(names: readonly string[], logs: readonly string[], host: string | undefined) {
    this.#names = logs.length === 0 ? names : [...names, logs.join(', ')]
    this.#logs = logs
    this.#host = host
  }

  /** Which of the files it is now. */
  get place(): string {
    const name = this.#names[this.#at] ?? ''
    return this.#names.length === 1 ? name : `${name} (${this.#at + 1} of ${this.#names.length})`
  }

  /** Names that cannot be opened are told of before anything is written. */
  async prepare(): Promise<void> {
    const count = this.#names.length - (this.#logs.length === 0 ? 0 : 1)
    for (const name of this.#names.slice(0, count)) this.#openers.push(await opener(name))
    if (this.#logs.length === 0) return
    const found = await openLogs(this.#logs)
    this.#openers.push({ open: () => found, close() {} })
  }

  *[Symbol.iterator](): Generator<Origin, void, undefined> {
    for (const [at, opener] of this.#openers.entries()) {
      this.#at = at
      const { images, warnings } = opener.open()
      for (const warning of warnings) this.#tell(warning)
      for (const image of images) {
        yield { image, host: this.#host ?? '' }
        const damage = damageOf(image)
        if (damage !== undefined) this.#tell(damage)
      }
      opener.close()
    }
  }

  #tell(warning: string): void {
    if (this.#told.has(warning)) return
    this.#told.add(warning)
    writeError(`warning: ${warning}\n`)
  }
}

/** What was met on the way: what it hides is not among the rows. */
function damageOf(image: Image): string | undefined {
  const [first] = image.problems()
  if (first === undefined) return undefined
  const more = image.problems().length - 1
  return `${first.text}${more > 0 ? `, and ${more} problems more` : ''}`
}
