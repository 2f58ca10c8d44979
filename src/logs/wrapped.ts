// Lines inside of JSON: journalctl's, rsyslog's templates, whatever a collector makes of a syslog line. Names differ from one
// to the next, so what is ours is known by what it says.

import { MARK, type ParsedLine, parseLine, type Sender, senderIn, textOf } from '../line/parse.ts'

export interface Found {
  readonly line: ParsedLine
  readonly sender: Sender | undefined
}

const DEPTH_MAX = 6
const MESSAGES = ['msg', 'message', '@message', 'MESSAGE', 'log', 'body']
const HOSTS = ['host', 'hostname', 'HOSTNAME', '_HOSTNAME', 'fromhost', 'source']
const PIDS = ['procid', 'pid', 'process_id', 'SYSLOG_PID', '_PID']
const PROGRAMS = ['app-name', 'appname', 'app_name', 'programname', 'program', 'SYSLOG_IDENTIFIER']
const TIMES = ['timestamp', '@timestamp', 'timereported', 'time']
const ELEMENT_KEY = /^struct-history(?:-life|-lost)?(?:@\d{1,10})?$/

type Dictionary = Readonly<Record<string, unknown>>

/** Of a text that begins like JSON: what it holds of ours; undefined: nothing, or it is no JSON. A string says what is wrong. */
export function foundInJson(text: string): Found | string | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  return isDictionary(value) ? foundIn(value, value, 0) : undefined
}

function foundIn(all: Dictionary, part: Dictionary, depth: number): Found | string | undefined {
  if (depth > DEPTH_MAX) return undefined
  for (const [key, value] of Object.entries(part)) {
    const text = textIn(value)
    const at = text?.indexOf(MARK) ?? -1
    if (text !== undefined && at >= 0) return foundInText(all, part, key, text, at)
    if (!isDictionary(value)) continue
    const found = ELEMENT_KEY.test(key)
      ? parsedAlready(all, key, value)
      : foundIn(all, value, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

function foundInText(
  all: Dictionary,
  part: Dictionary,
  key: string,
  text: string,
  at: number,
): Found | string {
  const line = parseLine(text, at)
  if (typeof line === 'string') return line
  const sender = senderIn(text.slice(0, at)) ?? senderOf(all)
  if (line.text !== '' || MESSAGES.includes(key)) return { line, sender }
  // The element stands by itself, and the text beside it.
  return { line: { ...line, text: messageOf(part) ?? messageOf(all) ?? '' }, sender }
}

/** rsyslog's mmpstrucdata has taken the element apart. */
function parsedAlready(all: Dictionary, key: string, values: Dictionary): Found | string {
  // Written as a line it is read as one: by the same rules.
  const written = Object.entries(values)
    .map(([name, value]) => ` ${name}="${textIn(value)?.replace(/["\]]/g, '\\$&') ?? ''}"`)
    .join('')
  const line = parseLine(`[${key}${written}]`, 0)
  if (typeof line === 'string') return line
  return { line: { ...line, text: messageOf(all) ?? '' }, sender: senderOf(all) }
}

const senderOf = (all: Dictionary): Sender => ({
  host: firstOf(all, HOSTS),
  name: firstOf(all, PROGRAMS),
  pid: firstOf(all, PIDS),
  time: firstOf(all, TIMES),
})

const firstOf = (all: Dictionary, names: readonly string[]): string => {
  const name = names.find((each) => textIn(all[each]) !== undefined)
  const text = name === undefined ? undefined : textIn(all[name])
  return text === undefined || text === '-' ? '' : text
}

function messageOf(part: Dictionary): string | undefined {
  const name = MESSAGES.find((each) => textIn(part[each]) !== undefined)
  const text = name === undefined ? undefined : textIn(part[name])
  return text === undefined ? undefined : textOf(text.startsWith(' ') ? text.slice(1) : text)
}

/** journalctl writes a message with letters that no terminal should get as an array of bytes. */
function textIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return `${value}`
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'number')) return undefined
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(value as number[]))
}

const isDictionary = (value: unknown): value is Dictionary =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
