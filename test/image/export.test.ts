// Every format holds every row, whatever was logged.

import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { PbfReader } from 'pbf'
import { describe, expect, test } from 'vitest'
import {
  COLUMNS,
  FORMATS,
  type Origin,
  PARTITIONS,
  type Part,
  rowsOf,
} from '../../src/export/index.ts'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'

/** What tries to end a field, a line or a string. */
const HOSTILE = [
  'a,b',
  '"quoted"',
  'two\nlines\r\n',
  'nul\0here',
  "]\\' ; ]",
  '=1+1',
  '',
  'ünïcödé 🐘',
]

function given(): Origin {
  const recorder = new Recorder({ name: 'proxy "1"', budget: '4MiB' })
  const { REF, SEND, UNREF, END } = recorder.verbs({ REF: +1, SEND: 0, UNREF: -1, END: 'end' })
  const list = recorder.list('TCP con', { window: 100 })
  for (const [at, text] of HOSTILE.entries()) {
    const history = list.push(text || `object ${at}`)
    history.log(REF, 'connect, (%d)', 1)
    history.log(SEND, '%s', text)
    history.log(UNREF, 'done, (%d)', 0)
    history.log(END)
  }
  const long = recorder.list('long', { maxEvents: 40 }).push(0x7f95acf6ea60)
  for (let i = 0; i < 400; i++) long.log(SEND, 'send %d', i)
  const same = recorder.list('same', { coalesce: true }).push(2n ** 63n)
  for (let i = 0; i < 40; i++) same.log(SEND, 'again')
  return { image: openImage(recorder.snapshot()), host: 'host "a"' }
}

const origin = given()
const rows = [...rowsOf([origin])]

function whole(parts: Iterable<Part>): Uint8Array {
  const encoder = new TextEncoder()
  const all = [...parts].map((part) => (typeof part === 'string' ? encoder.encode(part) : part))
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of all) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

function text(name: string, origins: readonly Origin[] = [origin]): string {
  const format = FORMATS.find((each) => each.name === name)
  if (format === undefined || format.kind === 'folder') throw new Error(`no stream ${name}`)
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(whole(format.parts(origins)))
}

describe('rows', () => {
  test('are the events of all lives, in SPEC columns', () => {
    const events = origin.image
      .lists()
      .flatMap((list) => list.histories().flatMap((life) => life.events()))
    expect(rows).toHaveLength(events.length)
    expect(Object.keys(rows[0] ?? {})).toEqual([...COLUMNS])
    expect(rows[0]).toMatchObject({
      host: 'host "a"',
      list: 'TCP con',
      object: 'a,b',
      index: 0,
      verb: 'REF',
      role: 'ref',
      log: 'connect, (1)',
      lost: 0,
    })
  })

  test('have the wall clock in microseconds', () => {
    const { t = 0, time = '' } = rows[0] ?? {}
    const [, micros] = /\.\d{3}(\d{3})Z$/.exec(time) ?? []
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
    const milliseconds = Date.parse(time.replace(/\d{3}Z$/, 'Z'))
    expect(milliseconds * 1000 + Number(micros)).toBe(Math.round(origin.image.started * 1000) + t)
  })

  test('say what is missing and what was folded', () => {
    const fallen = rows.filter(({ list, lost }) => list === 'long' && lost > 0)
    const kept = rows.filter(({ list }) => list === 'long').length
    expect(fallen.reduce((sum, { lost }) => sum + lost, kept)).toBe(400)
    expect(rows.filter(({ list }) => list === 'same').map(({ log }) => log)).toEqual(['again × 40'])
  })
})

