// Every export is read by software that is not ours; the counts and values are the image's.

import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COLUMNS, type Row, rowsOf } from '../../src/export/index.ts'
import { type Image, openImage } from '../../src/inspect.ts'
import { asked } from '../support/duckdb.ts'
import { receivedSpans } from '../support/otlp-receiver.ts'
import { TraceProcessor } from '../support/perfetto.ts'

const SHDB = join(import.meta.dirname, '../../build/cli/shdb.js')
const PROGRAM = join(import.meta.dirname, 'recorded.program.mjs')
const HOST = 'proxy-7'
let folder: string
let image: Image
let rows: readonly Row[]
const place = (name: string): string => join(folder, name)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-back-'))
  execFileSync(process.execPath, [PROGRAM, place('image')])
  image = openImage(readFileSync(place('image')))
  rows = [...rowsOf([{ image, host: HOST }])]
  expect(rows.length).toBeGreaterThan(700)
  expect(rows.reduce((sum, { lost }) => sum + lost, 0)).toBe(460)
  expect(new Set(rows.map(({ thread }) => thread)).size).toBe(2)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function exportTo(format: string, name: string, ...more: string[]): string {
  const argv = ['export', '--format', format, '-o', name, '--host', HOST, ...more, 'image']
  const { status, stderr } = spawnSync(process.execPath, [SHDB, ...argv], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return place(name)
}

const columns = COLUMNS.map((column) => `"${column}"`).join(', ')
/** Engines have no order of their own. */
const inOrder = (found: readonly object[]) =>
  [...(found as Row[])].sort((one, other) => one.history - other.history || one.index - other.index)
/** The clock of a column, as our rows write it. */
const time = `strftime(time AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')`

describe('DuckDB', () => {
  test('reads every value of the CSV', async () => {
    const file = exportTo('csv', 'out.csv')
    const found = await asked(
      `SELECT ${columns} FROM read_csv('${file}', header = true, all_varchar = true, nullstr = '\\N')`,
    )
    const expected = inOrder(rows).map((row) =>
      Object.fromEntries(COLUMNS.map((column) => [column, String(row[column])])),
    )
    const byNumber = found.map((row) => ({
      ...row,
      history: Number(row.history),
      index: Number(row.index),
    }))
    expect(
      inOrder(byNumber).map((row) => ({
        ...row,
        history: String(row.history),
        index: String(row.index),
      })),
    ).toEqual(expected)
  })

  test('reads every value of the JSON lines, with types that it finds itself', async () => {
    const file = exportTo('jsonl', 'out.jsonl')
    const found = await asked(
      `SELECT * REPLACE (strftime(time, '%Y-%m-%dT%H:%M:%S.%fZ') AS time) FROM read_json('${file}', format = 'newline_delimited')`,
    )
    expect(inOrder(found)).toEqual(inOrder(rows))
  })

  test('reads every value of the Parquet file, and finds the columns in dictionaries', async () => {
    const file = exportTo('parquet', 'out.parquet')
    const found = await asked(
      `SELECT * REPLACE (${time} AS time) FROM read_parquet('${file}') ORDER BY history, "index"`,
    )
    expect(found).toEqual(inOrder(rows))
    const encodings = await asked(
      `SELECT path_in_schema AS name, encodings FROM parquet_metadata('${file}')`,
    )
    for (const name of ['host', 'list', 'thread', 'verb', 'role', 'object', 'site'])
      expect(encodings.find((column) => column.name === name)?.encodings).toContain(
        'RLE_DICTIONARY',
      )
    const [metadata] = await asked(
      `SELECT decode(value) AS version FROM parquet_kv_metadata('${file}') WHERE decode(key) = 'struct-history.schema'`,
    )
    expect(metadata?.version).toBe('1')
    const types = await asked(`DESCRIBE SELECT * FROM read_parquet('${file}')`)
    expect(types.find((each) => each.column_name === 'time')?.column_type).toBe(
      'TIMESTAMP WITH TIME ZONE',
    )
  })

  test('reads the partitions, and skips those that a question does not need', async () => {
    const lake = exportTo('parquet', 'lake', '--partition')
    const from = `read_parquet('${lake}/**/*.parquet', hive_partitioning = true)`
    const found = await asked(`SELECT ${columns.replace('"time"', `${time} AS time`)} FROM ${from}`)
    expect(inOrder(found)).toEqual(inOrder(rows))
    const [plan] = await asked(
      `EXPLAIN ANALYZE SELECT log FROM ${from} WHERE list = 'TCP con' AND host = '${HOST}'`,
    )
    expect(JSON.stringify(plan)).toMatch(/Scanning Files: 1\/2/)
  })
})

describe('Arrow', () => {
  test('its own library reads every value, dictionaries and clock', () => {
    const table = tableFromIPC(readFileSync(exportTo('arrow', 'out.arrows')))
    expect(table.schema.metadata.get('struct-history.schema')).toBe('1')
    expect(table.schema.fields.map(({ name }) => name)).toEqual([...COLUMNS])
    const found = table.toArray().map((row) => {
      const plain = Object.fromEntries(
        COLUMNS.map((column) => {
          const cell = row[column]
          return [column, typeof cell === 'bigint' ? Number(cell) : cell]
        }),
      )
      return plain
    })
    const clock = ({ time: text }: Row) => Date.parse(text) + Number(text.slice(-4, -1)) / 1000
    expect(inOrder(found)).toEqual(inOrder(rows).map((row) => ({ ...row, time: clock(row) })))
  })
})

describe("Perfetto's trace processor", () => {
  let trace: TraceProcessor
  beforeAll(async () => {
    trace = await TraceProcessor.open(readFileSync(exportTo('perfetto', 'out.pftrace')))
  })
  const logged = () => rows.filter(({ verb }) => verb !== '')

  test('has no complaint', () => {
    expect(
      trace.query(
        "SELECT name, value FROM stats WHERE severity IN ('error', 'data_loss') AND value > 0",
      ),
    ).toEqual([])
  })

  test('has each event as a slice on its thread, with its text', () => {
    const found = trace.query(`SELECT s.ts, s.name, s.category AS list, t.name AS thread, t.tid,
        extract_arg(s.arg_set_id, 'debug.log') AS log, extract_arg(s.arg_set_id, 'debug.object') AS object,
        extract_arg(s.arg_set_id, 'debug.history') AS history, extract_arg(s.arg_set_id, 'debug.index') AS "index"
      FROM slice s JOIN thread_track k ON s.track_id = k.id JOIN thread t USING (utid)`)
    expect(inOrder(found)).toEqual(
      inOrder(logged()).map(
        ({ time: text, verb, list, thread, pid, tid, log, object, history, index }) => ({
          tid: tid === 0 ? pid : tid,
          ts: Number(BigInt(Date.parse(text)) * 1_000_000n + BigInt(text.slice(-4, -1)) * 1000n),
          ...{ name: verb, list, thread, log, object, history, index },
        }),
      ),
    )
  })

  test('has each life as a slice with its events in it', () => {
    const lives = image.lists().flatMap((list) => list.histories())
    const found = trace.query(`SELECT s.name, extract_arg(s.arg_set_id, 'debug.history') AS history
      FROM slice s JOIN process_track k ON s.track_id = k.id
      WHERE s.dur > 0 ORDER BY history`)
    expect(found).toEqual(
      lives
        .map(({ objectText, handle }) => ({ name: objectText, history: handle }))
        .sort((one, other) => one.history - other.history),
    )
    const [marks] = trace.query(`SELECT count(*) AS n FROM slice s
      JOIN process_track k ON s.track_id = k.id WHERE s.dur <= 0`)
    expect(marks?.n).toBe(rows.length)
  })

  test('has a flow for each hand-over, and the references as a counter', () => {
    const handOvers = logged().filter((row, at, all) => {
      const before = all[at - 1]
      return before?.history === row.history && before.tid !== row.tid
    })
    expect(handOvers.length).toBeGreaterThan(100)
    expect(trace.query('SELECT count(*) AS n FROM flow')[0]?.n).toBe(handOvers.length)
    const steps = rows.filter(({ role }) => role === 'ref' || role === 'unref')
    const counter =
      trace.query(`SELECT c.value FROM counter c JOIN counter_track k ON c.track_id = k.id
      WHERE k.name LIKE 'references of TCP con%' ORDER BY c.ts, c.id`)
    const sum = steps.reduce((all, { role }) => all + (role === 'ref' ? 1 : -1), 0)
    expect(counter.at(-1)?.value).toBe(sum)
  })
})

describe('an OTLP receiver', () => {
  test('has a span for each life, with its events', () => {
    const lines = readFileSync(exportTo('otlp', 'out.otlp'), 'utf8').split('\n').slice(0, -1)
    expectSpans(lines.flatMap((line) => receivedSpans(line)))
  })

  test("has the same by HTTP from OpenTelemetry's exporter", async () => {
    const bodies: Buffer[] = []
    const collector = createServer((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part) => parts.push(part))
      request.on('end', () => {
        bodies.push(Buffer.concat(parts))
        // Once it is not ready: the exporter tries again.
        response.writeHead(bodies.length === 1 ? 503 : 200).end()
      })
    })
    await once(collector.listen(0), 'listening')
    const url = `http://localhost:${(collector.address() as AddressInfo).port}/v1/traces`
    const argv = [SHDB, 'export', '--format', 'otlp', '--to', url, '--host', HOST, 'image']
    const child = spawn(process.execPath, argv, { cwd: folder })
    const [status] = await once(child, 'close')
    collector.close()
    expect(status).toBe(0)
    expectSpans(bodies.slice(1).flatMap((body) => receivedSpans(body)))
  })
})

