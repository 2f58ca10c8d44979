// JavaScript values -> the bytes of a text (assembly/layout.ts, TEXT): what does not fit an event's three words.

import {
  ARGUMENT_BACKTRACE,
  ARGUMENT_FALSE,
  ARGUMENT_FLOAT64,
  ARGUMENT_FORMAT,
  ARGUMENT_INLINE_STRING,
  ARGUMENT_INT32,
  ARGUMENT_INT64,
  ARGUMENT_NULL,
  ARGUMENT_OBJECT,
  ARGUMENT_STRING,
  ARGUMENT_TRUE,
  ARGUMENT_UINT64,
  ARGUMENT_UNDEFINED,
  TEXT_BYTES_MAX,
} from '../../assembly/layout.ts'
import { encodeInto } from '../image/utf8.ts'
import type { ArgumentLevels } from '../privacy/formats.ts'

const NUMBER_BYTES = 9
const STRING_HEAD_BYTES = 9
/** Longest string that is encoded by hand: beyond it TextEncoder is faster. */
const BY_HAND = 64

/** Collects one text. One per thread and recorder; nothing is allocated per event. */
export class ArgumentBytes {
  readonly #buffer = new ArrayBuffer(TEXT_BYTES_MAX)
  readonly #bytes = new Uint8Array(this.#buffer)
  readonly #view = new DataView(this.#buffer)
  /** The same bytes; zero from `length` up to the word. */
  readonly words: Uint32Array = new Uint32Array(this.#buffer)
  length = 0
  /** Verb and format of the event, as the core is told. */
  what = 0
  /** String bytes that an event may hold. */
  maxText = 0
  /** String bytes that the event may still hold. */
  #room = 0
  readonly #redact: ((text: string) => string) | undefined
  /** Of the format, where not all of its arguments are public; and which of them comes next. */
  levels: ArgumentLevels | undefined = undefined
  place = 0
  /** Set when a string was cut. */
  isCut = false
  /** Set when a conversion of the application threw: its bug, not one that a recorder may add to. */
  isRejected = false

  /** `redact`: what the JSON of objects passes through; strings come redacted. */
  constructor(redact?: (text: string) => string) {
    this.#redact = redact
  }

  begin(maxText: number): void {
    this.length = 0
    this.maxText = maxText
    this.#room = maxText
    this.levels = undefined
    this.isCut = false
    this.isRejected = false
  }

  /** Zeroes up to the word, as the core sums and compares words. */
  finish(): number {
    for (let at = this.length; (at & 3) !== 0; at++) this.#bytes[at] = 0
    return this.length
  }

  /** Encodes a string alone, from the start; for names and object ids. Answers its bytes, at most `most`. */
  only(text: string, most: number): number {
    this.begin(most)
    this.#string(text, 0)
    return this.finish()
  }

  format(text: string): void {
    this.#tagged(ARGUMENT_FORMAT, text)
  }

  backtrace(id: number): void {
    this.#tag(ARGUMENT_BACKTRACE)
    this.#word(id)
  }

  interned(id: number): void {
    if (!this.#has(NUMBER_BYTES)) return
    this.#tag(ARGUMENT_STRING)
    this.#word(id)
  }

  /** Any value, as what it is. Objects are JSON; what has no JSON is told by its name. */
  add(value: unknown): void {
    if (!this.#has(STRING_HEAD_BYTES)) return
    switch (typeof value) {
      case 'number':
        if ((value | 0) === value && !Object.is(value, -0)) {
          this.#tag(ARGUMENT_INT32)
          this.#word(value)
          return
        }
        this.#tag(ARGUMENT_FLOAT64)
        this.#view.setFloat64(this.length, value, true)
        this.length += 8
        return
      case 'bigint':
        if (BigInt.asIntN(64, value) !== value && BigInt.asUintN(64, value) !== value) {
          this.#tagged(ARGUMENT_INLINE_STRING, value.toString())
          return
        }
        this.#tag(BigInt.asIntN(64, value) === value ? ARGUMENT_INT64 : ARGUMENT_UINT64)
        this.#view.setBigInt64(this.length, BigInt.asIntN(64, value), true)
        this.length += 8
        return
      case 'string':
        this.#tagged(ARGUMENT_INLINE_STRING, value)
        return
      case 'boolean':
        this.#tag(value ? ARGUMENT_TRUE : ARGUMENT_FALSE)
        return
      case 'undefined':
        this.#tag(ARGUMENT_UNDEFINED)
        return
      default:
        if (value === null) this.#tag(ARGUMENT_NULL)
        else {
          const text = json(value)
          this.#tagged(ARGUMENT_OBJECT, this.#redact === undefined ? text : this.#redact(text))
        }
    }
  }

  #has(bytes: number): boolean {
    return this.length + bytes <= TEXT_BYTES_MAX
  }

  #tag(tag: number): void {
    this.#bytes[this.length++] = tag
  }

  #word(value: number): void {
    this.#view.setInt32(this.length, value | 0, true)
    this.length += 4
  }

  #tagged(tag: number, text: string): void {
    if (!this.#has(STRING_HEAD_BYTES)) return
    this.#tag(tag)
    const head = this.length
    this.length += 8
    const kept = this.#string(text, head + 4)
    this.#view.setUint32(head, kept, true)
  }

  /** Appends UTF-8 as far as there is room, on a character's boundary; tells at `cutAt` how many bytes were cut. */
  #string(text: string, cutAt: number): number {
    const from = this.length
    const room = Math.min(this.#room, TEXT_BYTES_MAX - from)
    let cut = 0
    if (text.length > BY_HAND || !this.#ascii(text, room)) {
      this.length = from
      const { read, written } = encodeInto(text, this.#bytes.subarray(from, from + room))
      this.length = from + written
      if (read < text.length) cut = utf8Length(text, read)
    }
    const kept = this.length - from
    this.#room -= kept
    if (cut > 0) this.isCut = true
    if (cutAt > 0) this.#view.setUint32(cutAt, cut, true)
    return kept
  }

  #ascii(text: string, room: number): boolean {
    const { length } = text
    if (length > room) return false
    const bytes = this.#bytes
    const to = this.length
    let all = 0
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i)
      all |= code
      bytes[to + i] = code
    }
    this.length = to + length
    return all < 128
  }
}

/** What a pseudonym is made of: a number and its digits are one value. */
export function textOfArgument(value: unknown): string {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
    ? json(value)
    : String(value)
}

function json(value: unknown): string {
  try {
    return JSON.stringify(value, bigintAsText) ?? describe(value)
  } catch {
    return describe(value)
  }
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value
}

/** A function, a symbol, a circle, an object whose toJSON throws. */
function describe(value: unknown): string {
  try {
    if (typeof value === 'symbol') return value.toString()
    if (typeof value === 'function') return `[function ${value.name}]`
    return Object.prototype.toString.call(value)
  } catch {
    return '[object]'
  }
}

function utf8Length(text: string, from: number): number {
  let bytes = 0
  for (let i = from; i < text.length; i++) {
    const code = text.codePointAt(i) as number
    if (code < 0x80) bytes += 1
    else if (code < 0x800) bytes += 2
    else if (code < 0x10000) bytes += 3
    else {
      bytes += 4
      i++
    }
  }
  return bytes
}
