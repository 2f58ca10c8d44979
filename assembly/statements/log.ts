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
  EVENT_TAG_BITS,
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
const INT32_BYTES: u32 = TAG_BYTES + 4
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
  if (verb.hidden) return logHidden(history, verb, what, tags, word0, word1, word2, time)
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
  const what = verb.what(format)
  const hidden = verb.hidden
  const isHidden0 = (hidden & 1) != 0
  const isHidden1 = (hidden & 2) != 0
  const isHidden2 = (hidden & 4) != 0
  const room = history.list.maxText
  const kept0 = kept<A>(a, room, isHidden0)
  const kept1 = kept<B>(b, room - kept0, isHidden1)
  const kept2 = kept<C>(c, room - kept0 - kept1, isHidden2)
  const bytes =
    size<A>(a, kept0, isHidden0) + size<B>(b, kept1, isHidden1) + size<C>(c, kept2, isHidden2)
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
    const cut =
      put<A>(a, kept0, isHidden0) + put<B>(b, kept1, isHidden1) + put<C>(c, kept2, isHidden2)
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

/** Up to three integers, of which some must not be stored: a text. */
function logHidden(
  history: History,
  verb: Verb,
  what: u32,
  tags: u32,
  word0: u32,
  word1: u32,
  word2: u32,
  time: f64,
): bool {
  const secret = secretText()
  const count: u32 = (32 - clz(tags) + EVENT_TAG_BITS - 1) / EVENT_TAG_BITS
  let bytes: u32 = 0
  let room = history.list.maxText
  for (let n: u32 = 0; n < count; n++) {
    const isHidden = ((verb.hidden >> n) & 1) != 0
    const fitting = isHidden ? bytesOf(secret, room) : 0
    bytes += isHidden ? STRING_HEAD_BYTES + fitting : INT32_BYTES
    room -= fitting
  }
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
    room = history.list.maxText
    beginText(text + TEXT_DATA)
    for (let n: u32 = 0; n < count; n++) {
      if (((verb.hidden >> n) & 1) == 0) {
        putByte(ARGUMENT_INT32)
        putWord(n == 0 ? word0 : n == 1 ? word1 : word2)
      } else {
        const fitting = bytesOf(secret, room)
        putText(secret, fitting)
        room -= fitting
      }
    }
    finish()
  }
  host.commitText(event)
  if (verb.isEnd) end(history)
  return true
}

/** What stands for an argument that is not public; only JavaScript makes pseudonyms. */
function secretText(): string {
  return '[secret]'
}

/** What may be stored of a string: JavaScript's `redact` is not asked for those of this module. */
function shown(text: string): string {
  return host.redacts() ? '[not redacted]' : text
}

/** Bytes of a string that are stored. */
function kept<T>(value: T, room: u32, isHidden: bool): u32 {
  if (isReference<T>() && !isManaged<T>()) return 0
  if (isHidden) return bytesOf(secretText(), room)
  if (!isString<T>()) return 0
  return changetype<usize>(value) ? bytesOf(shown(changetype<string>(value)), room) : 0
}

/** Bytes that an argument takes in a text. */
function size<T>(value: T, keptBytes: u32, isHidden: bool): u32 {
  if (isReference<T>() && !isManaged<T>()) return 0
  if (isHidden) return STRING_HEAD_BYTES + keptBytes
  if (isString<T>()) return changetype<usize>(value) ? STRING_HEAD_BYTES + keptBytes : TAG_BYTES
  return isBoolean<T>() ? TAG_BYTES : NUMBER_BYTES
}

/** Answers how many bytes were cut. */
function put<T>(value: T, keptBytes: u32, isHidden: bool): u32 {
  if (isReference<T>() && !isManaged<T>()) return 0
  if (isHidden) return putText(secretText(), keptBytes)
  if (isString<T>()) {
    if (changetype<usize>(value)) return putText(shown(changetype<string>(value)), keptBytes)
    putByte(ARGUMENT_NULL)
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

function putText(text: string, keptBytes: u32): u32 {
  const cut = bytesOf(text, <u32>-1) - keptBytes
  putByte(ARGUMENT_INLINE_STRING)
  putWord(keptBytes)
  putWord(cut)
  putString(text, keptBytes)
  return cut
}
