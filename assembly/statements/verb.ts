// A verb, as an instance of a module holds it; made by recorder.verb().

import {
  EVENT_STATEMENT_SHIFT,
  STATEMENT_PLAIN_BITS,
  STRING_ID_CHUNK_SHIFT,
  VERB_BYTES,
  VERB_FLAG_OFF,
  VERB_FLAGS_SHIFT,
  VERB_ROLE_SHIFT,
  VERB_TABLE,
} from '../layout'
import { hasPrivacy, switches } from './now'
import { isLiteral, statementOf } from './strings'
import { hidden, readWord } from './struct-history'

const NONE: usize = <usize>-1
const UPPER_WORD: usize = VERB_BYTES / 2
const OFF: u32 = VERB_FLAG_OFF << (VERB_FLAGS_SHIFT - VERB_ROLE_SHIFT)

@final
export class Verb {
  /** The literal that it was last logged with, and what the core is told then: most call sites repeat. */
  private lastFormat: usize = NONE
  private lastWhat: u32 = 0
  /** Which arguments of the format that it was last logged with must not be stored. */
  hidden: u32 = 0
  /** At how many switches of verbs `isOn` was looked up. */
  private seen: u32 = <u32>-1
  private isOn: bool = false

  /** `id` below 0: the recorder's table of verbs is full, so it records nothing. */
  constructor(
    readonly id: i32,
    readonly packed: u32,
    readonly isEnd: bool,
  ) {}

  /** As this thread sees it at its looks at the clock. */
  isRecorded(): bool {
    const now = switches()
    if (now != this.seen) {
      this.seen = now
      this.isOn =
        this.id >= 0 &&
        (readWord(<usize>(VERB_TABLE + this.id * VERB_BYTES) + UPPER_WORD) & OFF) == 0
    }
    return this.isOn
  }

  /** Verb and format, as the core is told. */
  what(format: string): u32 {
    const address = changetype<usize>(format)
    if (address == this.lastFormat) return this.lastWhat
    const statement = statementOf(this.id, format)
    this.lastFormat = isLiteral(format) ? address : NONE
    this.lastWhat = (statement != 0 ? statement : this.plainStatement()) << EVENT_STATEMENT_SHIFT
    if (hasPrivacy()) this.hidden = hidden(statement)
    return this.lastWhat
  }

  private plainStatement(): u32 {
    const offset = <u32>this.id & ((1 << STATEMENT_PLAIN_BITS) - 1)
    return ((<u32>this.id >> STATEMENT_PLAIN_BITS) << STRING_ID_CHUNK_SHIFT) | offset
  }
}
