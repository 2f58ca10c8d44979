// What every runtime does with a log of histories: in this thread, at idle moments.

import { describe, expect, test, vi } from 'vitest'
import { Recorder } from '../../src/index.ts'
import {
  historyLog,
  type LineRecord,
  logTape,
  post,
  syslog,
  toConsole,
} from '../../src/sinks/index.ts'

function recording(
  write: (lines: readonly string[], records: readonly LineRecord[]) => void,
  options = {},
) {
  const log = historyLog((lines, records) => write(lines, records), { interval: 1, ...options })
  const recorder = new Recorder({ name: 'proxy', sinks: [log], budget: '1MiB' })
  const verbs = recorder.verbs({ REF: +1, UNREF: -1, END: 'end' })
  return { log, recorder, verbs, list: recorder.list('TCP con', { window: 100, autoLog: true }) }
}

describe('a log of histories', () => {
  test('gets a header and a line an event of each history that ended, in order', async () => {
    const lines: string[] = []
    const { log, list, verbs, recorder } = recording((batch) => lines.push(...batch))
    const history = list.push(0x7f95acf6ea60)
    history.log(verbs.REF, 'connect, (%d)', 1)
    history.log(verbs.END, 'bye')
    list.push(2).log(verbs.REF, 'not ended')
    expect(lines).toEqual([])
    expect(await log.flush()).toBe(true)
    expect(lines).toHaveLength(3)
    expect(lines[0]).toMatch(
      /^\[struct-history-life@32473 .* object="0x7f95acf6ea60" .* events="2"\]/,
    )
    expect(lines[1]).toMatch(
      / index="0" .* verb="REF" role="ref" site="" lost="0"\] connect, \(1\)$/,
    )
    expect(lines[2]).toMatch(/ index="1" .* verb="END" role="end" site="" lost="0"\] bye$/)
    expect(recorder.stats()).toMatchObject({
      historiesWritten: 1,
      eventsWritten: 2,
      linesWritten: 3,
    })
  })

  test('gets what flush() and trigger() say, each event once', async () => {
    const records: LineRecord[] = []
    const { log, list, verbs, recorder } = recording((_, batch) => records.push(...batch))
    const history = list.push('con 1')
    history.log(verbs.REF, 'one')
    expect(history.flush()).toBe(1)
    expect(history.flush()).toBe(0)
    history.log(verbs.REF, 'two')
    recorder.trigger('refs below zero', history)
    list.flush()
    await log.flush()
    const texts = records
      .filter(({ element }) => element === 'struct-history')
      .map(({ text }) => text)
    expect(texts).toEqual(['one', `con 1 of TCP con, handle ${history.handle}`, 'two'])
  })

  test('drops whole histories when it does not get on, counts them, and says so in the log', async () => {
    const records: LineRecord[] = []
    const { log, list, verbs } = recording((_, batch) => records.push(...batch), { queue: 4 })
    for (let n = 0; n < 10; n++) list.push(n).log(verbs.END, 'end')
    expect(await log.flush()).toBe(true)
    list.push(11).log(verbs.END, 'end')
    await log.flush()
    expect(log.stats()).toMatchObject({
      historiesWritten: 5,
      historiesNotWritten: 6,
      eventsNotWritten: 6,
    })
    const [loss] = records.filter(({ element }) => element === 'struct-history-lost')
    expect(loss?.data).toMatchObject({ histories: 6, events: 6, reason: 'queue full 6' })
  })

  test('what was dropped may be flushed again', async () => {
    const { log, list, verbs } = recording(() => {}, { queue: 1 })
    const first = list.push(1)
    const second = list.push(2)
    first.log(verbs.REF)
    second.log(verbs.REF)
    expect(list.flush()).toBe(1)
    await log.flush()
    expect(list.flush()).toBe(1)
    await log.flush()
    expect(log.stats()).toMatchObject({ historiesWritten: 2 })
  })

  test('counts histories that were evicted before they were read', async () => {
    const { log, recorder, verbs } = recording(() => {})
    const small = recorder.list('small', { window: 2, autoLog: true })
    for (let n = 0; n < 10; n++) small.push(n).log(verbs.END)
    await log.flush()
    expect(log.stats()).toMatchObject({ historiesWritten: 2, historiesNotWritten: 8 })
  })

  test('outlives what a function throws', async () => {
    let calls = 0
    const { log, list, verbs } = recording(() => {
      calls++
      if (calls === 1) throw new Error('no room')
    })
    list.push(1).log(verbs.END)
    await log.flush()
    list.push(2).log(verbs.END)
    await log.flush()
    expect(log.stats()).toMatchObject({
      historiesWritten: 1,
      historiesNotWritten: 1,
      writesFailed: 1,
      lastWriteFailure: 'no room',
    })
  })

  test('does not hurry a function that always throws', async () => {
    let calls = 0
    const { log, list, verbs } = recording(() => {
      calls++
      throw new Error('never')
    })
    list.push(1).log(verbs.END)
    expect(await log.flush()).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(calls).toBe(1)
    expect(log.stats()).toMatchObject({ historiesWritten: 0, historiesNotWritten: 1 })
  })

  test('goes to the console', async () => {
    const info = vi.spyOn(console, 'info').mockImplementation(() => {})
    const log = historyLog(toConsole(), { interval: 1, thread: 'idle' })
    const recorder = new Recorder({ sinks: [log], budget: '1MiB' })
    const { END } = recorder.verbs({ END: 'end' })
    recorder.list('jobs', { autoLog: true, window: 4 }).push('a').log(END, 'done')
    await log.flush()
    expect(info.mock.calls.map(([line]) => String(line).replace(/.*\] /, ''))).toEqual([
      'jobs a: 1 event, #0 to #0',
      'done',
    ])
    info.mockRestore()
  })

  test('gives LogTape a record a line, with the columns as properties', async () => {
    const records: { message: readonly unknown[]; properties: Record<string, unknown> }[] = []
    const log = historyLog(
      logTape((record) => records.push(record), { message: 'text' }),
      { interval: 1 },
    )
    const recorder = new Recorder({ sinks: [log], budget: '1MiB' })
    const { END } = recorder.verbs({ END: 'end' })
    recorder.list('jobs', { autoLog: true, window: 4 }).push('{a}').log(END, 'done {b}')
    await log.flush()
    expect(records[1]).toMatchObject({
      category: ['struct-history'],
      level: 'info',
      message: ['done {b}'],
      properties: {
        'struct_history.object': '{a}',
        'struct_history.index': 0,
        'struct_history.verb': 'END',
      },
    })
  })

  test('belongs to one recorder', () => {
    const { log } = recording(() => {})
    expect(() => new Recorder({ sinks: [log], budget: '1MiB' })).toThrow(
      'Cannot give a log to two recorders: it reads the memory of one; make another',
    )
  })
})

describe('options of logs', () => {
  const refused: [() => unknown, string][] = [
    [
      () => historyLog({} as never),
      'Cannot make a log: expected a target or a function, got an object',
    ],
    [
      () => historyLog(() => {}, { queue: 0 }),
      'Cannot make a log: queue must be an integer from 1 to 1048576, got 0',
    ],
    [
      () => historyLog(() => {}, { size: 1 } as never),
      'Cannot make a log: unknown option "size"; there are queue, pending, batch, interval, endWithin, thread',
    ],
    [
      () => syslog({ transport: 'relp' as never }),
      'Cannot write to syslog: transport must be one of udp, tcp, tls, unix, got "relp"',
    ],
    [
      () => syslog({ transport: 'unix' }),
      "Cannot write to syslog: path is for transport 'unix', and wanted there, got undefined",
    ],
    [
      () => syslog({ maxLine: 100 }),
      'Cannot write to syslog: maxLine must be an integer from 480 to 65000, got 100',
    ],
    [() => post(''), 'Cannot post histories: the URL must be a string, got ""'],
  ]
  for (const [make, message] of refused)
    test(message, () => {
      expect(make).toThrow(message)
    })
})