describe('babeltrace2', () => {
  test('reads every value of the CTF', () => {
    exportTo('ctf', 'out.ctf')
    const text = execFileSync('babeltrace2', ['--no-delta', '--clock-seconds', 'out.ctf'], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    })
    const found = text
      .split('\n')
      .slice(0, -1)
      .map((line) => ({
        history: Number(/ history = (\d+),/.exec(line)?.[1]),
        index: Number(/ index = (\d+),/.exec(line)?.[1]),
        seconds: /^\[(\d+\.\d{6})/.exec(line)?.[1],
        lost: Number(/ lost = (\d+), /.exec(line)?.[1]),
        log: JSON.parse(
          `"${/ log = "((?:[^"\\]|\\.)*)"/.exec(line)?.[1]?.replaceAll("\\'", "'")}"`,
        ),
      }))
    expect(inOrder(found)).toEqual(
      inOrder(rows).map(({ history, index, time: text, lost, log }) => ({
        ...{ history, index, lost, log },
        seconds: `${Math.floor(Date.parse(text) / 1000)}.${text.slice(-7, -1)}`,
      })),
    )
  })
})

function expectSpans(spans: ReturnType<typeof receivedSpans>) {
  const lives = image.lists().flatMap((list) => list.histories())
  expect(spans).toHaveLength(lives.length)
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(lives.length)
  const byHistory = new Map(
    spans.map((span) => [Number(span.attributes['struct_history.history']), span]),
  )
  for (const { handle, objectText, list } of lives) {
    const span = byHistory.get(handle)
    const its = rows.filter(({ history }) => history === handle)
    expect(span).toMatchObject({
      name: list.name,
      resource: { 'host.name': HOST, 'service.name': image.name },
      droppedEventsCount: its.reduce((sum, { lost }) => sum + lost, 0),
    })
    expect(span?.attributes['struct_history.object']).toBe(objectText)
    expect(
      span?.events.map(({ name, timeUnixNano, attributes }) => ({
        verb: name,
        time: timeUnixNano,
        log: attributes['struct_history.log'],
        tid: Number(attributes['thread.id']),
      })),
    ).toEqual(
      its
        .filter(({ verb }) => verb !== '')
        .map(({ verb, time: text, log, tid }) => ({
          ...{ verb, log, tid },
          time: `${Date.parse(text)}${text.slice(-4, -1)}000`,
        })),
    )
  }
}
