// The tables that SQL finds: events, histories, lists, anomalies, of all images that were named. Rows go through files in a
// folder of our own, which DuckDB reads far faster than it could be told them one by one.

import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { FORMATS, hostOf, type Origin } from '../../export/index.ts'
import { wallTime } from '../../image/wall-time.ts'
import { check, type History, type Image } from '../../inspect.ts'
import type { Origins } from '../origins.ts'

type Columns = Readonly<Record<string, string>>
type Row = Record<string, unknown>

const OF_IMAGE = { host: 'VARCHAR', recorder: 'VARCHAR', pid: 'BIGINT', image: 'VARCHAR' }
const HISTORIES: Columns = {
  ...OF_IMAGE,
  list: 'VARCHAR',
  object: 'VARCHAR',
  history: 'BIGINT',
  origin: 'VARCHAR',
  created: 'TIMESTAMP',
  last: 'TIMESTAMP',
  thread: 'VARCHAR',
  site: 'VARCHAR',
  refs: 'BIGINT',
  ended: 'BOOLEAN',
  pinned: 'BOOLEAN',
  len: 'BIGINT',
  lost: 'BIGINT',
  path: 'VARCHAR[]',
}
const LISTS: Columns = {
  ...OF_IMAGE,
  list: 'VARCHAR',
  window_size: 'BIGINT',
  pushed: 'BIGINT',
  retained: 'BIGINT',
  evicted_by_window: 'BIGINT',
  evicted_by_budget: 'BIGINT',
  evicted_pinned: 'BIGINT',
  events_gone: 'BIGINT',
  enabled: 'BOOLEAN',
  sample: 'DOUBLE',
}
const ANOMALIES: Columns = {
  ...OF_IMAGE,
  kind: 'VARCHAR',
  list: 'VARCHAR',
  object: 'VARCHAR',
  history: 'BIGINT',
  confidence: 'DOUBLE',
  events: 'BIGINT[]',
  threads: 'VARCHAR[]',
  text: 'VARCHAR',
}

/** Names of the tables, each with its columns; those of events are the columns of an export. */
export const TABLES = {
  events: undefined,
  histories: HISTORIES,
  lists: LISTS,
  anomalies: ANOMALIES,
} as const

type Name = keyof typeof TABLES

/** Makes the tables that these words mention; what has no name in them is not read at all. */
export class Tables {
  readonly #connection: DuckDBConnection
  readonly #origins: Origins
  readonly #folder: string
  readonly #made = new Set<Name>()

  constructor(connection: DuckDBConnection, origins: Origins) {
    this.#connection = connection
    this.#origins = origins
    this.#folder = mkdtempSync(join(tmpdir(), 'shdb-sql-'))
  }

  async makeFor(sql: string): Promise<void> {
    for (const name of Object.keys(TABLES) as Name[]) {
      if (this.#made.has(name) || !new RegExp(`\\b${name}\\b`, 'i').test(sql)) continue
      await this.#make(name)
      this.#made.add(name)
    }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #make(name: Name): Promise<void> {
    const columns = TABLES[name]
    if (columns === undefined) return this.#makeEvents()
    const rows = { histories: historyRows, lists: listRows, anomalies: anomalyRows }[
      name as Exclude<Name, 'events'>
    ]
    const file = join(this.#folder, `${name}.jsonl`)
    const out = openSync(file, 'wx', 0o600)
    try {
      for (const row of rows(this.#origins)) writeSync(out, `${JSON.stringify(row)}\n`)
    } finally {
      closeSync(out)
    }
    const types = Object.entries(columns).map(([column, type]) => `${column}: '${type}'`)
    await this.#connection.run(
      `CREATE TABLE ${name} AS SELECT * FROM read_json(${literal(file)}, format = 'newline_delimited', columns = {${types.join(', ')}})`,
    )
  }

  /** A file for each image, read where a question needs it. */
  async #makeEvents(): Promise<void> {
    const format = FORMATS.find(({ name }) => name === 'parquet')
    if (format === undefined || format.kind === 'folder') return
    const folder = join(this.#folder, 'events')
    mkdirSync(folder)
    let number = 0
    for (const origin of this.#origins) {
      const out = openSync(join(folder, `${number++}.parquet`), 'wx', 0o600)
      try {
        for (const part of format.parts([origin])) writeSync(out, part as Uint8Array)
      } finally {
        closeSync(out)
      }
    }
    await this.#connection.run(
      `CREATE VIEW events AS SELECT * FROM read_parquet(${literal(join(folder, '*.parquet'))})`,
    )
  }
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

const ofImage = (origin: Origin): Row => ({
  host: hostOf(origin),
  recorder: origin.image.name,
  pid: origin.image.pid,
  image: origin.image.source,
})

function* historyRows(origins: Iterable<Origin>): Generator<Row, void, undefined> {
  for (const origin of origins)
    for (const list of origin.image.lists())
      for (const history of list.histories())
        yield { ...ofImage(origin), ...historyRow(origin.image, history) }
}

function historyRow(image: Image, history: History): Row {
  const events = history.events()
  return {
    list: history.list.name,
    object: history.objectText,
    history: history.handle,
    origin: history.origin ?? null,
    created: wallTime(image, history.created) || null,
    last: wallTime(image, events.at(-1)?.last ?? history.created) || null,
    thread: history.thread,
    site: history.site ?? '',
    refs: history.ref,
    ended: history.ended,
    pinned: history.pinned,
    len: history.len,
    lost: events.reduce((sum, { lost }) => sum + lost, 0),
    path: events.map(({ verb }) => verb).filter((verb) => verb !== ''),
  }
}

function* listRows(origins: Iterable<Origin>): Generator<Row, void, undefined> {
  for (const origin of origins)
    for (const list of origin.image.lists())
      yield {
        ...ofImage(origin),
        list: list.name,
        window_size: list.window,
        pushed: list.pushed,
        retained: list.histories().length,
        evicted_by_window: list.evictedByWindow,
        evicted_by_budget: list.evictedByBudget,
        evicted_pinned: list.evictedPinned,
        events_gone: list.eventsGone,
        enabled: list.enabled,
        sample: list.sample,
      }
}

/** Lists of one name are compared over all images, which a check therefore holds at once. */
function* anomalyRows(origins: Origins): Generator<Row, void, undefined> {
  const all = origins.held()
  const bySource = new Map(all.map((origin) => [origin.image.source, origin]))
  for (const finding of check(all.map(({ image }) => image))) {
    const origin = bySource.get(finding.image)
    yield { ...(origin && ofImage(origin)), ...finding }
  }
}
