// What is current in one image: the event that was printed or chosen last, as gdb's selected frame, and a thread.

import type { Event, History, Thread } from '../image/image.ts'
import { CommandError } from './messages.ts'

/** One event where it stands. */
export interface Place {
  readonly history: History
  /** Among the events that are left, from 0: its index in `actions`. */
  readonly position: number
  readonly event: Event
}

export class Selection {
  #place: Place | undefined
  #thread: Thread | undefined

  /** The current event, or undefined. */
  get place(): Place | undefined {
    return this.#place
  }

  /** The thread that was chosen, if one was since an event was. */
  get chosenThread(): Thread | undefined {
    return this.#thread
  }

  /** Makes an event current; with it comes its thread, until another is chosen. */
  choose(place: Place): void {
    this.#place = place
    this.#thread = undefined
  }

  /** Makes a thread current, and an event of it. */
  chooseThread(thread: Thread | undefined, last: Place | undefined): void {
    this.#place = last
    this.#thread = thread
  }

  /** What is current now, to come back to. */
  save(): () => void {
    const place = this.#place
    const thread = this.#thread
    return () => {
      this.#place = place
      this.#thread = thread
    }
  }

  /** The current event, or a sentence that says that there is none. */
  get event(): Place {
    if (this.#place === undefined) throw new CommandError(NO_EVENT)
    return this.#place
  }
}

const NO_EVENT = 'No event selected.  Use the "history", "find" or "event" command.'
