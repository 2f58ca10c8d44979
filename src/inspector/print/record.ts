// One life as shdb walks it: a head, its events as values, and in between what is missing.

import type { Event, History } from '../../image/image.ts'
import { shownName } from './name.ts'

/** `- 37 events lost (#12-#48) -`. */
export function lossLine(event: Event): string {
  const last = event.index - 1
  const first = event.index - event.lost
  const range = first === last ? `#${first}` : `#${first}-#${last}`
  return `- ${event.lost} event${event.lost === 1 ? '' : 's'} lost (${range}) -`
}

/** live, ended, released; pinned beyond the window. */
export function stateOf(history: History): string {
  const state = history.ended ? 'ended' : history.ref === 0 ? 'released' : 'live'
  return history.pinned ? `${state}, pinned` : state
}

/** What is gone from a life, and why. "nothing lost" is said, too. */
export function lossSummary(history: History): string {
  const counts = new Map<string, number>()
  for (const gap of history.gaps()) counts.set(gap.cause, (counts.get(gap.cause) ?? 0) + gap.count)
  if (counts.size === 0) return 'nothing lost'
  return [...counts].map(([cause, count]) => `${count} lost (${cause})`).join(', ')
}

export function headLine(history: History, shown: number): string {
  const refs = `ref ${history.ref}`
  const events = `${shown} event${shown === 1 ? '' : 's'}`
  return `${shownName(history.list.name)} ${shownName(history.objectText)} #${history.handle}: ${stateOf(history)}, ${refs}, ${events}, ${lossSummary(history)}`
}

/** Who logged, and from where, a line each. */
export function whereLines(event: Event): string {
  const frames = event.backtrace === undefined ? [] : event.backtrace.split('\n')
  return [`by ${event.thread}`, ...frames].map((line) => `    ${shownName(line)}\n`).join('')
}

/** A mark after the record of an event that should not have been. */
export function lateMark(event: Event): string {
  return event.late === '' ? '' : ` <${event.late}>`
}
