// Dialogs: a call, from its INVITE until the BYE was answered. The table's reference stands for the call itself; each
// transaction within the dialog has one more.

import { Cells, OWN } from './cells.mjs'

export const CALLER_HOST = OWN + 1
export const CALLER_PORT = OWN + 2
const STATE = OWN

// 0: early.
const CONFIRMED = 1
const ENDED = 2

/** @typedef {import('./cells.mjs').Ref} Ref */

export class Dialogs extends Cells {
  /**
   * @param {import('./cells.mjs').Memory} memory
   * @param {import('./histories.mjs').Histories} histories
   */
  constructor(memory, { dialogs, verbs }) {
    super(memory, { name: 'dialog', address: 0x7f95c2000000, list: dialogs, verbs })
  }

  /** @param {Ref} dialog */
  confirm(dialog) {
    this.#enter(dialog, CONFIRMED, 'confirmed')
  }

  /**
   * Notes what a transaction within the dialog came to.
   * @param {Ref} dialog
   * @param {number} cseq
   * @param {number} status
   */
  answered(dialog, cseq, status) {
    this.lock(dialog)
    dialog.history?.log(this.verbs.STATE, 'request %d answered %d', cseq, status)
    this.unlock(dialog)
  }

  /**
   * The call is over; both sides may say so at once.
   * @param {Ref} dialog
   * @param {string} why with one %d, the count
   */
  end(dialog, why) {
    if (!this.leave(dialog)) return
    this.#enter(dialog, ENDED, 'ended')
    this.unref(dialog, why)
  }

  #enter(dialog, state, text) {
    this.lock(dialog)
    const at = this.at(dialog.slot, STATE)
    if (this.words[at] < state) {
      this.words[at] = state
      dialog.history?.log(this.verbs.STATE, text)
    }
    this.unlock(dialog)
  }
}
