// journalctl -o export: fields of an entry, a line each, or a name, a length and as many bytes; an empty line ends it.

import type { Sender } from '../line/parse.ts'

const LINE_FEED = 0x0a
const EQUALS = 0x3d
const LENGTH_BYTES = 8
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const WANTED: ReadonlySet<string> = new Set([
  'MESSAGE',
  '_HOSTNAME',
  'SYSLOG_IDENTIFIER',
  'SYSLOG_PID',
  '_PID',
])

export interface Entry {
  readonly message: string
  readonly sender: Sender
}

export const isJournal = (head: string): boolean => head.startsWith('__CURSOR=')

export class JournalEntries {
  readonly #most: number
  #pending = new Uint8Array(0)
  /** Bytes of a value that is too long, still to be passed over. */
  #skip = 0
  #fields = new Map<string, string>()

  /** `most`: longer values are passed over. */
  constructor(most: number) {
    this.#most = most
  }

  *push(part: Uint8Array): Generator<Entry, void, undefined> {
    const bytes = new Uint8Array(this.#pending.length + part.length)
    bytes.set(this.#pending)
    bytes.set(part, this.#pending.length)
    let at = 0
    for (;;) {
      const skipped = Math.min(this.#skip, bytes.length - at)
      at += skipped
      this.#skip -= skipped
      const end = bytes.indexOf(LINE_FEED, at)
      if (end < 0) break
      const line = bytes.subarray(at, end)
      const equals = line.indexOf(EQUALS)
      if (line.length === 0) yield* this.end()
      else if (equals >= 0) this.#keep(line.subarray(0, equals), line.subarray(equals + 1))
      else {
        const begin = end + 1 + LENGTH_BYTES
        if (bytes.length < begin) break
        const length = Number(new DataView(bytes.buffer).getBigUint64(end + 1, true))
        if (length > this.#most) {
          this.#skip = length + 1
          at = begin
          continue
        }
        if (bytes.length < begin + length + 1) break
        this.#keep(line, bytes.subarray(begin, begin + length))
        at = begin + length + 1
        continue
      }
      at = end + 1
    }
    // A line that never ends is none of its own.
    const rest = bytes.subarray(at)
    this.#pending = rest.length > this.#most * 2 ? new Uint8Array(0) : rest.slice()
  }

  *end(): Generator<Entry, void, undefined> {
    const fields = this.#fields
    const message = fields.get('MESSAGE')
    if (message !== undefined)
      yield {
        message,
        sender: {
          host: fields.get('_HOSTNAME') ?? '',
          name: fields.get('SYSLOG_IDENTIFIER') ?? '',
          pid: fields.get('SYSLOG_PID') ?? fields.get('_PID') ?? '',
          time: '',
        },
      }
    this.#fields = new Map()
  }

  #keep(name: Uint8Array, value: Uint8Array): void {
    if (value.length > this.#most) return
    const key = decoder.decode(name)
    if (WANTED.has(key)) this.#fields.set(key, decoder.decode(value))
  }
}
