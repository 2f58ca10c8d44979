// shdb export --format F [-o FILE] IMAGE…: rows for the engines that exist, streamed; a file appears when it is whole.

import {
  FORMATS,
  type Format,
  type Origin,
  PARTITIONS,
  type Part,
  type StreamFormat,
} from '../export/index.ts'
import { CommandError } from '../inspector/index.ts'
import { Progress } from '../prompt/progress.ts'
import { writeNewFile, writeNewFolder } from './new-file.ts'
import { logsTelling, openTelling } from './open.ts'
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
const BATCH_BYTES = 1 << 16
const encoder = new TextEncoder()

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
  const images = [...(await logsTelling(logs))]
  for (const name of rest) images.push(...(await openTelling(name)))
  const origins = images.map((image): Origin => ({ image, host: options.get('host') ?? '' }))
  write(format, origins, options.get('output'))
  tellProblems(origins)
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

function write(format: Format, origins: readonly Origin[], to: string | undefined): void {
  if (to !== undefined) {
    const progress = new Progress(writeError, canErase())
    progress.begin()
    if (format.kind === 'folder') writeNewFolder(to, files(format.files(origins), progress))
    else writeNewFile(to, batches(format.parts(origins), progress))
    progress.erase()
    return
  }
  if (format.kind === 'folder')
    throw new CommandError(`${format.name} is a folder of files: name it with -o FOLDER`)
  if (format.kind === 'binary' && process.stdout.isTTY)
    throw new CommandError(`${format.name} is not for a terminal: name a file with -o FILE`)
  toStandardOutput(format, origins)
}

function toStandardOutput(format: StreamFormat, origins: readonly Origin[]): void {
  for (const bytes of batches(format.parts(origins))) writeBytes(bytes)
}

function* files(
  given: Iterable<{ readonly name: string; readonly parts: Iterable<Part> }>,
  progress: Progress,
): Generator<{ name: string; parts: Iterable<Uint8Array> }, void, undefined> {
  for (const { name, parts } of given) yield { name, parts: batches(parts, progress) }
}

/** Many small parts are one write. */
function* batches(
  parts: Iterable<Part>,
  progress?: Progress,
): Generator<Uint8Array, void, undefined> {
  let text = ''
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part
      if (text.length < BATCH_BYTES) continue
      yield encoder.encode(text)
      text = ''
      progress?.show('exporting')
      continue
    }
    if (text !== '') yield encoder.encode(text)
    text = ''
    yield part
    progress?.show('exporting')
  }
  if (text !== '') yield encoder.encode(text)
}

/** Damage that was met on the way: what it hides is not among the rows. */
function tellProblems(origins: readonly Origin[]): void {
  for (const { image } of origins) {
    const [first] = image.problems()
    if (first === undefined) continue
    const more = image.problems().length - 1
    writeError(`warning: ${first.text}${more > 0 ? `, and ${more} problems more` : ''}\n`)
  }
}
