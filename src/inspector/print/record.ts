// One life as shdb walks it: a head, its events as values, and in between what is missing.

import { counted } from '../../image/counted.ts'
import type { Event, History } from '../../image/image.ts'
import { shownName } from './name.ts'

/** `37 events lost (#12-#48)`: what is missing before an event. */
export function lossText(event: Event): string {
  const last = event.index - 1
  const first = event.index - event.lost
  const range = first === last ? `#${first}` : `#${first}-#${last}`
  return `${counted(event.lost, 'event')} lost (${range})`
}

/** The same on a line of its own. */
export const lossLine = (event: Event): string => `- ${lossText(event)} -`

/** `- 31 events not shown -`: what a filter or a page leaves out. */
export const hiddenLine = (what: string): string => `- ${what} not shown -`

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

/** `TCP con 0x10 #33554434`. */
export const lifeName = (history: History): string =>
  `${shownName(history.list.name)} ${shownName(history.objectText)} #${history.handle}`

/** `shown`: without those that only say that something is missing. */
export function headLine(history: History, shown: readonly Event[]): string {
  const refs = `ref ${history.ref}`
  const logged = shown.reduce((sum, { count }) => sum + count, 0)
  const repeats = logged > shown.length ? ` (${logged} with repeats)` : ''
  const events = `${counted(shown.length, 'event')}${repeats}`
  return `${lifeName(history)}: ${stateOf(history)}, ${refs}, ${events}, ${lossSummary(history)}`
}

/** Events ever logged to it: places taken, and repeats that took none, as far as they are left. */
export function loggedTo(history: History): number {
  const folded = ({ count, index, lastIndex }: Event) => count - (lastIndex - index + 1)
  const shown = history.events().filter(({ verb }) => verb !== '')
  return shown.reduce((sum, event) => sum + folded(event), history.len)
}

/** Its number in its life, who logged it, at which call, how often until when, and from where: a line each. */
export const whereLines = (event: Event, sum = ''): string =>
  `    event ${event.index}, by ${shownName(event.thread)}${siteOf(event)}${sum}\n${detailLines(event)}`

/** Where it was pushed; nothing where that is not told. */
export const pushLine = (history: History): string =>
  history.site === undefined
    ? ''
    : `    pushed at t = ${history.created}, by ${shownName(history.thread)}${siteOf(history)}\n`

export const siteOf = ({ site }: Pick<Event | History, 'site'>): string =>
  site === undefined ? '' : `, at ${shownName(site)}`

/** `; verbs so far: 2` behind each event: where the object's count stood, as far as nothing is lost. */
export function sumsOf(events: readonly Event[]): readonly string[] {
  if (!events.some(({ role }) => role === 'ref' || role === 'unref')) return []
  let sum = 0
  let lost = 0
  return events.map((event) => {
    if (event.role === 'ref') sum += event.count
    if (event.role === 'unref') sum -= event.count
    lost += event.lost
    return `; verbs so far: ${sum}${lost === 0 ? '' : `, without the ${lost} lost`}`
  })
}

/** How often until when, and from where: nothing for most. */
export function detailLines({ backtrace, count, t, last }: Event): string {
  const frames = backtrace === undefined ? [] : backtrace.split('\n')
  const repeats = count > 1 ? [`${count} times, from t = ${t} to t = ${last}`] : []
  return [...repeats, ...frames].map((line) => `    ${shownName(line)}\n`).join('')
}

/** Marks after the record of an event: how often it was logged in a row, and that it should not have been. */
export function marksOf(event: Event): string {
  const repeats = event.count > 1 ? ` × ${event.count}` : ''
  return event.late === '' ? repeats : `${repeats} <${event.late}>`
}

const SIGNS = { ref: '+1', unref: '-1', end: 'end' } as const

/** `3 x +1, 2 x -1, 1 x end`: what the verbs did to the object's own count, repeats included. */
export function countRoles(events: readonly Event[]): string {
  const counts = { ref: 0, unref: 0, end: 0 }
  for (const { role, count } of events) if (role !== 'none') counts[role] += count
  const refs = counts.ref - counts.unref
  return `${counts.ref} x ${SIGNS.ref}, ${counts.unref} x ${SIGNS.unref}, together ${refs}; ${counts.end} x ${SIGNS.end}`
}
