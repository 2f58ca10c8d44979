// What the proxy records: three lists, one for each kind of object that threads share, and their verbs.

import { syslogList } from './syslog.mjs'

/**
 * As lines to a syslog daemon, which is what one did before there were histories; for comparison. `enabled`: an Int32Array's buffer.
 * @typedef {{ descriptor: number, enabled: SharedArrayBuffer }} Syslog
 */

/**
 * @param {import('struct-history').Recorder} recorder
 * @param {Syslog} [syslog] in place of histories
 */
export function sipHistories(recorder, syslog) {
  const verbs = recorder.verbs({
    REF: +1,
    UNREF: -1,
    DESTROY: 'end',
    STATE: 0,
    PASS: 0,
    TAKE: 0,
    SEND: 0,
    FAULT: 0,
  })
  const list = (name, window) =>
    syslog
      ? syslogList(name, syslog.descriptor, new Int32Array(syslog.enabled))
      : recorder.list(name, { window })
  return {
    connections: list('TCP con', 5_000),
    transactions: list('transaction', 20_000),
    dialogs: list('dialog', 10_000),
    verbs,
  }
}

/** @typedef {ReturnType<typeof sipHistories>} Histories */
