// Where a life began: an id that its objects carry from process to process, in a header. It is that of the life itself, or what
// push() was given.

import {
  HEADER_RECORDER_ID,
  HISTORY_ORIGIN,
  HISTORY_ORIGIN_BYTES,
  HISTORY_ORIGIN_TEXT,
  HISTORY_PUSH,
  HISTORY_SEED,
  OBJECT_STRING,
  ORIGIN_CHECK_SHIFT,
  ORIGIN_LENGTH_MASK,
  PUSH_KIND_MASK,
} from '../../assembly/layout.ts'

/** Of W3C trace context: version, trace, parent, flags. */
const TRACE_PARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-|$)/
const HASH_PRIME = 0x01000193

/** What stands at an address, in an image or in a recorder's own memory. */
type Word = (at: number, field: string) => number

/** The recorder's id. */
export const runOf = (word: Word): string =>
  hex32(word(HEADER_RECORDER_ID + 4, 'HEADER_RECORDER_ID')) +
  hex32(word(HEADER_RECORDER_ID, 'HEADER_RECORDER_ID'))

const hex32 = (word: number): string => word.toString(16).padStart(8, '0')

/** The origin of a life that began here: the recorder's id and the handle, both hexadecimal. */
export const ownOrigin = (run: string, handle: number): string => `${run}-${handle.toString(16)}`

/**
 * What is kept of an origin: of a `traceparent` the trace; else printable ASCII, cut after 32 letters, so that whoever gets
 * the same header keeps the same. '' for what is none.
 */
export function keptOrigin(given: unknown): string {
  if (typeof given !== 'string') return ''
  const text = given.trim()
  const trace = TRACE_PARENT.exec(text)?.[1]
  return trace ?? text.slice(0, HISTORY_ORIGIN_BYTES).replace(/[^\x21-\x7e]/g, '_')
}

/** What stands at HISTORY_ORIGIN before the text. */
export const originWord = (seed: number, text: string): number =>
  text.length | (check(seed, text) << ORIGIN_CHECK_SHIFT)

/** '' for a life that was pushed without one: a slot may hold what an earlier life had, which the check tells. */
export function readOrigin(word: Word, history: number): string {
  const kind = word(history + HISTORY_PUSH, 'HISTORY_PUSH') & PUSH_KIND_MASK
  if (kind === OBJECT_STRING) return ''
  const head = word(history + HISTORY_ORIGIN, 'HISTORY_ORIGIN')
  const length = head & ORIGIN_LENGTH_MASK
  if (length === 0 || length > HISTORY_ORIGIN_BYTES) return ''
  let text = ''
  for (let at = 0; at < length; at++) {
    const letters = word(history + HISTORY_ORIGIN_TEXT + (at & ~3), 'HISTORY_ORIGIN_TEXT')
    text += String.fromCharCode((letters >>> (8 * (at & 3))) & 0xff)
  }
  const seed = word(history + HISTORY_SEED, 'HISTORY_SEED')
  return originWord(seed, text) >>> 0 === head && /^[\x21-\x7e]+$/.test(text) ? text : ''
}

function check(seed: number, text: string): number {
  let hash = seed
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), HASH_PRIME)
  return hash >>> ORIGIN_CHECK_SHIFT
}
