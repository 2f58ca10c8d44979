// What a log says to the core: the verb and format as one number, up to three small integers as words, all else as a text.

import {
  ARGUMENT_FALSE,
  ARGUMENT_FLOAT64,
  ARGUMENT_INLINE_STRING,
  ARGUMENT_INT32,
  ARGUMENT_INT64,
  ARGUMENT_NULL,
  ARGUMENT_TRUE,
  ARGUMENT_UINT64,
  COUNTER_TEXTS_CUT,
  EVENT_WORDS,
  LIST_ENABLED,
  TEXT_DATA,
} from '../layout'
import { beginText, bytesOf, finish, putByte, putDouble, putString, putWord } from './bytes'
import { History } from './history'
import { stamp } from './now'
import * as host from './struct-history'
import { Verb } from './verb'

const TAG_BYTES: u32 = 1
const NUMBER_BYTES: u32 = TAG_BYTES + 8
const STRING_HEAD_BYTES: u32 = TAG_BYTES + 8

/** The type of an argument that was not given. */
@unmanaged
export class Nothing {}

/** Its word, where it is an integer. */
export function word<T>(value: T): u32 {
  return isInteger<T>() ? <u32>value : 0
}

export function tag<T>(): u32 {
  return isInteger<T>() ? ARGUMENT_INT32 : 0
}

export function logWords(
  history: History,
  verb: Verb,
  format: string,
  tags: u32,
  word0: u32,
  word1: u32,
  word2: u32,
): bool {
  if (!isRecorded(history)) return false
  const time = stamp() // before the verb, which is looked at where the clock is
  if (!verb.isRecorded()) return false
  const list = history.list
  const what = verb.what(format)
  const packed = verb.packed | tags
  const recorded = list.isCoalescing
    ? host.logFolding(history.address, history.generation, what, packed, word0, word1, word2, time)
    : host.log(history.address, history.generation, what, packed, word0, word1, word2, time)
  if (recorded == 0) return false
  if (verb.isEnd) end(history)
  return true
}

export function logText<A, B, C>(
  history: History,
  verb: Verb,
  format: string,
  a: A,
  b: B,
  c: C,
): bool {
  if (!isRecorded(history)) return false
  const time = stamp()
  if (!verb.isRecorded()) return false
  const room = history.list.maxText
  const keptOfA = kept<A>(a, room)
  const keptOfB = kept<B>(b, room - keptOfA)
  const keptOfC = kept<C>(c, room - keptOfA - keptOfB)
  const bytes = size<A>(a, keptOfA) + size<B>(b, keptOfB) + size<C>(c, keptOfC)
  const what = verb.what(format)
  const event = host.claimWithText(
    history.address,
    history.generation,
    what,
    verb.packed,
    bytes,
    time,
  )
  if (event == 0) return false
  const text: usize = host.readWord(event + EVENT_WORDS)
  if (text) {
    beginText(text + TEXT_DATA)
    const cut = put<A>(a, keptOfA) + put<B>(b, keptOfB) + put<C>(c, keptOfC)
    finish()
    if (cut) host.count(COUNTER_TEXTS_CUT)
  }
  host.commitText(event)
  if (verb.isEnd) end(history)
  return true
}

function isRecorded(history: History): bool {
  return history.address != 0 && host.readWord(history.list.address + LIST_ENABLED) != 0
}

function end(history: History): void {
  if (history.list.isAutoLogging)
    host.ended(history.list.address, history.address, history.generation)
}

/** What may be stored of a string: JavaScript's `redact` is not asked for those of this module. */
function shown<T>(value: T): string {
  return host.redacts() ? '[not redacted]' : changetype<string>(value)
}

/** Bytes of a string that are stored. */
function kept<T>(value: T, room: u32): u32 {
  if (!isString<T>()) return 0
  return changetype<usize>(value) ? bytesOf(shown<T>(value), room) : 0
}

/** Bytes that an argument takes in a text. */
function size<T>(value: T, keptBytes: u32): u32 {
  if (isString<T>()) return changetype<usize>(value) ? STRING_HEAD_BYTES + keptBytes : TAG_BYTES
  if (isReference<T>()) return 0
  return isBoolean<T>() ? TAG_BYTES : NUMBER_BYTES
}

/** Answers how many bytes were cut. */
function put<T>(value: T, keptBytes: u32): u32 {
  if (isString<T>()) {
    if (!changetype<usize>(value)) {
      putByte(ARGUMENT_NULL)
      return 0
    }
    const text = shown<T>(value)
    const cut = bytesOf(text, <u32>-1) - keptBytes
    putByte(ARGUMENT_INLINE_STRING)
    putWord(keptBytes)
    putWord(cut)
    putString(text, keptBytes)
    return cut
  } else if (isBoolean<T>()) {
    putByte(value ? ARGUMENT_TRUE : ARGUMENT_FALSE)
  } else if (isFloat<T>()) {
    putByte(ARGUMENT_FLOAT64)
    putDouble(reinterpret<u64>(<f64>value))
  } else if (isInteger<T>()) {
    const bits = isSigned<T>() ? <u64>(<i64>value) : <u64>value
    putByte(!isSigned<T>() && bits >> 63 != 0 ? ARGUMENT_UINT64 : ARGUMENT_INT64)
    putDouble(bits)
  }
  return 0
}
