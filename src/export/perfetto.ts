// Perfetto's trace format, which ui.perfetto.dev opens: threads are tracks, lives are slices on tracks of their own, hand-overs
// between threads are flows, and the references of a list are a counter.

import { wallMicroseconds } from '../image/wall-time.ts'
import { Column } from './columns.ts'
import type { Part, StreamFormat } from './format.ts'
import { BEGIN, COUNTER, END, INSTANT, Packets, type TrackEvent } from './perfetto-packets.ts'
import { hostOf, type Life, livesOf, type Origin, type Row } from './row.ts'

/** A slice that begins and ends at once would be drawn as nothing. */
const SLICE_MICROSECONDS = 1
/** Process numbers of different hosts may be equal: each further image has a range of its own. */
const PIDS_OF_IMAGE = 10_000_000
const PART_BYTES = 1 << 16

export const PERFETTO: StreamFormat = {
  name: 'perfetto',
  kind: 'binary',
  extension: 'perfetto-trace',
  about: 'a trace for ui.perfetto.dev: threads, lives, references, hand-overs',
  *parts(origins) {
    const packets = new Packets()
    packets.begin()
    const tracks = new Tracks(packets)
    let number = 0
    for (const origin of origins) {
      yield* imageParts(origin, PIDS_OF_IMAGE * number++, tracks, packets)
      tracks.forget()
    }
    if (packets.length > 0) yield packets.take()
  },
}

function* imageParts(
  origin: Origin,
  firstPid: number,
  tracks: Tracks,
  packets: Packets,
): Generator<Part, void, undefined> {
  const { image } = origin
  const host = hostOf(origin)
  const process = host === '' ? image.name : `${image.name} on ${host}`
  tracks.names = { process, firstPid }
  const references = new References()
  for (const life of livesOf([origin])) {
    writeLife(life, tracks, packets)
    for (const [at, row] of life.rows.entries()) {
      if (row.verb === '') continue
      const before = life.rows[at - 1]
      const after = life.rows[at + 1]
      packets.event(
        {
          type: INSTANT,
          track: tracks.thread(row),
          time: timestamp(image, row.t),
          name: row.verb,
          category: row.list,
          details: { object: row.object, ...detailsOf(row) },
          flowsTo: isHandOver(before, row) ? [tracks.flow] : [],
          flowsFrom: isHandOver(row, after) ? [tracks.nextFlow()] : [],
        },
        true,
      )
      references.add(row)
    }
    if (packets.length >= PART_BYTES) yield packets.take()
  }
  for (const event of references.events(image, tracks)) {
    packets.event(event, true)
    if (packets.length >= PART_BYTES) yield packets.take()
  }
}

/** A slice from the push to the last event, and a mark in it for each event. */
function writeLife(
  { origin: { image }, history, rows }: Life,
  tracks: Tracks,
  packets: Packets,
): void {
  const { objectText, created, ref, ended, list, origin = '' } = history
  const track = tracks.life(list.name, rows[0]?.pid ?? image.pid)
  const start = Math.min(created, rows[0]?.t ?? created)
  const details = { history: history.handle, references: ref, ended, origin }
  const common = { track, category: list.name }
  packets.event(
    { ...common, type: BEGIN, time: timestamp(image, start), name: objectText, details },
    false,
  )
  for (const row of rows) {
    const time = timestamp(image, row.t)
    const mark = { ...common, type: INSTANT, time, details: detailsOf(row) } as const
    const isLoss = row.verb === ''
    packets.event({ ...mark, name: isLoss ? `${row.lost} events lost` : row.verb }, !isLoss)
  }
  const end = timestamp(image, rows.at(-1)?.t ?? created) + SLICE_MICROSECONDS
  packets.event({ track, type: END, time: end }, false)
}

/** Numbers of tracks, each described before its first event. */
class Tracks {
  readonly #packets: Packets
  readonly #known = new Map<string, number>()
  #last = 0
  /** Number of the last arrow. */
  flow = 0
  names = { process: '', firstPid: 0 }

  constructor(packets: Packets) {
    this.#packets = packets
  }

  nextFlow(): number {
    return ++this.flow
  }

  /** The next image has processes of its own. */
  forget(): void {
    this.#known.clear()
  }

  thread({ pid: own, tid, thread }: Row): number {
    const parent = this.process(own)
    const pid = this.names.firstPid + own
    // To Perfetto thread 0 is the kernel's idle one; a main thread has the number of its process.
    const about = { parent, pid, tid: tid === 0 ? pid : tid, name: thread }
    return this.#track(`thread ${own} ${tid} ${thread}`, about)
  }

  process(own: number): number {
    const pid = this.names.firstPid + own
    return this.#track(`process ${own}`, { pid, name: this.names.process })
  }

  counter(name: string, pid: number): number {
    const parent = this.process(pid)
    return this.#track(`counter ${name}`, { parent, name, isCounter: true })
  }

  life(list: string, pid: number): number {
    const parent = this.process(pid)
    const uuid = ++this.#last
    this.#packets.track({ uuid, parent, name: list })
    return uuid
  }

  #track(key: string, about: Omit<Parameters<Packets['track']>[0], 'uuid'>): number {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const uuid = ++this.#last
    this.#known.set(key, uuid)
    this.#packets.track({ uuid, ...about })
    return uuid
  }
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

  *events(image: Origin['image'], tracks: Tracks): Generator<TrackEvent, void, undefined> {
    for (const [list, { times, steps }] of this.#lists) {
      const track = tracks.counter(`references of ${list}`, image.pid)
      let value = 0
      for (const at of times.order()) {
        value += steps.at(at)
        yield { type: COUNTER, track, time: timestamp(image, times.at(at)), value }
      }
    }
  }
}

/** Microseconds since 1970; since the recorder began, where the image's clock cannot be believed. */
const timestamp = (image: Origin['image'], t: number): number =>
  Math.max(0, wallMicroseconds(image, t) ?? t)

function detailsOf({ index, log, site, lost, history }: Row): { [name: string]: string | number } {
  return { index, log, ...(site !== '' && { site }), ...(lost > 0 && { lost }), history }
}

/** From the thread that had the object to the one that has it now. */
const isHandOver = (from: Row | undefined, to: Row | undefined): boolean =>
  from !== undefined &&
  to !== undefined &&
  from.verb !== '' &&
  to.verb !== '' &&
  (from.tid !== to.tid || from.pid !== to.pid)
