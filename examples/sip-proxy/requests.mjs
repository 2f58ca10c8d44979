// What becomes of a request: a transaction of its own, and on it goes; or it belongs to one that there is.

import { keyOf } from './cells.mjs'
import { CALLER_HOST, CALLER_PORT } from './dialogs.mjs'
import { forwarded, ownReply, ownRequest, parse } from './message.mjs'
import * as t from './transactions.mjs'

/** @typedef {import('./cells.mjs').Ref} Ref @typedef {import('./message.mjs').Message} Message */

export class Requests {
  /** @param {import('./worker.mjs').Post} post */
  constructor(post) {
    this.post = post
  }

  /**
   * @param {Message} request
   * @param {number} host where it came from
   * @param {number} port
   * @param {Ref | undefined} connection by TCP
   */
  handle(request, host, port, connection) {
    if (request.method === 'ACK') return this.#ack(request, host, port)
    if (request.method === 'CANCEL') return this.#cancel(request, host, port, connection)
    const { transactions } = this.post
    const key = transactionKey(request, request.method)
    const known = transactions.find(key, 'retransmission, (%d)')
    if (!known) return this.#begin(request, key, host, port, connection)
    const reply = transactions.reply(known)
    if (reply !== '') this.post.sendBack(known, reply)
    transactions.unref(known, 'retransmission done, (%d)')
  }

