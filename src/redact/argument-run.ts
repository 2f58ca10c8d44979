// The arguments of an event one by one, as they stand in its words or in its text: tag and payload. image/arguments.ts reads
// what they are, at once; here they stay the bytes that they were, so that they can be written again.

import {
  ARGUMENT_BACKTRACE,
  ARGUMENT_FALSE,
  ARGUMENT_FLOAT64,
  ARGUMENT_FORMAT,
  ARGUMENT_INLINE_STRING,
  ARGUMENT_INT32,
  ARGUMENT_INT64,
  ARGUMENT_NONE,
  ARGUMENT_NULL,
  ARGUMENT_OBJECT,
  ARGUMENT_STRING,
  ARGUMENT_TRUE,
  ARGUMENT_UINT64,
  ARGUMENT_UNDEFINED,
  EVENT_TAG_BITS,
  EVENT_TAG_MASK,
} from '../../assembly/layout.ts'
import { decode } from '../image/bytes.ts'

const WORD = 4
/** Bytes kept, and bytes cut, before the bytes. */
const LONG_HEAD_BYTES = 2 * WORD

const FIXED_BYTES: ReadonlyMap<number, number> = new Map([
  [ARGUMENT_INT32, WORD],
  [ARGUMENT_FLOAT64, 2 * WORD],
  [ARGUMENT_INT64, 2 * WORD],
  [ARGUMENT_UINT64, 2 * WORD],
  [ARGUMENT_STRING, WORD],
  [ARGUMENT_BACKTRACE, WORD],
  [ARGUMENT_NULL, 0],
  [ARGUMENT_UNDEFINED, 0],
  [ARGUMENT_TRUE, 0],
  [ARGUMENT_FALSE, 0],
])
const LONG = [ARGUMENT_INLINE_STRING, ARGUMENT_OBJECT, ARGUMENT_FORMAT]

export interface RawArgument {
  readonly tag: number
  readonly payload: Uint8Array
}

/** `tags`: as in EVENT_WHAT. @throws {RangeError} For what no recorder writes. */
export function fromWords(tags: number, words: Uint8Array): RawArgument[] {
  const found: RawArgument[] = []
  let at = 0
  for (let left = tags; left !== ARGUMENT_NONE; left >>>= EVENT_TAG_BITS) {
    const tag = left & EVENT_TAG_MASK
    const size = FIXED_BYTES.get(tag)
    if (size === undefined || at + size > words.length) throw new RangeError(`argument tag ${tag}`)
    found.push({ tag, payload: words.subarray(at, at + size) })
    at += size
  }
  return found
}

/** @throws {RangeError} */
export function fromText(text: Uint8Array): RawArgument[] {
  const found: RawArgument[] = []
  const view = new DataView(text.buffer, text.byteOffset, text.length)
  for (let at = 0; at < text.length; ) {
    const tag = text[at++] as number
    if (tag === ARGUMENT_NONE) break
    let size = FIXED_BYTES.get(tag)
    if (size === undefined && LONG.includes(tag) && at + LONG_HEAD_BYTES <= text.length)
      size = LONG_HEAD_BYTES + view.getUint32(at, true)
    if (size === undefined || at + size > text.length) throw new RangeError(`argument tag ${tag}`)
    found.push({ tag, payload: text.subarray(at, at + size) })
    at += size
  }
  return found
}

export const wordOf = ({ payload }: RawArgument): number => viewOf(payload).getUint32(0, true)

/** Bytes that the writer had to leave out. */
export const cutOf = ({ tag, payload }: RawArgument): number =>
  LONG.includes(tag) ? viewOf(payload).getUint32(WORD, true) : 0

export function longTextOf({ payload }: RawArgument): string {
  return decode(payload.subarray(LONG_HEAD_BYTES))
}

/** Of what is no text. */
export function numberText({ tag, payload }: RawArgument): string {
  const view = viewOf(payload)
  switch (tag) {
    case ARGUMENT_INT32:
      return `${view.getInt32(0, true)}`
    case ARGUMENT_FLOAT64:
      return `${view.getFloat64(0, true)}`
    case ARGUMENT_INT64:
      return `${view.getBigInt64(0, true)}`
    case ARGUMENT_UINT64:
      return `${view.getBigUint64(0, true)}`
    case ARGUMENT_TRUE:
      return 'true'
    case ARGUMENT_FALSE:
      return 'false'
    case ARGUMENT_NULL:
      return 'null'
    default:
      return 'undefined'
  }
}

export const isLong = ({ tag }: RawArgument): boolean => LONG.includes(tag)

export function wordArgument(tag: number, word: number): RawArgument {
  const payload = new Uint8Array(WORD)
  viewOf(payload).setUint32(0, word, true)
  return { tag, payload }
}

export function longArgument(tag: number, text: string): RawArgument {
  const bytes = new TextEncoder().encode(text)
  const payload = new Uint8Array(LONG_HEAD_BYTES + bytes.length)
  viewOf(payload).setUint32(0, bytes.length, true)
  payload.set(bytes, LONG_HEAD_BYTES)
  return { tag, payload }
}

export function toText(args: readonly RawArgument[]): Uint8Array {
  const length = args.reduce((sum, { payload }) => sum + 1 + payload.length, 0)
  const text = new Uint8Array(length)
  let at = 0
  for (const { tag, payload } of args) {
    text[at] = tag
    text.set(payload, at + 1)
    at += 1 + payload.length
  }
  return text
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
