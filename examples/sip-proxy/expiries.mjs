// What becomes of a timer that is due: the timer thread passed it, and its hold, to this worker.

import { ownReply, ownRequest, parse, withoutVia } from './message.mjs'
import * as t from './transactions.mjs'

/** @typedef {import('./cells.mjs').Ref} Ref */

export class Expiries {
  /** @param {import('./worker.mjs').Post} post */
  constructor(post) {
    this.post = post
  }

  /**
   * @param {number} kind
   * @param {Ref} ref
   * @param {number} hold
   */
  handle(kind, ref, hold) {
    const { transactions, verbs, name } = this.post
    ref.history?.log(verbs.TAKE, 'timer %d', kind)
    if (kind === t.TIMER_REQUEST) this.#requestUnanswered(ref)
    if (kind === t.TIMER_NO_ANSWER) this.#giveUp(ref)
    if (kind === t.TIMER_FINAL) this.#replyUnacknowledged(ref)
    if (kind === t.TIMER_WAIT) transactions.remove(ref, name)
    transactions.release(ref, hold, name)
  }

  #requestUnanswered(ref) {
    const { transactions, sendUdp, now } = this.post
    if (transactions.get(ref, t.STATE) !== t.TRYING) return
    if (now() >= transactions.get(ref, t.UNTIL)) return this.#giveUp(ref)
    sendUdp(
      transactions.get(ref, t.TARGET_HOST),
      transactions.get(ref, t.TARGET_PORT),
      transactions.request(ref),
    )
    this.#again(ref, t.TIMER_REQUEST, t.TRYING)
  }

  #giveUp(ref) {
    const { transactions, dialogs, settings, sendUdp, sendBack, now, verbs } = this.post
    if (!transactions.swapState(ref, t.TRYING, t.COMPLETED)) return
    const flags = transactions.get(ref, t.FLAGS)
    const sent = parse(transactions.request(ref))
    if (sent) {
      const [host, port] = [t.TARGET_HOST, t.TARGET_PORT].map((n) => transactions.get(ref, n))
      if (flags & t.IS_INVITE) sendUdp(host, port, ownRequest(sent, 'CANCEL', sent.to))
      const asked = parse(withoutVia(sent))
      const reply = asked ? ownReply(asked, 408, 'Request Timeout', asked.vias) : ''
      transactions.keepReply(ref, reply)
      ref.history?.log(verbs.SEND, 'reply %d', 408)
      sendBack(ref, reply)
    }
    transactions.words[transactions.at(ref.slot, t.INTERVAL)] = settings.t1
    transactions.words[transactions.at(ref.slot, t.UNTIL)] = now() + settings.ack
    if (flags & t.IS_INVITE) transactions.start(ref, t.TIMER_FINAL, settings.t1, t.COMPLETED)
    else transactions.start(ref, t.TIMER_WAIT, settings.wait, t.COMPLETED)
    const dialog = transactions.dialog(ref)
    if (dialog && flags & (t.IS_INITIAL | t.IS_BYE)) dialogs.end(dialog, 'no answer, (%d)')
    transactions.letDialogGo(ref)
  }

  #replyUnacknowledged(ref) {
    const { transactions, sendBack, now, bug, name } = this.post
    if (transactions.get(ref, t.STATE) !== t.COMPLETED) return
    if (now() >= transactions.get(ref, t.UNTIL)) {
      // BUG "lost-ack": only the ACK lets the transaction go.
      if (bug !== 'lost-ack') transactions.remove(ref, name)
      return
    }
    if (!(transactions.get(ref, t.FLAGS) & t.BY_TCP)) sendBack(ref, transactions.reply(ref))
    this.#again(ref, t.TIMER_FINAL, t.COMPLETED)
  }

  #again(ref, kind, state) {
    const { transactions } = this.post
    const interval = transactions.get(ref, t.INTERVAL) * 2
    transactions.words[transactions.at(ref.slot, t.INTERVAL)] = interval
    transactions.again(ref, kind, interval, state)
  }
}
