// Packets of Perfetto's own trace format, as much of it as perfetto.ts needs. The numbers are those of the fields in
// perfetto/trace/perfetto_trace.proto.

import { PbfWriter } from 'pbf'

/** Microseconds from our clock; Perfetto reckons in nanoseconds, which no number of JavaScript holds exactly. */
const CLOCK_OURS = 64
const CLOCK_REALTIME = 1
const CLOCK_BOOTTIME = 6
const NANOSECONDS = 1000
const SEQUENCE = 1
const STATE_CLEARED = 1
const NEEDS_STATE = 2

export const BEGIN = 1
export const END = 2
export const INSTANT = 3
export const COUNTER = 4

/** A track: of a process, of one of its threads, a counter of a process, or any other within a process. */
export interface Track {
  readonly uuid: number
  readonly parent?: number
  readonly name?: string
  readonly pid?: number
  readonly tid?: number
  readonly isCounter?: boolean
}

export interface TrackEvent {
  readonly type: typeof BEGIN | typeof END | typeof INSTANT | typeof COUNTER
  readonly track: number
  /** Microseconds. */
  readonly time: number
  readonly name?: string
  readonly category?: string
  readonly value?: number
  /** Texts, numbers and truths that are shown with it. */
  readonly details?: { readonly [name: string]: string | number | boolean }
  /** Numbers of the arrows that begin or end here. */
  readonly flowsFrom?: readonly number[]
  readonly flowsTo?: readonly number[]
}

/** Writes packets; names that recur are written once, and called by number from then on. */
export class Packets {
  readonly #writer = new PbfWriter(new Uint8Array(1 << 16))
  readonly #categories = new Interned()
  readonly #names = new Interned()
  readonly #details = new Interned()

  get length(): number {
    return this.#writer.pos
  }

  /** The bytes so far; what comes next begins anew. */
  take(): Uint8Array {
    const bytes = this.#writer.buf.slice(0, this.#writer.pos)
    this.#writer.pos = 0
    return bytes
  }

  /** To be written first: what the times mean. */
  begin(): void {
    this.#packet((to) => {
      to.writeVarintField(13, STATE_CLEARED)
      to.writeMessage(6, writeClocks, undefined)
      to.writeMessage(59, (_, defaults) => defaults.writeVarintField(58, CLOCK_OURS), undefined)
    })
  }

  track(track: Track): void {
    this.#packet((to) => to.writeMessage(60, writeTrack, track))
  }

  event(event: TrackEvent, isNameCommon: boolean): void {
    this.#packet((to) => {
      to.writeVarintField(8, event.time)
      to.writeVarintField(13, NEEDS_STATE)
      this.#intern(to, event, isNameCommon)
      to.writeMessage(11, (_, body) => this.#writeEvent(body, event, isNameCommon), undefined)
    })
  }

  #packet(fill: (to: PbfWriter) => void): void {
    this.#writer.writeMessage(
      1,
      (_, to) => {
        to.writeVarintField(10, SEQUENCE)
        fill(to)
      },
      undefined,
    )
  }

  /** Names that this event is the first to use, before it. */
  #intern(to: PbfWriter, { name, category, details = {} }: TrackEvent, isNameCommon: boolean) {
    const fresh: [number, number, string][] = []
    if (category !== undefined) this.#categories.note(1, category, fresh)
    if (isNameCommon && name !== undefined) this.#names.note(2, name, fresh)
    for (const detail in details) this.#details.note(3, detail, fresh)
    if (fresh.length === 0) return
    to.writeMessage(
      12,
      (_, data) => {
        for (const [field, number, text] of fresh)
          data.writeMessage(
            field,
            (_entry, entry) => {
              entry.writeVarintField(1, number)
              entry.writeStringField(2, text)
            },
            undefined,
          )
      },
      undefined,
    )
  }

  #writeEvent(to: PbfWriter, event: TrackEvent, isNameCommon: boolean): void {
    const { type, track, name, category, value, details = {} } = event
    to.writeVarintField(9, type)
    to.writeVarintField(11, track)
    if (category !== undefined) to.writeVarintField(3, this.#categories.number(category))
    if (name !== undefined && isNameCommon) to.writeVarintField(10, this.#names.number(name))
    else if (name !== undefined) to.writeStringField(23, name)
    if (value !== undefined) to.writeVarintField(30, value)
    for (const detail in details)
      to.writeMessage(4, writeDetail, [
        this.#details.number(detail),
        details[detail] as string | number | boolean,
      ])
    // By the field that readers know since 2022, which take it rather than the other, and by that of the older ones.
    for (const flow of event.flowsFrom ?? []) writeFlow(to, 47, 36, flow)
    for (const flow of event.flowsTo ?? []) writeFlow(to, 48, 42, flow)
  }
}

function writeFlow(to: PbfWriter, field: number, oldField: number, flow: number): void {
  to.writeVarintField(oldField, flow)
  to.writeFixed64Field(field, flow)
}

function writeDetail([name, value]: [number, string | number | boolean], to: PbfWriter): void {
  to.writeVarintField(1, name)
  if (typeof value === 'string') to.writeStringField(6, value)
  else if (typeof value === 'boolean') to.writeBooleanField(2, value)
  else to.writeVarintField(4, value)
}

/** Our 0 is that of the wall clock and of Perfetto's own. */
function writeClocks(_: undefined, to: PbfWriter): void {
  for (const clock of [CLOCK_OURS, CLOCK_REALTIME, CLOCK_BOOTTIME])
    to.writeMessage(
      1,
      (_clock, each) => {
        each.writeVarintField(1, clock)
        each.writeVarintField(2, 0)
        if (clock === CLOCK_OURS) each.writeVarintField(4, NANOSECONDS)
      },
      undefined,
    )
}

function writeTrack({ uuid, parent, name, pid, tid, isCounter }: Track, to: PbfWriter): void {
  to.writeVarintField(1, uuid)
  if (parent !== undefined) to.writeVarintField(5, parent)
  if (pid === undefined) {
    to.writeStringField(2, name ?? '')
    if (isCounter) to.writeMessage(8, () => {}, undefined)
  } else if (tid === undefined)
    to.writeMessage(
      3,
      (_, process) => {
        process.writeVarintField(1, pid)
        process.writeStringField(6, name ?? '')
      },
      undefined,
    )
  else
    to.writeMessage(
      4,
      (_, thread) => {
        thread.writeVarintField(1, pid)
        thread.writeVarintField(2, tid)
        thread.writeStringField(5, name ?? '')
      },
      undefined,
    )
}

class Interned {
  readonly #numbers = new Map<string, number>()

  /** Adds [field, number, text] to the fresh ones, if it is one. */
  note(field: number, text: string, fresh: [number, number, string][]): void {
    if (this.#numbers.has(text)) return
    const number = this.#numbers.size + 1
    this.#numbers.set(text, number)
    fresh.push([field, number, text])
  }

  number(text: string): number {
    return this.#numbers.get(text) as number
  }
}
