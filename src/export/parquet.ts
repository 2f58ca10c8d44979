// Parquet, one row an event, for DuckDB, Spark, Trino, ClickHouse and pandas: what repeats is kept once, times are
// timestamps in UTC.

import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer'
import { wallMicroseconds } from '../image/wall-time.ts'
import type { FileOfFolder, FolderFormat, Part, StreamFormat } from './format.ts'
import { COLUMNS, type Origin, type Row, rowsOf } from './row.ts'
import { type Column, isInteger, SCHEMA_KEY, SCHEMA_VERSION } from './schema.ts'

/** So many rows are held and written at a time. */
const GROUP_ROWS = 65_536
const NO_DAY = 'unknown'
const DAY_LETTERS = 10

const ABOUT = 'one row an event; DuckDB, Spark, Trino, ClickHouse, pandas'

export const PARQUET: StreamFormat = {
  name: 'parquet',
  kind: 'binary',
  extension: 'parquet',
  about: ABOUT,
  *parts(origins) {
    const table = new Table()
    for (const origin of origins) {
      for (const row of rowsOf([origin])) if (table.add(row, origin)) yield table.take()
    }
    yield table.end()
  },
}

/** The same by host, list and day, in folders as Hive names them: an engine then reads only what a question needs. */
export const PARTITIONS: FolderFormat = {
  name: 'parquet',
  kind: 'folder',
  extension: 'parquet',
  about: ABOUT,
  *files(origins) {
    let number = 0
    for (const origin of origins) yield* partitions(origin, number++)
  },
}

function* partitions(origin: Origin, number: number): Generator<FileOfFolder, void, undefined> {
  const open = new Map<string, { readonly table: Table; readonly folder: string }>()
  let files = 0
  const file = (table: Table, folder: string): FileOfFolder => ({
    name: `${folder}/${origin.image.pid}-${number}-${files++}.parquet`,
    parts: [table.end()],
  })
  let list: string | undefined
  for (const row of rowsOf([origin])) {
    // Lists come one after the other: those of the last one are complete.
    if (row.list !== list) {
      for (const { table, folder } of open.values()) yield file(table, folder)
      open.clear()
      list = row.list
    }
    const folder = folderOf(row)
    const partition = open.get(folder) ?? { table: new Table(), folder }
    open.set(folder, partition)
    if (!partition.table.add(row, origin)) continue
    yield file(partition.table, folder)
    open.delete(folder)
  }
  for (const { table, folder } of open.values()) yield file(table, folder)
}

function folderOf({ host, list, time }: Row): string {
  const day = time === '' ? NO_DAY : time.slice(0, DAY_LETTERS)
  return `host=${inName(host)}/list=${inName(list)}/day=${day}`
}

/** A value in the name of a folder, as Hive escapes it. No name is empty, or one that the system has a meaning for. */
const inName = (value: string): string =>
  value === ''
    ? '__HIVE_DEFAULT_PARTITION__'
    : encodeURIComponent(value).replace(/[.!'()*]/g, escaped)

const escaped = (letter: string): string => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`

/** Rows on their way into a file. */
class Table {
  readonly #bytes = new ByteWriter()
  readonly #writer = new ParquetWriter({
    writer: this.#bytes,
    schema: SCHEMA,
    createdBy: 'struct-history',
    kvMetadata: [{ key: SCHEMA_KEY, value: SCHEMA_VERSION }],
  })
  #columns: Columns = emptyColumns()
  #rows = 0

  /** True when it is time to take() what is complete. */
  add(row: Row, { image }: Origin): boolean {
    for (const name of COLUMNS) {
      const column = this.#columns[name]
      if (name === 'time') {
        const time = wallMicroseconds(image, row.t)
        column.push(time === undefined ? null : BigInt(time))
      } else column.push(isInteger(name) ? BigInt(row[name]) : row[name])
    }
    return ++this.#rows === GROUP_ROWS
  }

  /** The bytes that are complete. */
  take(): Part {
    this.#writeGroup()
    return this.#taken()
  }

  end(): Part {
    this.#writeGroup()
    this.#writer.finish()
    return this.#taken()
  }

  #writeGroup(): void {
    if (this.#rows === 0) return
    const columnData = COLUMNS.map((name) => ({ name, data: this.#columns[name] }))
    this.#writer.write({ columnData, rowGroupSize: GROUP_ROWS })
    this.#columns = emptyColumns()
    this.#rows = 0
  }

  /** Offsets in the file go on; the buffer begins anew. */
  #taken(): Part {
    const taken = this.#bytes.getBytes().slice()
    this.#bytes.index = 0
    return taken
  }
}

type Columns = Record<Column, (string | number | bigint | null)[]>

const emptyColumns = (): Columns =>
  Object.fromEntries(COLUMNS.map((name) => [name, []])) as unknown as Columns

const SCHEMA: SchemaElement[] = [
  { name: 'events', num_children: COLUMNS.length },
  ...COLUMNS.map((name): SchemaElement => {
    if (name === 'time')
      return {
        name,
        type: 'INT64',
        repetition_type: 'OPTIONAL',
        converted_type: 'TIMESTAMP_MICROS',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
      }
    return isInteger(name)
      ? { name, type: 'INT64', repetition_type: 'REQUIRED' }
      : { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' }
  }),
]
