// The recorder whose imports this instance was given.

import {
  EVENTS_MAX,
  MAX_TEXT_LIMIT,
  PACKED_END,
  PACKED_THREAD_SHIFT,
  ROLE_END,
  ROLE_NONE,
  ROLE_REF,
  ROLE_UNREF,
} from '../layout'
import { List } from './list'
import { thread } from './now'
import { idOf } from './strings'
import { createList, defineVerb, findList } from './struct-history'
import { STATEMENTS } from './switch'
import { Verb } from './verb'

/** The role of a verb that destroys the object. */
export const END: i32 = 2

export namespace recorder {
  /**
   * The list of this name: made now, or by any thread before, in either language, then with the options it was made with.
   * Without room for it in the recorder it records nothing; its pushes are counted as dropped.
   */
  export function list(
    name: string,
    window: u32 = 10_000,
    maxEvents: u32 = 300,
    maxText: u32 = 128,
  ): List {
    if (!STATEMENTS) return changetype<List>(<usize>0)
    thread()
    const id = idOf(name)
    let address: usize = 0
    if (id != 0) address = findList(id)
    if (address == 0 && id != 0) {
      const events = min<u32>(max<u32>(maxEvents, 1), EVENTS_MAX)
      address = createList(id, window & 0x7fffffff, events, min<u32>(maxText, MAX_TEXT_LIMIT), 0, 0)
    }
    return new List(address)
  }

  /**
   * The verb of this name, with what it does to the object: +1 takes a reference, -1 releases one, 0 neither, END destroys
   * it. The same name again is the same verb, in every thread and in either language.
   */
  export function verb(name: string, role: i32): Verb {
    if (!STATEMENTS) return changetype<Verb>(<usize>0)
    const isEnd = role == END
    const number = isEnd ? ROLE_END : role > 0 ? ROLE_REF : role < 0 ? ROLE_UNREF : ROLE_NONE
    const packed = (thread() << PACKED_THREAD_SHIFT) | (isEnd ? PACKED_END : 0)
    const id = idOf(name)
    return new Verb(id == 0 ? -1 : defineVerb(id, number, 0), packed, isEnd)
  }
}
