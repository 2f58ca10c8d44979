// What becomes of a reply: its topmost Via names our transaction; it goes to where the request came from.

import { hostNumber } from './addresses.mjs'
import { ownRequest, parse, sentBy, withoutVia } from './message.mjs'
import * as t from './transactions.mjs'

/** @typedef {import('./cells.mjs').Ref} Ref @typedef {import('./message.mjs').Message} Message */

export class Replies {
  /** @param {import('./worker.mjs').Post} post */
  constructor(post) {
    this.post = post
  }

  /** @param {Message} reply */
  handle(reply) {
    const { transactions } = this.post
    const [, slot, id] = /^z9hG4bK\.(\d+)\.(\d+)$/.exec(reply.branch) ?? []
    const ref = slot && transactions.take(Number(slot), Number(id), 'reply, (%d)')
    if (!ref) return this.#pass(reply)
    // The reply to a CANCEL of our own has its branch.
    const isInvite = (transactions.get(ref, t.FLAGS) & t.IS_INVITE) !== 0
    if (isInvite === (reply.method === 'INVITE')) {
      if (reply.status < 200) this.#provisional(ref, reply)
      else if (reply.status < 300 && isInvite) this.#answered(ref, reply)
      else this.#final(ref, reply, isInvite)
    }
    transactions.unref(ref, 'reply done, (%d)')
  }

  #provisional(ref, reply) {
    const { transactions, settings } = this.post
    if (transactions.get(ref, t.STATE) !== t.TRYING || reply.status === 100) return
    transactions.start(ref, t.TIMER_NO_ANSWER, settings.noAnswer, t.TRYING)
    this.#sendBack(ref, reply)
  }

  /** A 2xx to an INVITE: further ones pass through without the transaction, which only waits. */
  #answered(ref, reply) {
    const { transactions, dialogs, settings, name } = this.post
    if (!transactions.swapState(ref, t.TRYING, t.ANSWERED)) return this.#pass(reply)
    const hold = transactions.stop(ref, t.ANSWERED)
    if (hold !== undefined) transactions.release(ref, hold, name)
    const dialog = transactions.dialog(ref)
    if (dialog && transactions.get(ref, t.FLAGS) & t.IS_INITIAL) dialogs.confirm(dialog)
    else if (dialog) dialogs.answered(dialog, reply.cseq, reply.status)
    transactions.letDialogGo(ref)
    this.#sendBack(ref, reply)
    transactions.letConnectionGo(ref)
    transactions.start(ref, t.TIMER_WAIT, settings.wait, t.ANSWERED)
  }

  #final(ref, reply, isInvite) {
    const { transactions, dialogs, settings, bug, now, sendUdp } = this.post
    if (isInvite) {
      const sent = parse(transactions.request(ref))
      const [host, port] = [t.TARGET_HOST, t.TARGET_PORT].map((n) => transactions.get(ref, n))
      if (sent) sendUdp(host, port, ownRequest(sent, 'ACK', reply.to))
    }
    if (!transactions.swapState(ref, t.TRYING, t.COMPLETED)) return
    const flags = transactions.get(ref, t.FLAGS)
    // BUG "timeout": the timer that waited for this reply runs, and its hold serves the next one. Unless it has fired
    // a moment ago, and a worker is about to be told: then that hold is on its way.
    const start = bug === 'timeout' ? 'restart' : 'start'
    if (isInvite) {
      transactions.words[transactions.at(ref.slot, t.INTERVAL)] = settings.t1
      transactions.words[transactions.at(ref.slot, t.UNTIL)] = now() + settings.ack
      transactions[start](ref, t.TIMER_FINAL, settings.t1, t.COMPLETED)
    } else transactions[start](ref, t.TIMER_WAIT, settings.wait, t.COMPLETED)
    const dialog = transactions.dialog(ref)
    if (dialog) {
      dialogs.answered(dialog, reply.cseq, reply.status)
      if (flags & (t.IS_INITIAL | t.IS_BYE)) dialogs.end(dialog, 'call over, (%d)')
      transactions.letDialogGo(ref)
    }
    transactions.keepReply(ref, withoutVia(reply))
    this.#sendBack(ref, reply)
  }

  #sendBack(ref, reply) {
    ref.history?.log(this.post.verbs.SEND, 'reply %d', reply.status)
    this.post.sendBack(ref, withoutVia(reply))
  }

  /** Without a transaction: a 2xx that comes again goes where the next Via says, anything else nowhere. */
  #pass(reply) {
    if (reply.method !== 'INVITE' || reply.status < 200 || reply.status > 299) return
    const text = withoutVia(reply)
    const next = parse(text)
    const to = next && sentBy(next.vias)
    if (to?.transport === 'UDP') this.post.sendUdp(hostNumber(to.host), to.port, text)
  }
}
