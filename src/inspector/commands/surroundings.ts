// What was logged near an event in time, in all histories of all open images; and what may be missing there.

import { counted } from '../../image/counted.ts'
import type { Event, History, List } from '../../image/image.ts'
import { shownName } from '../print/name.ts'
import type { Place } from '../selection.ts'
import type { Session } from '../session.ts'
import type { Target } from '../target.ts'
import { type Timeline, timelineOf } from '../timeline.ts'
import type { Filter } from './filters.ts'
import type { Named } from './objects.ts'

/** An event beside the one that is asked about. */
export interface Neighbour {
  readonly target: Target
  readonly place: Place
  /** Microseconds after it; negative before. */
  readonly offset: number
  readonly isIt: boolean
}

/** What is missing in the same time. */
export interface Missing {
  readonly target: Target
  readonly history: History
  readonly event: Event
}

export interface Surroundings {
  readonly neighbours: readonly Neighbour[]
  /** Further away in time, so not among them. */
  readonly hidden: number
  readonly missing: readonly Missing[]
  /** Lists whose window has moved over that time. */
  readonly evicted: readonly string[]
}

export interface Wish {
  /** Microseconds before the event and after it. */
  readonly span: number
  readonly filter: Filter
  /** Name of the only list that counts. */
  readonly list: string | undefined
  /** So many of the nearest. */
  readonly max: number
}

interface Found {
  readonly target: Target
  readonly timeline: Timeline
  readonly row: number
  readonly offset: number
  readonly isIt: boolean
}

export async function surroundings(session: Session, it: Named, wish: Wish): Promise<Surroundings> {
  const all: Found[] = []
  const missing: Missing[] = []
  const evicted: string[] = []
  for (const target of session.targets) {
    const timeline = await timelineOf(target, () => session.breathe())
    // Recorders begin at different times; their wall clocks tell how far apart.
    const shift = Math.round((target.image.started - it.target.image.started) * 1000) || 0
    const from = it.place.event.t - wish.span - shift
    const to = it.place.event.last + wish.span - shift
    const itself = target === it.target ? timeline.rowOf(it.place) : -1
    const isWanted = wantedIn(target, timeline, wish)
    for (let row = 0; row < timeline.length; row++) {
      if (timeline.time(row) > to || timeline.last(row) < from) continue
      await session.breathe()
      const isIt = row === itself
      if (!isIt && !isWanted(row)) continue
      const offset = timeline.time(row) + shift - it.place.event.t
      all.push({ target, timeline, row, offset, isIt })
    }
    for (const { history, event, from: after, to: before } of timeline.absences) {
      await session.breathe()
      if (after <= to && before >= from && isOfList(history.list, wish)) {
        missing.push({ target, history, event })
      }
    }
    const lists = target.lists.filter((each) => isOfList(each, wish))
    evicted.push(...lists.flatMap((each) => evictedSince(each, from)))
  }
  const nearest = [...all].sort((one, other) => distance(one) - distance(other)).slice(0, wish.max)
  nearest.sort((one, other) => one.offset - other.offset || one.row - other.row)
  const neighbours = nearest.map(({ target, timeline, row, offset, isIt }) => ({
    target,
    place: timeline.place(row),
    offset,
    isIt,
  }))
  return { neighbours, hidden: all.length - nearest.length, missing, evicted }
}

const isOfList = ({ name }: List, { list }: Wish): boolean => list === undefined || name === list

function wantedIn(target: Target, timeline: Timeline, wish: Wish): (row: number) => boolean {
  const wanted = wish.filter.of(target)
  return (row) => {
    const { history, event } = timeline.place(row)
    return isOfList(history.list, wish) && wanted(event)
  }
}

/** Whether the window has moved over what a list may have held then. */
function evictedSince(list: List, from: number): string[] {
  const gone = list.evictedByWindow + list.evictedByBudget + list.evictedPinned
  if (gone === 0) return []
  const oldest = list.histories().find(({ pinned }) => !pinned)
  if (oldest !== undefined && oldest.created <= from) return []
  const until = oldest === undefined ? '' : ` before t = ${oldest.created}`
  const histories = counted(gone, 'history', 'histories')
  return [`${shownName(list.name)}: ${histories} evicted, with what they logged${until}`]
}

/** The event itself is never too far away. */
const distance = ({ offset, isIt }: Found): number => (isIt ? -1 : Math.abs(offset))
