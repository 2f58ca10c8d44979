// Arrow's streaming format, one row an event: for pandas, Polars, R, DuckDB and ClickHouse, which take the columns as they
// stand. What repeats is in a dictionary, a new one for each batch of rows: what is held does not grow with the stream.

import {
  type Data,
  type DataType,
  Dictionary,
  Field,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Timestamp,
  TimeUnit,
  Utf8,
  vectorFromArray,
} from 'apache-arrow'
import { wallMicroseconds } from '../image/wall-time.ts'
import type { Part, StreamFormat } from './format.ts'
import { COLUMNS, type Origin, type Row, rowsOf } from './row.ts'
import { type Column, isInteger, SCHEMA_KEY, SCHEMA_VERSION } from './schema.ts'

const BATCH_ROWS = 65_536
const BITS = 8

export const ARROW: StreamFormat = {
  name: 'arrow',
  kind: 'binary',
  extension: 'arrows',
  about: 'one row an event, a stream of Arrow batches; pandas, Polars, R, ClickHouse',
  *parts(origins) {
    const stream = new PartWriter()
    const batch = new Batch()
    for (const origin of origins)
      for (const row of rowsOf([origin]))
        if (batch.add(row, origin)) {
          stream.write(batch.take())
          yield* stream.take()
        }
    // An empty one too: a stream without rows still says its columns.
    stream.write(batch.take())
    stream.finish()
    yield* stream.take()
  },
}

/** The library's writer, read out between batches. */
class PartWriter extends RecordBatchStreamWriter {
  #parts: Uint8Array[] = []

  take(): Part[] {
    const taken = this.#parts
    this.#parts = []
    return taken
  }

  protected override _write(chunk: ArrayBufferView): this {
    if (!this._started || chunk.byteLength === 0) return this
    this.#parts.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    this._position += chunk.byteLength
    return this
  }
}

/** Of one type for the whole stream: a dictionary's number ties a column to its dictionaries. */
const TYPES: ReadonlyMap<Column, DataType> = new Map(
  COLUMNS.map((name, number): [Column, DataType] => {
    if (name === 'time') return [name, new Timestamp(TimeUnit.MICROSECOND, 'UTC')]
    if (isInteger(name)) return [name, new Int64()]
    return [name, name === 'log' ? new Utf8() : new Dictionary(new Utf8(), new Int32(), number)]
  }),
)
const typeOf = (name: Column): DataType => TYPES.get(name) as DataType
const SCHEMA = new Schema(
  COLUMNS.map((name) => new Field(name, typeOf(name), name === 'time')),
  new Map([[SCHEMA_KEY, SCHEMA_VERSION]]),
)

class Batch {
  readonly #integers = new Map<Column, BigInt64Array>()
  readonly #labels = new Map<Column, { readonly texts: Map<string, number>; at: Int32Array }>()
  readonly #validTimes = new Uint8Array(BATCH_ROWS / BITS)
  #logs: string[] = []
  #rows = 0

  constructor() {
    this.#begin()
  }

  /** True when it is time to take() it. */
  add(row: Row, { image }: Origin): boolean {
    const at = this.#rows++
    for (const [name, column] of this.#integers) if (name !== 'time') column[at] = BigInt(row[name])
    for (const [name, { texts, at: places }] of this.#labels) {
      const text = row[name] as string
      let place = texts.get(text)
      if (place === undefined) {
        place = texts.size
        texts.set(text, place)
      }
      places[at] = place
    }
    this.#logs.push(row.log)
    const time = wallMicroseconds(image, row.t)
    if (time !== undefined) {
      const column = this.#integers.get('time') as BigInt64Array
      column[at] = BigInt(time)
      this.#validTimes[at >> 3] = (this.#validTimes[at >> 3] as number) | (1 << (at % BITS))
    }
    return this.#rows === BATCH_ROWS
  }

  take(): RecordBatch {
    const length = this.#rows
    const children = COLUMNS.map((name) => this.#column(name, length))
    const type = new Struct(SCHEMA.fields)
    this.#begin()
    return new RecordBatch(SCHEMA, makeData({ type, length, nullCount: 0, children }))
  }

  #column(name: Column, length: number): Data {
    const type = typeOf(name)
    if (type instanceof Dictionary) {
      const { texts, at } = this.#labels.get(name) as { texts: Map<string, number>; at: Int32Array }
      const dictionary = vectorFromArray([...texts.keys()], new Utf8())
      return makeData({ type, length, nullCount: 0, data: at.subarray(0, length), dictionary })
    }
    if (name === 'log') return vectorFromArray(this.#logs, new Utf8()).data[0] as Data
    const data = (this.#integers.get(name) as BigInt64Array).subarray(0, length)
    if (name !== 'time') return makeData({ type: type as Int64, length, nullCount: 0, data })
    const nullBitmap = this.#validTimes.slice()
    return makeData({ type: type as Timestamp, length, nullBitmap, data })
  }

  #begin(): void {
    this.#rows = 0
    this.#logs = []
    this.#validTimes.fill(0)
    for (const [name, type] of TYPES) {
      if (type instanceof Dictionary)
        this.#labels.set(name, { texts: new Map(), at: new Int32Array(BATCH_ROWS) })
      else if (name !== 'log') this.#integers.set(name, new BigInt64Array(BATCH_ROWS))
    }
  }
}