describe('text formats', () => {
  test('jsonl: one object a line', () => {
    const lines = text('jsonl').split('\n').slice(0, -1)
    expect(lines.map((line) => JSON.parse(line))).toEqual(rows)
  })

  test('csv: every field comes back', () => {
    const [names, ...records] = parsedCsv(text('csv'))
    expect(names).toEqual([...COLUMNS])
    expect(records).toEqual(rows.map((row) => COLUMNS.map((column) => String(row[column]))))
  })

  test('syslog: one line a row and one a life, whatever was logged', () => {
    const lines = text('syslog').split('\n').slice(0, -1)
    const LINE =
      /^<134>1 \S+Z \S+ \S+ \d+ \S+ \[struct-history(?:-life)?@32473( [a-z]+="([^"\\\]]|\\["\\\]])*")+\] \ufeff/
    for (const line of lines) expect(line).toMatch(LINE)
    const lives = origin.image.lists().flatMap((list) => list.histories())
    expect(lines).toHaveLength(rows.length + lives.length)
    expect(lines[0]).toContain(' host_"a" proxy_"1" ')
  })

  test('perfetto: a packet for each track and event, whole ones only', () => {
    // What they say is read by Perfetto itself, in test/export.
    const format = FORMATS.find(({ name }) => name === 'perfetto')
    if (format?.kind !== 'binary') throw new Error('no stream')
    let events = 0
    new PbfReader(whole(format.parts([origin]))).readFields((tag, _, trace) => {
      expect(tag).toBe(1)
      const end = trace.readVarint() + trace.pos
      trace.readFields(
        (field) => {
          if (field === 11) events++
        },
        undefined,
        end,
      )
    }, undefined)
    const lives = origin.image.lists().flatMap((list) => list.histories())
    const logged = rows.filter(({ verb }) => verb !== '')
    const counted = rows.filter(({ role }) => role === 'ref' || role === 'unref')
    expect(events).toBe(2 * lives.length + rows.length + logged.length + counted.length)
  })

  test('otlp: a life is a span of its own trace', () => {
    const spans = text('otlp')
      .split('\n')
      .slice(0, -1)
      .flatMap((line) => JSON.parse(line).resourceSpans[0].scopeSpans[0].spans)
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(spans.length)
    for (const { traceId, spanId, startTimeUnixNano, endTimeUnixNano } of spans) {
      expect(traceId).toMatch(/^(?!0+$)[0-9a-f]{32}$/)
      expect(spanId).toMatch(/^(?!0+$)[0-9a-f]{16}$/)
      expect(BigInt(endTimeUnixNano) >= BigInt(startTimeUnixNano)).toBe(true)
    }
    const events = spans.flatMap((span) => span.events)
    expect(events).toHaveLength(rows.filter(({ verb }) => verb !== '').length)
    expect(spans.reduce((sum, span) => sum + span.droppedEventsCount, 0)).toBe(
      rows.reduce((sum, { lost }) => sum + lost, 0),
    )
  })
})

describe('parquet', () => {
  test('holds every row, times as timestamps', async () => {
    const format = FORMATS.find(({ name }) => name === 'parquet')
    if (format?.kind !== 'binary') throw new Error('no stream')
    const file = whole(format.parts([origin])).buffer as ArrayBuffer
    expect(await readBack(file)).toEqual(rows)
    const { schema } = parquetMetadata(file)
    expect(schema.map(({ name }) => name).slice(1)).toEqual([...COLUMNS])
  })

  test('by host, list and day, loses none', async () => {
    const files = [...PARTITIONS.files([origin])]
    const found: unknown[] = []
    for (const { name, parts } of files) {
      expect(name).toMatch(
        /^host=host%20%22a%22\/list=[^/]+\/day=\d{4}-\d\d-\d\d\/\d+-0-\d+\.parquet$/,
      )
      found.push(...(await readBack(whole(parts).buffer as ArrayBuffer, found.length)))
    }
    expect(found).toEqual(rows)
  })
})

/** Times in milliseconds are held against those of the rows from `first` on. */
async function readBack(file: ArrayBuffer, first = 0) {
  const read = await parquetReadObjects({ file })
  return read.map((row, at) => {
    const { time, ...rest } = row as Record<string, unknown>
    const micros = BigInt(Date.parse(rows[first + at]?.time ?? ''))
    expect(BigInt((time as Date).getTime())).toBe(micros)
    return Object.fromEntries(
      COLUMNS.map((name) => {
        const value = name === 'time' ? rows[first + at]?.time : rest[name]
        return [name, typeof value === 'bigint' ? Number(value) : value]
      }),
    )
  })
}

/** RFC 4180, by another hand than the writer's. */
function parsedCsv(csv: string): string[][] {
  const records: string[][] = []
  let record: string[] = []
  const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y
  while (FIELD.lastIndex < csv.length) {
    const [, quoted, plain = '', end] = FIELD.exec(csv) ?? []
    if (end === undefined) throw new Error(`no field at ${FIELD.lastIndex}`)
    record.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    records.push(record)
    record = []
  }
  return records
}
