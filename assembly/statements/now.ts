// When and by whom: the thread of this instance, and what its events are stamped with.

import { HEADER_FLAG_COARSE, HEADER_FLAGS, HEADER_VERB_SWITCHES } from '../layout'
import * as host from './struct-history'

/** Tells the core to take the coarse cell. */
const COARSE: f64 = -1

let joined: i32 = -1
let isCoarse: bool = false
let isPrivate: bool = false
/** HEADER_VERB_SWITCHES, as it was at the last look. */
let seen: u32 = 0

/** The number of this thread. */
export function thread(): u32 {
  if (joined < 0) {
    joined = host.thread()
    isPrivate = host.isPrivate() != 0
    isCoarse = (host.readWord(HEADER_FLAGS) & HEADER_FLAG_COARSE) != 0
  }
  return joined
}

/** What to pass to the core as the time of an event. */
export function stamp(): f64 {
  if (!isCoarse) {
    seen = host.readWord(HEADER_VERB_SWITCHES)
    return host.stamp()
  }
  if (--host.left <= 0) {
    host.left = host.look()
    seen = host.readWord(HEADER_VERB_SWITCHES)
  }
  return COARSE
}

/** Whether some arguments must not be stored. */
export function hasPrivacy(): bool {
  return isPrivate
}

/** How often verbs were switched, as far as this thread knows. */
export function switches(): u32 {
  return seen
}
