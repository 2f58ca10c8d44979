// Common Trace Format 1.8: a folder with the metadata and one stream an image, for babeltrace2 and Trace Compass.
// https://diamon.org/ctf

import { wallMicroseconds } from '../image/wall-time.ts'
import { BinaryWriter } from './binary-writer.ts'
import { metadataOf, PACKET_HEADER_BYTES, PACKET_MAGIC } from './ctf-metadata.ts'
import type { FolderFormat, Part } from './format.ts'
import { hostOf, type Origin, type Row } from './row.ts'
import { byTime } from './time-order.ts'

const PACKET_BYTES = 1 << 20
const BITS = 8
const MICROSECONDS_IN_SECOND = 1_000_000

export const CTF: FolderFormat = {
  name: 'ctf',
  kind: 'folder',
  extension: 'ctf',
  about: 'a folder of Common Trace Format 1.8; babeltrace2, Trace Compass',
  *files(origins) {
    const about = new About()
    for (const origin of origins) about.add(origin)
    const { start, verbs } = about
    yield { name: 'metadata', parts: [metadataOf(about)] }
    let number = 0
    for (const origin of origins)
      yield {
        name: `stream_${number++}`,
        parts: packets(origin, verbs, start * MICROSECONDS_IN_SECOND),
      }
  },
}

/** What the metadata says of all of them. */
class About {
  /** An event class for each verb, by name; the loss at the end of a life has one of its own, the first. */
  readonly verbs = new Map<string, number>([['', 0]])
  readonly hosts = new Set<string>()
  readonly recorders = new Set<string>()
  #earliest = Number.POSITIVE_INFINITY

  add(origin: Origin): void {
    const { image } = origin
    const host = hostOf(origin)
    for (const { name } of image.verbs())
      if (!this.verbs.has(name)) this.verbs.set(name, this.verbs.size)
    if (host !== '') this.hosts.add(host)
    this.recorders.add(image.name)
    this.#earliest = Math.min(this.#earliest, wallMicroseconds(image, 0) ?? 0)
  }

  /** Whole seconds before the first of them began: readers reckon times in double precision, so they are kept small. */
  get start(): number {
    const seconds = Math.floor(this.#earliest / MICROSECONDS_IN_SECOND)
    return Number.isFinite(seconds) ? Math.max(0, seconds) : 0
  }
}

function* packets(
  origin: Origin,
  verbs: ReadonlyMap<string, number>,
  start: number,
): Generator<Part, void, undefined> {
  const body = new BinaryWriter()
  let first = 0
  let last = 0
  /** Events missing so far, as a stream counts them. */
  let lost = 0
  for (const row of byTime(origin)) {
    const time = (wallMicroseconds(origin.image, row.t) ?? row.t) - start
    if (body.length === 0) first = time
    last = time
    lost += row.lost
    writeEvent(body, row, verbs.get(row.verb) ?? 0, time)
    if (body.length < PACKET_BYTES) continue
    yield packetHeader(body.length, first, last, lost)
    yield body.take()
  }
  if (body.length === 0) return
  yield packetHeader(body.length, first, last, lost)
  yield body.take()
}

function packetHeader(length: number, first: number, last: number, lost: number): Uint8Array {
  const header = new BinaryWriter()
  const bits = (PACKET_HEADER_BYTES + length) * BITS
  header.u32(PACKET_MAGIC)
  header.u32(0)
  for (const value of [bits, bits, first, last, lost]) header.u64(value)
  return header.take()
}

function writeEvent(to: BinaryWriter, row: Row, verb: number, time: number): void {
  to.u32(verb)
  to.u64(time)
  to.text(row.list)
  to.text(row.object)
  to.u64(row.history)
  to.u32(row.index)
  to.u32(row.pid)
  to.u32(row.tid)
  to.text(row.thread)
  to.text(row.role)
  to.text(row.log)
  to.text(row.site)
  to.u32(row.lost)
  to.text(row.origin)
}
