// One life made ready to be drawn: columns in the order of its events, lanes of its threads, its count of references.

import type { Event, Gap } from '../../image/image.ts'
import type { LifeView, RowFinding } from '../engine/protocol.ts'

/** What stands at one place of the life: an event, or what is missing there. */
export interface Column {
  readonly event: Event | undefined
  readonly gap: Gap | undefined
  /** Place of its thread in the lanes; -1 for a gap. */
  readonly lane: number
  /** The count that the verbs make, after this event. */
  readonly sum: number
  /** Microseconds since the column before. */
  readonly pause: number
  /** Numbers of the findings that name this event, from 1; the first is the cause. */
  readonly proofs: readonly number[]
}

export interface Lane {
  readonly name: string
  readonly pid: number
  readonly tid: number
  readonly events: number
}

export interface LifeModel {
  readonly life: LifeView
  readonly columns: readonly Column[]
  readonly lanes: readonly Lane[]
  /** Place of each event by its index. */
  readonly places: ReadonlyMap<number, number>
  /** Any verb takes or gives references. */
  readonly isCounted: boolean
  readonly least: number
  readonly most: number
  /** Place of the first 'end', or -1. */
  readonly end: number
  readonly findings: readonly RowFinding[]
}

export function modelOf(life: LifeView, findings: readonly RowFinding[]): LifeModel {
  const lanes = new Map<string, { number: number; lane: Lane & { events: number } }>()
  const columns: Column[] = []
  const places = new Map<number, number>()
  let [sum, least, most, end] = [0, 0, 0, -1]
  let isCounted = false
  let before = life.created
  for (const event of life.events) {
    if (event.lost > 0) {
      const gap = gapBefore(life.gaps, event)
      columns.push({ event: undefined, gap, lane: -1, sum, pause: 0, proofs: [] })
    }
    if (event.verb === '') continue
    const { pid, tid, thread, count, role } = event
    const key = `${pid} ${tid} ${thread}`
    const known = lanes.get(key) ?? {
      number: lanes.size,
      lane: { name: thread, pid, tid, events: 0 },
    }
    lanes.set(key, known)
    known.lane.events += count
    if (role === 'ref' || role === 'unref') isCounted = true
    sum += role === 'ref' ? count : role === 'unref' ? -count : 0
    least = Math.min(least, sum)
    most = Math.max(most, sum)
    if (role === 'end' && end < 0) end = columns.length
    places.set(event.index, columns.length)
    const proofs = findings.flatMap(({ events }, i) =>
      events.includes(event.index) ? [i + 1] : [],
    )
    columns.push({
      event,
      gap: undefined,
      lane: known.number,
      sum,
      pause: Math.max(0, event.t - before),
      proofs,
    })
    before = event.last
  }
  return {
    life,
    columns,
    lanes: [...lanes.values()].map(({ lane }) => lane),
    places,
    isCounted,
    least,
    most,
    end,
    findings,
  }
}

/** Of losses of several causes in one place, the sum. */
function gapBefore(gaps: readonly Gap[], { index, lost }: Event): Gap {
  const from = index - lost
  const within = gaps.filter((gap) => gap.to >= from && gap.from < index)
  return { from, to: index - 1, count: lost, cause: within[0]?.cause ?? 'damaged' }
}

/** `fallen`: in words. */
export const CAUSES: Readonly<Record<Gap['cause'], string>> = {
  fallen: 'fell from the middle of a long life',
  unfinished: 'were begun by a thread that never finished them',
  damaged: 'are damaged',
  'before the log': 'were missing when their history was written into the log',
  'in the log': 'have no line in the log',
}
