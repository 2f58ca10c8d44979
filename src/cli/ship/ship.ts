// shdb ship: dumps to object storage or a collector. Run by hand, by a timer, or by dumpOnFault() in a process of its own,
// for the one that failed has no time left.

import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { CommandError } from '../../inspector/index.ts'
import { inHome, reason } from '../files.ts'
import { writeError, writeOut } from '../output.ts'
import { parseWords, type Words } from '../words.ts'
import { addressOf, FIELDS, shownAddress } from './address.ts'
import { type Upload, upload } from './upload.ts'

const USAGE = `Usage: shdb ship --url TEMPLATE [OPTION]... FILE|FOLDER...

Uploads dumps; of a folder those that are not shipped yet.  NAME.shipped beside a dump
says that it is, and where.  What cannot be shipped stays for the next time.

  --url TEMPLATE     https://…, or http to this machine, with ${FIELDS.map((each) => `{${each}}`).join(' ')};
                     else what STRUCT_HISTORY_SHIP_URL has
  --method METHOD    PUT (default) or POST
  --header LINE      "Name: value", once for each; and the JSON object in
                     STRUCT_HISTORY_SHIP_HEADERS, which no list of processes shows
  --region REGION    sign for S3, with the keys of AWS_ACCESS_KEY_ID and the like
  --ca FILE          certificates to trust besides the system's, PEM
  --retries N        attempts after the first, default 8
  --timeout SECONDS  for all attempts of a dump, default 600
  --max-size MIB     no larger dumps, default 1024
  --remove           removes a dump that is shipped

Exit status 1 when one could not be shipped.
`
const OPTIONS = ['url', 'method', 'header', 'region', 'ca', 'retries', 'timeout', 'max-size']
const DUMP = /\.shdump(\.gz|\.zst)?$/
const MEBI = 2 ** 20
/** A claim that is older is of a process that was killed. */
const STALE_MS = 900_000

type Common = Omit<Upload, 'file' | 'size' | 'url'> & {
  readonly template: string
  readonly maxBytes: number
  readonly isRemoved: boolean
}

export async function runShip(argv: readonly string[]): Promise<number> {
  const words = parseWords(argv, OPTIONS, ['remove', 'help'])
  if (words.options.has('help')) {
    writeOut(USAGE)
    return 0
  }
  if (words.rest.length === 0)
    throw new CommandError(`expected a dump or a folder of dumps\n${USAGE.split('\n')[0]}`)
  const common = commonOf(words)
  let failures = 0
  for (const file of words.rest.flatMap(dumpsOf)) {
    const failure = await ship(file, common)
    if (failure === undefined) continue
    failures++
    writeError(`${file}: ${failure}\n`)
  }
  return failures > 0 ? 1 : 0
}

function commonOf({ options, all }: Words): Common {
  const template = options.get('url') ?? process.env.STRUCT_HISTORY_SHIP_URL
  if (!template) throw new CommandError("option '--url' is required")
  // What is wrong with it is wrong for every dump.
  addressOf(template, 'x')
  const method = options.get('method') ?? 'PUT'
  if (method !== 'PUT' && method !== 'POST')
    throw new CommandError(`option '--method' must be PUT or POST, got "${method}"`)
  const ca = options.get('ca')
  return {
    template,
    method,
    headers: { ...headersOf(all.get('header') ?? []), ...secretHeaders() },
    region: options.get('region'),
    ca: ca === undefined ? undefined : textOf(ca),
    retries: numberOf(options, 'retries', 8, 0, 1000),
    timeoutMs: numberOf(options, 'timeout', 600, 1, 86_400) * 1000,
    maxBytes: numberOf(options, 'max-size', 1024, 1, 65_536) * MEBI,
    isRemoved: options.has('remove'),
  }
}

function headersOf(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(line) ?? []
      if (name === undefined || value === undefined)
        throw new CommandError(`option '--header' must be "Name: value", got "${line}"`)
      return [name.toLowerCase(), value]
    }),
  )
}

function secretHeaders(): Record<string, string> {
  const text = process.env.STRUCT_HISTORY_SHIP_HEADERS
  if (!text) return {}
  try {
    return JSON.parse(text)
  } catch {
    throw new CommandError('STRUCT_HISTORY_SHIP_HEADERS is no JSON object')
  }
}

/** A file as it was named; of a folder the dumps that are not shipped. */
function dumpsOf(name: string): string[] {
  const path = inHome(name)
  try {
    if (!statSync(path).isDirectory()) return [path]
    const names = readdirSync(path).sort()
    return names
      .filter((each) => DUMP.test(each) && !names.includes(`${each}.shipped`))
      .map((each) => join(path, each))
  } catch (error) {
    throw new CommandError(`${name}: ${reason(error)}`)
  }
}

/** Why not; undefined when it is there, or another process sees to it. */
async function ship(file: string, common: Common): Promise<string | undefined> {
  if (!claim(file)) return undefined
  try {
    const { size } = statSync(file)
    if (size > common.maxBytes)
      return `not shipped: ${(size / MEBI).toFixed(1)} MiB, more than ${common.maxBytes / MEBI} (--max-size)`
    const url = addressOf(common.template, file)
    await upload({ ...common, file, size, url })
    const shown = shownAddress(url)
    const time = new Date().toISOString()
    writeFileSync(`${file}.shipped`, `${JSON.stringify({ url: shown, time, size })}\n`, {
      mode: 0o600,
    })
    if (common.isRemoved) rmSync(file)
    writeOut(`${file}: ${(size / MEBI).toFixed(1)} MiB to ${shown}\n`)
    return undefined
  } catch (error) {
    return `not shipped: ${error instanceof Error ? error.message : String(error)}`
  } finally {
    rmSync(`${file}.shipping`, { force: true })
  }
}

/** One process ships a dump. */
function claim(file: string): boolean {
  const mark = `${file}.shipping`
  for (;;) {
    try {
      closeSync(openSync(mark, 'wx', 0o600))
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return true
      try {
        if (Date.now() - statSync(mark).mtimeMs < STALE_MS) return false
        rmSync(mark, { force: true })
      } catch {
        // It has just gone.
      }
    }
  }
}

function textOf(name: string): string {
  try {
    return readFileSync(inHome(name), 'utf8')
  } catch (error) {
    throw new CommandError(`${name}: ${reason(error)}`)
  }
}

function numberOf(
  options: Words['options'],
  name: string,
  otherwise: number,
  least: number,
  most: number,
): number {
  const given = options.get(name)
  const value = given === undefined ? otherwise : Number(given)
  if (value >= least && value <= most) return value
  throw new CommandError(
    `option '--${name}' must be a number from ${least} to ${most}, got "${given}"`,
  )
}
