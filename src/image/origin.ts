// Where a life began: an id that its objects carry from process to process, in a header. It is that of the life itself, or what
// push() was given.

import {
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
import type { ImageBytes } from './bytes.ts'

/** Of W3C trace context: version, trace, parent, flags. */
const TRACE_PARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-|$)/
const HASH_PRIME = 0x01000193

/** The origin of a life that began here: the recorder's id and the handle, both hexadecimal. */
export const ownOrigin = (run: string, handle: number): string => `${run}-${handle.toString(16)}`

/**
 * What is kept of an origin: of a `traceparent` the trace; else printable ASCII, cut after 32 letters, so that whoever gets the same
 * header keeps the same. '' for what is none.
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
export function readOrigin(bytes: ImageBytes, history: number): string {
  const kind = bytes.u32(history + HISTORY_PUSH, 'HISTORY_PUSH') & PUSH_KIND_MASK
  if (kind === OBJECT_STRING) return ''
  const word = bytes.u32(history + HISTORY_ORIGIN, 'HISTORY_ORIGIN')
  const length = word & ORIGIN_LENGTH_MASK
  if (length === 0 || length > HISTORY_ORIGIN_BYTES) return ''
  const text = bytes.text(history + HISTORY_ORIGIN_TEXT, length, 'HISTORY_ORIGIN_TEXT')
  const seed = bytes.u32(history + HISTORY_SEED, 'HISTORY_SEED')
  return originWord(seed, text) >>> 0 === word && /^[\x21-\x7e]+$/.test(text) ? text : ''
}

function check(seed: number, text: string): number {
  let hash = seed
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), HASH_PRIME)
  return hash >>> ORIGIN_CHECK_SHIFT
}
