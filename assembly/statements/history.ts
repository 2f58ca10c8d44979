// One life, as an instance of a module holds it.

import { EVENT_TAG_BITS, HISTORY_NUMBER_BITS, HISTORY_SHIFT } from '../layout'
import { List } from './list'
import { logText, logWords, Nothing, tag, word } from './log'
import { thread } from './now'
import * as host from './struct-history'
import { STATEMENTS } from './switch'
import { Verb } from './verb'

@final
export class History {
  constructor(
    readonly list: List,
    readonly address: usize,
    readonly generation: u32,
  ) {}

  /** A number that names this history in every thread and in either language: list.at(handle). 0: it records nothing. */
  @inline
  get handle(): f64 {
    if (!STATEMENTS) return 0
    return (
      <f64>this.generation * <f64>(1 << HISTORY_NUMBER_BITS) + <f64>(this.address >> HISTORY_SHIFT)
    )
  }

  /**
   * Records an event; true when it was recorded. `format` is C printf, formatted when it is read; up to three arguments:
   * integers, floats, booleans, strings. What is no signed integer of up to 32 bits costs a text. Never waits. Never throws.
   */
  @inline
  log<A = Nothing, B = Nothing, C = Nothing>(
    verb: Verb,
    format: string = '',
    a: A = changetype<A>(<usize>0),
    b: B = changetype<B>(<usize>0),
    c: C = changetype<C>(<usize>0),
  ): bool {
    if (!STATEMENTS) return false
    // Words: nothing, or an integer that an i32 can hold. Said in full, as asc leaves out only what its own words exclude.
    if (
      ((isReference<A>() && !isManaged<A>()) ||
        (isInteger<A>() &&
          !isBoolean<A>() &&
          (sizeof<A>() < 4 || (sizeof<A>() == 4 && isSigned<A>())))) &&
      ((isReference<B>() && !isManaged<B>()) ||
        (isInteger<B>() &&
          !isBoolean<B>() &&
          (sizeof<B>() < 4 || (sizeof<B>() == 4 && isSigned<B>())))) &&
      ((isReference<C>() && !isManaged<C>()) ||
        (isInteger<C>() &&
          !isBoolean<C>() &&
          (sizeof<C>() < 4 || (sizeof<C>() == 4 && isSigned<C>()))))
    ) {
      const tags = tag<A>() | (tag<B>() << EVENT_TAG_BITS) | (tag<C>() << (2 * EVENT_TAG_BITS))
      return logWords(this, verb, format, tags, word<A>(a), word<B>(b), word<C>(c))
    } else return logText<A, B, C>(this, verb, format, a, b, c)
  }

  /** Pins the history beyond the window until unref(); false when it is gone. */
  @inline
  ref(): bool {
    if (!STATEMENTS) return false
    return this.address != 0 && host.ref(this.address, this.generation) != 0
  }

  /** Releases a reference: one of ref(), last of all the pusher's own. */
  @inline
  unref(): bool {
    if (!STATEMENTS) return false
    return this.address != 0 && host.unref(this.address, this.generation, thread()) != 0
  }
}
