// What a history is the history of: an integer, another number, or a string.

import {
  BLOCK_BYTES,
  BLOCK_HEADER_BYTES,
  CHUNK_BYTES,
  HISTORY_OBJECT,
  HISTORY_OBJECT_STRING,
  HISTORY_OBJECT_STRING_BYTES,
  HISTORY_PUSH,
  OBJECT_BIGINT,
  OBJECT_FLOAT,
  OBJECT_INTEGER,
  OBJECT_LONG_STRING,
  OBJECT_LONG_STRING_BYTES,
  OBJECT_STRING,
  OBJECT_UNSIGNED_BIGINT,
  PUSH_KIND_MASK,
  PUSH_LENGTH_MASK,
  PUSH_LENGTH_SHIFT,
} from '../../assembly/layout.ts'
import { decode, type ImageBytes, ImageError } from './bytes.ts'

export type ObjectId = number | bigint | string

const WORD = 4
/** Of one UTF-16 unit. */
const UTF8_BYTES_MAX = 3
/** Room for `…+9007199254740991B`. */
const CUT_MARK_BYTES = 21
const BITS = 64

const encoder = new TextEncoder()

/** A string as push() keeps it: one that is too long is cut and marked. */
export function keptText(object: string): string {
  if (object.length * UTF8_BYTES_MAX <= OBJECT_LONG_STRING_BYTES) return object
  const bytes = encoder.encode(object)
  if (bytes.length <= OBJECT_LONG_STRING_BYTES) return object
  let kept = OBJECT_LONG_STRING_BYTES - CUT_MARK_BYTES
  while (((bytes[kept] as number) & 0xc0) === 0x80) kept--
  return `${decode(bytes.subarray(0, kept))}…+${bytes.length - kept}B`
}

/** What an image holds of an object that was pushed: strings in UTF-8, and a bigint of more than 64 bits as its text. */
export function keptObject(object: ObjectId): ObjectId {
  if (typeof object === 'string') return decode(encoder.encode(keptText(object)))
  const isKept =
    typeof object === 'number' ||
    BigInt.asIntN(BITS, object) === object ||
    BigInt.asUintN(BITS, object) === object
  return isKept ? object : `${object}`
}

/** `belongs` says whether a block is this history's. */
export function readObject(
  bytes: ImageBytes,
  history: number,
  belongs: (block: number) => boolean,
): ObjectId {
  const at = history + HISTORY_OBJECT
  const { kind, length } = kindAndLength(bytes, history)
  const refuse = (field: string, expected: string, found: string) =>
    new ImageError('read the object', bytes.source, { offset: at, field, expected, found })
  switch (kind) {
    case OBJECT_INTEGER:
      return bytes.i64(at, 'HISTORY_OBJECT')
    case OBJECT_BIGINT:
      return bytes.big64(at, 'HISTORY_OBJECT')
    case OBJECT_UNSIGNED_BIGINT:
      return BigInt.asUintN(64, bytes.big64(at, 'HISTORY_OBJECT'))
    case OBJECT_FLOAT:
      return bytes.f64(at, 'HISTORY_OBJECT')
    case OBJECT_STRING:
      if (length > HISTORY_OBJECT_STRING_BYTES)
        throw refuse(
          'HISTORY_PUSH',
          `a length of at most ${HISTORY_OBJECT_STRING_BYTES}`,
          `${length}`,
        )
      return bytes.text(history + HISTORY_OBJECT_STRING, length, 'HISTORY_OBJECT_STRING')
    case OBJECT_LONG_STRING: {
      const block = bytes.u64(at, 'HISTORY_OBJECT')
      if (length > OBJECT_LONG_STRING_BYTES)
        throw refuse('HISTORY_PUSH', `a length of at most ${OBJECT_LONG_STRING_BYTES}`, `${length}`)
      if (block < CHUNK_BYTES || block % BLOCK_BYTES !== 0 || !belongs(block))
        throw refuse('HISTORY_OBJECT', 'the address of a block of this history', `${block}`)
      return bytes.text(block + BLOCK_HEADER_BYTES, length, 'the object')
    }
    default:
      throw refuse(
        'HISTORY_PUSH',
        `a kind of ${OBJECT_INTEGER} to ${OBJECT_UNSIGNED_BIGINT}`,
        `${kind}`,
      )
  }
}

function kindAndLength(bytes: ImageBytes, history: number): { kind: number; length: number } {
  const word = bytes.u32(history + HISTORY_PUSH, 'HISTORY_PUSH')
  return { kind: word & PUSH_KIND_MASK, length: (word >>> PUSH_LENGTH_SHIFT) & PUSH_LENGTH_MASK }
}

/** Integers from 0 as addresses are written, all else as it is. */
export function textOfObject(object: ObjectId): string {
  if (typeof object === 'string') return object
  const isAddress =
    object >= 0 &&
    !Object.is(object, -0) &&
    (typeof object === 'bigint' || Number.isInteger(object))
  return isAddress ? `0x${object.toString(16)}` : `${object}`
}

/**
 * A quick look at a slot before its object is decoded: false means that it holds another one. A number and a bigint of
 * equal value are one object, so integers are compared by their 64 bits.
 */
export function objectFilter(
  bytes: ImageBytes,
  object: ObjectId,
): ((history: number) => boolean) | undefined {
  if (typeof object === 'string') {
    const { length } = encoder.encode(object)
    return (history) => {
      const is = kindAndLength(bytes, history)
      return is.length === length && (is.kind === OBJECT_STRING || is.kind === OBJECT_LONG_STRING)
    }
  }
  // A float or what needs more than 64 bits: rare enough to be decoded.
  if (typeof object === 'number' && !Number.isInteger(object)) return undefined
  const bits = BigInt.asUintN(64, BigInt(object))
  const low = Number(bits & 0xffffffffn)
  const high = Number(bits >> 32n)
  return (history) => {
    if (kindAndLength(bytes, history).kind === OBJECT_FLOAT) return true
    return (
      bytes.u32(history + HISTORY_OBJECT, 'HISTORY_OBJECT') === low &&
      bytes.u32(history + HISTORY_OBJECT + WORD, 'HISTORY_OBJECT') === high
    )
  }
}

/** Whether a decoded object is the one looked for. */
export function isSameObject(one: ObjectId, other: ObjectId): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other
  // biome-ignore lint/suspicious/noDoubleEquals: a number and a bigint of equal value are one object
  return one == other || (Number.isNaN(one) && Number.isNaN(other))
}
