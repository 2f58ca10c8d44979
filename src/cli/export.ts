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
import { CommandError } from '../inspector/index.ts'
import { Progress } from '../prompt/progress.ts'
import { writeNewFile, writeNewFolder } from './new-file.ts'
import { Origins } from './origins.ts'
import { writeBytes, writeError, writeOut } from './output.ts'
import { canErase } from './terminal.ts'
import { parseWords } from './words.ts'

const USAGE = `Usage: shdb export --format FORMAT [-o FILE] [--host NAME] IMAGE... [--syslog FILE]...
One row an event: ${['host, pid, tid, thread, list, object, history, index, t, time,', 'verb, role, log, site, lost, origin.'].join('\n')}

  --format FORMAT  one of
${FORMATS.map(({ name, about }) => `    ${name.padEnd(10)}${about}`).join('\n')}
  -o FILE          where to; without it, standard output.  Never over another file.
  --host NAME      the machine, instead of what the images say of it
  --to URL         otlp: sends it to a collector, https://HOST:4318/v1/traces
  --syslog FILE    histories out of a log, and out of what was rotated away from it
  --partition      parquet: a folder of files by host, list and day
`

export async function runExport(argv: readonly string[]): Promise<number> {
  const withValue = ['format', 'output', 'host', 'syslog', 'to']
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
  const to = options.get('to')
  if (to === undefined) write(format, origins, options.get('output'))
  else writeOut(`${await sendTo(to, format, origins)} lives sent to ${to}\n`)
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

async function sendTo(url: string, format: Format, origins: Origins): Promise<number> {
  if (format.name !== 'otlp') throw new CommandError(`--to is for otlp, got "${format.name}"`)
  return (await import('./otlp-http.ts')).sendOtlp(url, origins)
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
