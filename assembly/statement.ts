// Verb and format of an event, as one number.

import {
  STATEMENT_DIGIT_BITS,
  STATEMENT_PLAIN_BITS,
  STRING_DATA,
  STRING_ID_CHUNK_SHIFT,
} from './layout'
import { peek16 } from './shared'
import { stringAt } from './strings'

const DIGIT_MASK: u32 = (1 << STATEMENT_DIGIT_BITS) - 1
const OFFSET_MASK: u32 = (1 << STRING_ID_CHUNK_SHIFT) - 1

/** The number of a statement's verb. */
export function verbOf(statement: u32): u32 {
  const offset = statement & OFFSET_MASK
  if (offset >> STATEMENT_PLAIN_BITS == 0)
    return ((statement >> STRING_ID_CHUNK_SHIFT) << STATEMENT_PLAIN_BITS) | offset
  const digits = peek16(stringAt(statement) + STRING_DATA)
  return ((digits & DIGIT_MASK) << STATEMENT_DIGIT_BITS) | ((digits >> 8) & DIGIT_MASK)
}