  #begin(request, key, host, port, connection) {
    const { transactions, dialogs, settings, verbs, bug } = this.post
    const { method, toTag } = request
    const isInvite = method === 'INVITE'
    const isInitial = isInvite && toTag === ''
    const dialog = isInitial
      ? this.#openDialog(request, host, port, connection)
      : dialogs.find(keyOf(request.callId), 'request, (%d)')
    if (!dialog) return this.#refuse(request, host, port, connection, isInitial ? 503 : 481)
    const [targetHost, targetPort] = this.#target(dialog, host, port)
    const ref = transactions.open(
      'request, (%d)',
      (slot) => {
        const set = (field, value) => {
          transactions.words[transactions.at(slot, field)] = value
        }
        set(t.SOURCE_HOST, host)
        set(t.SOURCE_PORT, port)
        set(t.TARGET_HOST, targetHost)
        set(t.TARGET_PORT, targetPort)
        const isBye = method === 'BYE'
        set(
          t.FLAGS,
          (isInvite ? t.IS_INVITE : 0) |
            (isInitial ? t.IS_INITIAL : 0) |
            (isBye ? t.IS_BYE : 0) |
            (connection ? t.BY_TCP : 0),
        )
      },
      key,
    )
    if (!ref) {
      if (isInitial) dialogs.end(dialog, 'refused, (%d)')
      dialogs.unref(dialog, 'request done, (%d)')
      return this.#refuse(request, host, port, connection, 503)
    }
    transactions.enterTable(ref)
    transactions.setDialog(ref, dialog)
    // BUG "reinvite": the dialog is confirmed, so it has the reference of the call; why take another one for a short
    // request within it?
    const isReinvite = isInvite && !isInitial
    if (!(isReinvite && bug === 'reinvite')) transactions.holdDialog(ref, dialog)
    transactions.setConnection(ref, connection)
    // BUG "slot": a BYE is answered at once, and its sender waits for that.
    if (!(method === 'BYE' && bug === 'slot')) transactions.holdConnection(ref, connection)
    if (isInvite) this.#answer(ref, request, 100, 'Trying')
    const via = `SIP/2.0/UDP ${settings.address};branch=z9hG4bK.${ref.slot}.${ref.id}`
    const route = isInitial ? `Record-Route: <sip:${settings.address};lr>\r\n` : ''
    // The next proxy's life of this call belongs to ours.
    const origin = isInitial && request.origin === '' ? dialog.history?.origin : ''
    const header = origin ? `Struct-History-Origin: ${origin}\r\n` : ''
    const onward = forwarded(request, via, route + header)
    transactions.keepRequest(ref, onward)
    const now = this.post.now()
    transactions.words[transactions.at(ref.slot, t.INTERVAL)] = settings.t1
    transactions.words[transactions.at(ref.slot, t.UNTIL)] = now + settings.noReply
    transactions.start(ref, t.TIMER_REQUEST, settings.t1, t.TRYING)
    ref.history?.log(verbs.SEND, 'request %d to port %d', request.cseq, targetPort)
    this.post.sendUdp(targetHost, targetPort, onward)
    transactions.unref(ref, 'request done, (%d)')
    dialogs.unref(dialog, 'request done, (%d)')
  }

  #openDialog(request, host, port, connection) {
    const { dialogs } = this.post
    const dialog = dialogs.open(
      'call, (%d)',
      (slot) => {
        dialogs.words[dialogs.at(slot, CALLER_HOST)] = connection ? 0 : host
        dialogs.words[dialogs.at(slot, CALLER_PORT)] = connection ? 0 : port
      },
      keyOf(request.callId),
      request.origin,
    )
    if (dialog) dialogs.ref(dialog, 'request, (%d)')
    return dialog
  }

  /** The callee is asked by whom it does not come from; the caller where its INVITE came from. */
  #target(dialog, host, port) {
    const { dialogs, settings } = this.post
    if (port !== settings.calleePort || host !== settings.calleeHost)
      return [settings.calleeHost, settings.calleePort]
    const { words } = dialogs
    return [
      words[dialogs.at(dialog.slot, CALLER_HOST)],
      words[dialogs.at(dialog.slot, CALLER_PORT)],
    ]
  }

  #ack(request, host, port) {
    const { transactions, dialogs, settings, sendUdp } = this.post
    const invite = transactions.find(transactionKey(request, 'INVITE'), 'ack, (%d)')
    if (invite) {
      const isAnswered = transactions.get(invite, t.STATE) === t.ANSWERED
      if (transactions.swapState(invite, t.COMPLETED, t.CONFIRMED))
        transactions.start(invite, t.TIMER_WAIT, settings.wait, t.CONFIRMED)
      transactions.unref(invite, 'ack done, (%d)')
      if (!isAnswered) return
    }
    // Of a 2xx: it goes from end to end, and belongs to no transaction.
    const dialog = dialogs.find(keyOf(request.callId), 'ack, (%d)')
    if (!dialog) return
    const [targetHost, targetPort] = this.#target(dialog, host, port)
    const via = `SIP/2.0/UDP ${settings.address};branch=z9hG4bK.ack.${request.branch}`
    sendUdp(targetHost, targetPort, forwarded(request, via, ''))
    dialogs.unref(dialog, 'ack done, (%d)')
  }

  #cancel(request, host, port, connection) {
    const { transactions, settings, bug, verbs, name } = this.post
    const ref = transactions.find(transactionKey(request, 'INVITE'), 'cancel, (%d)')
    if (!ref) return this.#refuse(request, host, port, connection, 481)
    // From here on the callee has less time to answer: its timer is stopped, and another started.
    // BUG "cancel": whether it runs is looked at now, and it is stopped when the messages are made.
    const hold = bug === 'cancel' ? transactions.timerHold(ref) : transactions.stop(ref, t.TRYING)
    this.#answer(ref, request, 200, 'OK')
    const sent = parse(transactions.request(ref))
    if (sent && transactions.get(ref, t.STATE) === t.TRYING) {
      ref.history?.log(verbs.SEND, 'cancel')
      this.#onward(ref, ownRequest(sent, 'CANCEL', sent.to))
    }
    if (bug === 'cancel') transactions.stop(ref, t.TRYING)
    if (hold !== undefined) transactions.release(ref, hold, name)
    transactions.start(ref, t.TIMER_NO_ANSWER, settings.cancelled, t.TRYING)
    transactions.unref(ref, 'cancel done, (%d)')
  }

  #onward(ref, text) {
    const { transactions, sendUdp } = this.post
    sendUdp(transactions.get(ref, t.TARGET_HOST), transactions.get(ref, t.TARGET_PORT), text)
  }

  #answer(ref, request, status, reason) {
    this.post.sendBack(ref, ownReply(request, status, reason, request.vias))
  }

  #refuse(request, host, port, connection, status) {
    const { sendUdp, sendTcp } = this.post
    const text = ownReply(request, status, REASONS[status], request.vias)
    if (connection) sendTcp(connection, text)
    else sendUdp(host, port, text)
  }
}

const REASONS = { 481: 'Call/Transaction Does Not Exist', 503: 'Service Unavailable' }

/**
 * An ACK or a CANCEL has the number of its INVITE.
 * @param {Message} request
 * @param {string} method
 */
export function transactionKey({ callId, fromTag, cseq }, method) {
  return keyOf(`${callId} ${fromTag} ${cseq} ${method}`)
}
