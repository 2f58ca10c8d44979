// The option `check: true`: what can be seen of a bug while it happens, for the price of one load an event. The core marks
// the event in any case; here somebody is told.

import {
  CONTROL_ENDED,
  CONTROL_RELEASED,
  HISTORY_CONTROL,
  ROLE_END,
} from '../../assembly/layout.ts'
import { holdsLife, refsOf } from '../image/control.ts'
import type { History } from './history.ts'
import type { Verb } from './verbs.ts'
import type { Writer } from './writer.ts'

/** Of the kinds of `shdb check`, those that one event alone proves. */
export type LiveKind =
  | 'use-after-end'
  | 'double-end'
  | 'log-after-last-unref'
  | 'unref-below-zero'
  | 'double-release'

/** Lives that were told of: one that goes on and on is told once. */
const REMEMBERED_MAX = 1000

/** Watches the lists of one thread that ask for it. */
export class LiveCheck {
  readonly #writer: Writer
  readonly #tell: (kind: LiveKind, history: History) => void
  readonly #told = new Set<number>()
  #isTelling = false

  constructor(writer: Writer, tell: (kind: LiveKind, history: History) => void) {
    this.#writer = writer
    this.#tell = tell
  }

  /**
   * The lower half of the control word, to be read before an event is logged. What it says of the end stays true as long as
   * the life stands; an end that another thread logs between this and the event goes unseen here, not in the image.
   */
  stateOf(history: History): number {
    return this.#writer.instance.word(history.address + HISTORY_CONTROL)
  }

  /** After an event that was recorded: is it one that should not be? */
  logged(history: History, verb: Verb, state: number): void {
    if ((state & (CONTROL_ENDED | CONTROL_RELEASED)) === 0) return
    if ((state & CONTROL_ENDED) !== 0)
      this.found(verb.roleNumber === ROLE_END ? 'double-end' : 'use-after-end', history)
    else if (refsOf(state) === 0) this.found('log-after-last-unref', history)
  }

  /** After an unref() that was refused: the history is gone, or there was nothing to release. */
  refused(history: History): void {
    const state = this.stateOf(history)
    if (holdsLife(state, history.generation)) this.found('unref-below-zero', history)
  }

  /** Once for each life. What the telling itself logs is not looked at. */
  found(kind: LiveKind, history: History): void {
    const { handle } = history
    if (this.#isTelling || this.#told.has(handle)) return
    if (this.#told.size >= REMEMBERED_MAX) this.#told.clear()
    this.#told.add(handle)
    this.#isTelling = true
    try {
      this.#tell(kind, history)
    } finally {
      this.#isTelling = false
    }
  }
}
