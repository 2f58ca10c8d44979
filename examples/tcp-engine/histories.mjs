// What the engine records: one list, the verbs of the original's TCP engine, and one for the last gasp.

/** @param {import('struct-history').Recorder} recorder */
export function tcpHistories(recorder) {
  return {
    connections: recorder.list('TCP con', { window: 10_000 }),
    verbs: recorder.verbs({
      TCP_REF: +1,
      TCP_UNREF: -1,
      TCP_SEND2CHILD: 0,
      TCP_DESTROY: 'end',
      TCP_FAULT: 0,
    }),
  }
}

/** @typedef {ReturnType<typeof tcpHistories>} Histories */
