// Chrome's JSON trace, which ui.perfetto.dev opens: threads are tracks, lives are async slices, hand-overs between threads
// are arrows, and the references of a list are a counter.

import { wallMicroseconds } from '../image/wall-time.ts'
import { Column } from './columns.ts'
import type { StreamFormat } from './format.ts'
import { hostOf, type Life, livesOf, type Origin, type Row } from './row.ts'

/** Slices that begin and end at once would be drawn as nothing, and carry no arrow. */
const SLICE_MICROSECONDS = 1
/** Process numbers of different hosts may be equal: each further image has a range of its own. */
const PIDS_OF_IMAGE = 10_000_000

type Record = { readonly ph: string } & { readonly [field: string]: unknown }

export const PERFETTO: StreamFormat = {
  name: 'perfetto',
  kind: 'text',
  extension: 'perfetto.json',
  about: 'a trace for ui.perfetto.dev: threads, lives, references, hand-overs',
  *parts(origins) {
    let before = '{"displayTimeUnit":"ns","traceEvents":[\n'
    for (const record of records(origins)) {
      yield before + JSON.stringify(record)
      before = ',\n'
    }
    yield `${before.startsWith(',') ? '' : before}\n]}\n`
  },
}

function* records(origins: readonly Origin[]): Generator<Record, void, undefined> {
  let flow = 0
  for (const [number, origin] of origins.entries()) {
    const pidOf = (pid: number): number => number * PIDS_OF_IMAGE + pid
    yield* names(origin, pidOf)
    const references = new References()
    for (const life of livesOf([origin])) {
      yield* lifeRecords(life, pidOf)
      for (const [at, row] of life.rows.entries()) {
        if (row.verb === '') continue
        const before = life.rows[at - 1]
        if (before !== undefined && !isSameThread(before, row))
          yield* arrow(origin, before, row, ++flow, pidOf)
        yield onThread(origin, row, pidOf)
        references.add(row)
      }
    }
    yield* references.records(origin, pidOf)
  }
}

/** Of processes and threads. */
function* names(
  origin: Origin,
  pidOf: (pid: number) => number,
): Generator<Record, void, undefined> {
  const { image } = origin
  const host = hostOf(origin)
  const pids = new Set([image.pid, ...image.threads().map(({ pid }) => pid)])
  const name = host === '' ? image.name : `${image.name} on ${host}`
  for (const pid of pids)
    yield { ph: 'M', name: 'process_name', pid: pidOf(pid), tid: 0, args: { name } }
  for (const { pid, tid, name: thread } of image.threads())
    yield { ph: 'M', name: 'thread_name', pid: pidOf(pid), tid, args: { name: thread } }
}

/** A slice from the push to the last event, and a mark in it for each event. */
function* lifeRecords(
  { origin: { image }, history, rows }: Life,
  pidOf: (pid: number) => number,
): Generator<Record, void, undefined> {
  const slice = {
    cat: history.list.name,
    id2: { local: `0x${history.handle.toString(16)}` },
    pid: pidOf(rows[0]?.pid ?? image.pid),
    tid: rows[0]?.tid ?? 0,
  }
  const { objectText, created, ref, ended, site } = history
  const args = { history: history.handle, references: ref, ended, ...(site && { site }) }
  const start = Math.min(created, rows[0]?.t ?? created)
  yield { ph: 'b', name: objectText, ...slice, ts: timestamp(image, start), args }
  for (const row of rows)
    yield { ph: 'n', name: labelOf(row), ...slice, ts: timestamp(image, row.t), args: argsOf(row) }
  const end = rows.at(-1)?.t ?? created
  yield { ph: 'e', name: objectText, ...slice, ts: timestamp(image, end) + SLICE_MICROSECONDS }
}

function onThread({ image }: Origin, row: Row, pidOf: (pid: number) => number): Record {
  return {
    ph: 'X',
    name: row.verb,
    cat: row.list,
    pid: pidOf(row.pid),
    tid: row.tid,
    ts: timestamp(image, row.t),
    dur: SLICE_MICROSECONDS,
    args: { object: row.object, ...argsOf(row) },
  }
}

/** From the thread that had the object to the one that has it now. */
function* arrow(
  { image }: Origin,
  from: Row,
  to: Row,
  id: number,
  pidOf: (pid: number) => number,
): Generator<Record, void, undefined> {
  const flow = { name: 'hand-over', cat: to.list, id }
  const at = (row: Row) => ({
    pid: pidOf(row.pid),
    tid: row.tid,
    ts: timestamp(image, row.t),
  })
  yield { ph: 's', ...flow, ...at(from) }
  yield { ph: 'f', bp: 'e', ...flow, ...at(to) }
}

/** How many references the verbs of each list have taken and not given back, as time goes on. */
class References {
  readonly #lists = new Map<string, { readonly times: Column; readonly steps: Column }>()

  add({ list, role, t }: Row): void {
    if (role !== 'ref' && role !== 'unref') return
    let columns = this.#lists.get(list)
    if (columns === undefined) {
      columns = { times: new Column(), steps: new Column() }
      this.#lists.set(list, columns)
    }
    columns.times.push(t)
    columns.steps.push(role === 'ref' ? 1 : -1)
  }

  *records({ image }: Origin, pidOf: (pid: number) => number): Generator<Record, void, undefined> {
    for (const [list, { times, steps }] of this.#lists) {
      let references = 0
      for (const at of times.order()) {
        references += steps.at(at)
        const ts = timestamp(image, times.at(at))
        yield {
          ph: 'C',
          name: `references of ${list}`,
          pid: pidOf(image.pid),
          tid: 0,
          ts,
          args: { references },
        }
      }
    }
  }
}

/** Microseconds since 1970; since the recorder began, where the image's clock cannot be believed. */
const timestamp = (image: Origin['image'], t: number): number => wallMicroseconds(image, t) ?? t

const labelOf = ({ verb, lost }: Row): string => (verb === '' ? `${lost} events lost` : verb)

function argsOf({ index, log, site, lost, history }: Row): { [name: string]: unknown } {
  return { index, log, ...(site !== '' && { site }), ...(lost > 0 && { lost }), history }
}

const isSameThread = (one: Row, other: Row): boolean =>
  one.tid === other.tid && one.pid === other.pid
