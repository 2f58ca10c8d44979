// The two forms of a line, and how one is made to fit: docs/LOGGING.md, "The line".

import { asName, inQuotes, onOneLine } from './escape.ts'
import type { LineRecord } from './record.ts'

/** 32473 is the number that RFC 5612 sets apart for those without one of their own. */
const ENTERPRISE = '@32473'
const NIL = '-'
const BYTE_ORDER_MARK = '\ufeff'
const HOST_MAX = 255
const NAME_MAX = 48
const MESSAGE_ID_MAX = 32
/** What is left of each value in a line that would not fit even without its text. */
const VALUE_MAX = 64
const CUT_MARK = '…'
/** Of UTF-8, for one unit of UTF-16. */
const BYTES_OF_UNIT_MAX = 3

/** local0.info */
export const PRIORITY = 134

export interface LineForm {
  /** facility * 8 + severity, for a header of RFC 5424; undefined: no header. */
  readonly priority: number | undefined
  /** Whether structured data is taken in; else, and without a header, the form is the plain one. */
  readonly structured: boolean
  /** Most bytes of UTF-8, without the line's end. */
  readonly most: number
}

/** Without the line's end. Never longer than `most` allows, unless that is less than a line without its text takes. */
export function lineOf(record: LineRecord, form: LineForm): string {
  const line = encoded(record, form)
  const isShort = line.length * BYTES_OF_UNIT_MAX <= form.most
  return isShort || byteLength(line) <= form.most ? line : fitting(record, form)
}

function encoded(record: LineRecord, { priority, structured }: LineForm): string {
  const { element, host, name, pid, time, verb, data, text } = record
  const isPlain = !structured || priority === undefined
  const head = { host, name, pid, time }
  const written = isPlain ? `${values(head)}${values(data, head)}` : values(data)
  const bracket = `[${element}${ENTERPRISE}${written}]`
  if (priority === undefined) return `${bracket} ${onOneLine(text)}`
  const words = [
    `<${priority}>1`,
    time || NIL,
    asName(host, HOST_MAX),
    asName(name, NAME_MAX),
    pid,
    asName(verb, MESSAGE_ID_MAX),
  ].join(' ')
  // A message in UTF-8 begins with a byte order mark.
  return isPlain
    ? `${words} ${NIL} ${BYTE_ORDER_MARK}${bracket} ${onOneLine(text)}`
    : `${words} ${bracket} ${BYTE_ORDER_MARK}${onOneLine(text)}`
}

const values = (data: LineRecord['data'], but: object = {}): string =>
  Object.entries(data)
    .filter(([name]) => !(name in but))
    .map(([name, value]) => ` ${name}="${inQuotes(String(value))}"`)
    .join('')

/** First the stack goes, then the end of the text; where all that is not enough, the ends of long values. */
function fitting(record: LineRecord, form: LineForm): string {
  const { most } = form
  const { backtrace, ...others } = record.data
  const textBytes = byteLength(record.text)
  const data = { ...others, ...(backtrace === undefined ? {} : { backtrace: '' }) }
  const whole = encoded({ ...record, data }, form)
  if (byteLength(whole) <= most) return whole
  const letters = [...record.text]
  const cutTo = (length: number, cutData: LineRecord['data']) => {
    const text = letters.slice(0, length).join('')
    const cut = textBytes - byteLength(text)
    return encoded({ ...record, data: { ...cutData, cut }, text }, form)
  }
  if (byteLength(cutTo(0, data)) > most) return cutTo(0, shortened(data))
  let least = 0
  let beyond = letters.length
  while (beyond - least > 1) {
    const middle = (least + beyond) >> 1
    if (byteLength(cutTo(middle, data)) <= most) least = middle
    else beyond = middle
  }
  return cutTo(least, data)
}

const shortened = (data: LineRecord['data']): LineRecord['data'] =>
  Object.fromEntries(
    Object.entries(data).map(([name, value]) => {
      const letters = typeof value === 'string' ? [...value] : []
      const isLong = letters.length > VALUE_MAX
      return [name, isLong ? letters.slice(0, VALUE_MAX).join('') + CUT_MARK : value]
    }),
  )

const encoder = new TextEncoder()
export const byteLength = (text: string): number => encoder.encode(text).length
