// The six bugs: what each is, and the load that brings it out. Where each lies in the code, a comment says BUG.

/**
 * @typedef {object} Bug
 * @property {string} what
 * @property {string} load for main.mjs
 * @property {Partial<import('./proxy.mjs').SETTINGS>} [settings]
 * @property {number} [mailbox]
 */

/** @type {Record<string, Bug>} */
export const BUGS = {
  timeout: {
    what: 'too few references: the callee rejects at the moment when the proxy gives up waiting',
    load: 'late',
    settings: { noAnswer: 250, ack: 600, wait: 200 },
  },
  cancel: {
    what: 'one reference dropped twice: a CANCEL crosses the 200',
    load: 'cancel',
  },
  'lost-ack': {
    what: 'a transaction that is never let go: its ACK was lost',
    load: 'busy',
    settings: { t1: 200, ack: 600, wait: 200 },
  },
  reinvite: {
    what: 'a dialog destroyed while a re-INVITE runs: the BYE crosses it',
    load: 'reinvite',
  },
  slot: {
    what: 'a reply to a connection whose slot has another one by now: the caller hung up and closed',
    load: 'tcp',
  },
  handover: {
    what: 'a timer passed to a worker that never gets it: its mailbox is full',
    load: 'answer',
    settings: { wait: 400, tick: 200 },
    mailbox: 32,
  },
}
