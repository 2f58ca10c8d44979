// One line of a log, read back: the element that it holds, the text behind it, and what stood before. docs/LOGGING.md has
// the forms. A line is untrusted: whatever it is, this ends after a few walks along it, and answers why it is of no use.

import type { Element } from './record.ts'
import { undone, undoneInQuotes } from './undo.ts'

/** What a line of ours has in it, and hardly any other. */
export const MARK = '[struct-history'

export interface ParsedLine {
  readonly element: Element
  /** Values by their names, undone. */
  readonly values: Map<string, string>
  /** Undone. */
  readonly text: string
}

/** What the header of RFC 5424 says. */
export interface Sender {
  readonly host: string
  readonly name: string
  readonly pid: string
  readonly time: string
}

const NAMES: ReadonlySet<string> = new Set<Element>([
  'struct-history',
  'struct-history-life',
  'struct-history-lost',
])
const ELEMENT_NAME = /\[([a-z-]{1,32})(?:@\d{1,10})?(?=[ \]])/y
const NAME_MAX = 32
const VALUES_MAX = 64
const NIL = '-'
const BYTE_ORDER_MARK = 0xfeff
const SPACE = 0x20
const QUOTE = 0x22
const OPEN = 0x5b
const CLOSE = 0x5d
const BACKSLASH = 0x5c

/** `at`: where its MARK stands. A string says what is wrong with it. */
export function parseLine(line: string, at: number): ParsedLine | string {
  ELEMENT_NAME.lastIndex = at
  const [whole = '', name = ''] = ELEMENT_NAME.exec(line) ?? []
  if (!NAMES.has(name)) return 'its element is of another kind'
  const values = new Map<string, string>()
  const end = valuesFrom(line, at + whole.length, values)
  if (typeof end === 'string') return end
  return { element: name as Element, values, text: textFrom(line, end) }
}

/** What stands before an element: `<134>1 TIME HOST NAME PID MSGID `, perhaps behind something else. */
export function senderIn(head: string): Sender | undefined {
  const [, time, host, name, pid] = HEADER.exec(head.slice(-HEADER_MAX)) ?? []
  if (pid === undefined) return undefined
  const known = (word = ''): string => (word === NIL ? '' : word)
  return { time: known(time), host: known(host), name: known(name), pid: known(pid) }
}

/** Whatever is longer holds no such header. */
const HEADER_MAX = 1024
const HEADER = /(?:^|[ >])1 (\S{1,64}) (\S{1,255}) (\S{1,48}) (\S{1,128}) \S{1,32} (?:\[.*)?$/

/** Reads ` name="value"` again and again, and gives the place behind the bracket. The first of equal names counts. */
function valuesFrom(line: string, from: number, values: Map<string, string>): number | string {
  let at = from
  for (let count = 0; count < VALUES_MAX; count++) {
    if (line.charCodeAt(at) === CLOSE) return at + 1
    if (at >= line.length) return CUT
    if (line.charCodeAt(at) !== SPACE) return GARBLED
    const equals = line.indexOf('=', at)
    if (equals < 0) return CUT
    if (equals - at > NAME_MAX || line.charCodeAt(equals + 1) !== QUOTE)
      return equals + 1 === line.length ? CUT : GARBLED
    const end = quoteFrom(line, equals + 2)
    if (end < 0) return CUT
    const name = line.slice(at + 1, equals)
    if (!values.has(name)) values.set(name, undoneInQuotes(line.slice(equals + 2, end)))
    at = end + 1
  }
  return `it has more than ${VALUES_MAX} values`
}

const CUT = 'it is cut'
const GARBLED = 'it is garbled'

/** The place of the quote that ends a value. */
function quoteFrom(line: string, from: number): number {
  let end = line.indexOf('"', from)
  for (; end > from && line.charCodeAt(end - 1) === BACKSLASH; end = line.indexOf('"', end + 1)) {
    let backslashes = 1
    while (line.charCodeAt(end - 1 - backslashes) === BACKSLASH && end - backslashes > from)
      backslashes++
    if (backslashes % 2 === 0) break
  }
  return end
}

/** Other elements may stand between ours and the text. */
function textFrom(line: string, end: number): string {
  let at = end
  while (line.charCodeAt(at) === OPEN) {
    let close = line.indexOf(']', at)
    while (close > 0 && line.charCodeAt(close - 1) === BACKSLASH)
      close = line.indexOf(']', close + 1)
    if (close < 0) break
    at = close + 1
  }
  if (line.charCodeAt(at) === SPACE) at++
  return textOf(line.slice(at))
}

/** A message as it stands alone, where a collector has taken it out of its line. */
export function textOf(message: string): string {
  return undone(message.charCodeAt(0) === BYTE_ORDER_MARK ? message.slice(1) : message)
}
