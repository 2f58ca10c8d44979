// The text of an event: its arguments where they need more than three words. It stands in a block of its own, and goes
// on in the next ones where it is longer.

import {
  BLOCK_BYTES,
  BLOCK_HEADER_BYTES,
  BLOCK_NEXT,
  BLOCK_ORDINAL,
  CHUNK_BYTES,
  EVENTS_PER_BLOCK,
  TEXT_BYTES_MAX,
  TEXT_CHECK,
  TEXT_DATA,
  TEXT_LENGTH,
} from '../../assembly/layout.ts'
import { belongsTo } from './blocks.ts'
import { type ImageBytes, ImageError } from './bytes.ts'
import { bytesCheck, textSeed } from './check.ts'
import type { Life } from './life.ts'

const ALIGNMENT = 4

/**
 * The bytes of the text at `address`, whole and of this event, or an ImageError. Undefined when its block has gone to
 * another event: a copy of living memory may hold an event of before and a block of after that.
 */
export function readText(
  bytes: ImageBytes,
  life: Life,
  index: number,
  address: number,
): Uint8Array | undefined {
  const refuse = (offset: number, field: string, expected: string, found: string) =>
    new ImageError('read the text', bytes.source, { offset, field, expected, found })

  const position = address % BLOCK_BYTES
  const isAligned = address % ALIGNMENT === 0 && position >= BLOCK_HEADER_BYTES
  if (!isAligned || address < CHUNK_BYTES || position + TEXT_DATA > BLOCK_BYTES)
    throw refuse(address, 'the address of a text', 'one in the data of a block', `${address}`)
  let block = address - position
  // Of this block of events, too: the same text may stand at the same place of another life of the same kind.
  const ordinal = Math.floor(index / EVENTS_PER_BLOCK)
  const isOurs = (at: number) =>
    belongsTo(bytes, at, life) && bytes.u32(at + BLOCK_ORDINAL, 'BLOCK_ORDINAL') === ordinal
  if (!isOurs(block)) return undefined
  const check = bytes.acquireU32(address + TEXT_CHECK, 'TEXT_CHECK')
  const length = bytes.u32(address + TEXT_LENGTH, 'TEXT_LENGTH')
  // Only a text that has its first block to itself may go on in others.
  const inBlock = BLOCK_BYTES - position - TEXT_DATA
  const most = position === BLOCK_HEADER_BYTES ? TEXT_BYTES_MAX : inBlock
  if (length > most)
    throw refuse(address + TEXT_LENGTH, 'TEXT_LENGTH', `at most ${most}`, `${length}`)

  let text = bytes.copy(address + TEXT_DATA, Math.min(length, inBlock), 'TEXT_DATA')
  if (length > inBlock) {
    const whole = new Uint8Array(length)
    whole.set(text)
    const taken = new Set([block])
    for (let at = inBlock; at < length; at += BLOCK_BYTES - BLOCK_HEADER_BYTES) {
      const named = bytes.u32(block + BLOCK_NEXT, 'BLOCK_NEXT')
      const next = named * BLOCK_BYTES
      if (next < CHUNK_BYTES || taken.has(next) || !isOurs(next))
        throw refuse(
          block + BLOCK_NEXT,
          'BLOCK_NEXT',
          `a further block of ${life.name()}`,
          `${named}`,
        )
      block = next
      taken.add(block)
      const count = Math.min(length - at, BLOCK_BYTES - BLOCK_HEADER_BYTES)
      whole.set(bytes.copy(block + BLOCK_HEADER_BYTES, count, 'text'), at)
    }
    text = whole
  }
  const sum = bytesCheck(text, textSeed(index))
  if (sum !== check) throw refuse(address + TEXT_CHECK, 'TEXT_CHECK', `${sum}`, `${check}`)
  return text
}
