// What the proxy records: three lists, one for each kind of object that threads share, and their verbs.

import { syslogList } from './syslog.mjs'

/**
 * How: in histories; nowhere, the lists being switched off; or as lines to a syslog daemon, which is what one did before.
 * @typedef {{ kind: 'on' } | { kind: 'off' } | { kind: 'syslog', descriptor: number }} Mode
 */

/**
 * @param {import('struct-history').Recorder} recorder
 * @param {Mode} [mode]
 */
export function sipHistories(recorder, mode = { kind: 'on' }) {
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
    mode.kind === 'syslog'
      ? syslogList(name, mode.descriptor)
      : recorder.list(name, { window, enabled: mode.kind === 'on' })
  return {
    connections: list('TCP con', 5_000),
    transactions: list('transaction', 20_000),
    dialogs: list('dialog', 10_000),
    verbs,
  }
}

/** @typedef {ReturnType<typeof sipHistories>} Histories */
