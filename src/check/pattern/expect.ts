// expectLife(history).toMatch('…'): a pattern as an assertion, for any test runner. What it throws shows the life, and
// where it stopped being the one that was expected.

import type { Event } from '../../image/image.ts'
import { patternOf } from './match.ts'

/** What has a life: a recorder's history, an image's, or the events themselves. */
export type Living = { events(): readonly Event[] } | readonly Event[]

export interface LifeExpectation {
  /** @throws {Error} that shows the life, when it does not match. @throws {PatternError} when the text is no pattern. */
  toMatch(pattern: string): void
  readonly not: { toMatch(pattern: string): void }
}

/** Longer lives are shown around the place that matters. */
const SHOWN_AROUND = 40

/**
 * A life as an assertion, in any test runner: what it throws shows the life, and where it stopped being the one that was
 * expected. The notation is that of docs/CHECK.md.
 *
 * @example
 * expectLife(history).toMatch('^ REF then END $')
 * expectLife(history).not.toMatch('END then any')
 */
export function expectLife(life: Living): LifeExpectation {
  const judge = (source: string, wanted: boolean): void => {
    const pattern = patternOf(source)
    const all =
      'events' in life && typeof life.events === 'function'
        ? life.events()
        : (life as readonly Event[])
    const { isMatch, place, wanted: next } = pattern.match(all)
    if (isMatch === wanted) return
    const reason = wanted
      ? `stopped matching${next.length > 0 ? `: wanted ${next.join(' or ')}` : ''}`
      : 'matches up to here'
    const at = wanted ? place : place - 1
    const error = new Error(
      `Expected the life ${wanted ? '' : 'not '}to match ${source}\n\n${shown(all, at, reason)}`,
    )
    error.name = 'LifeMismatch'
    throw error
  }
  return {
    toMatch: (pattern) => judge(pattern, true),
    not: { toMatch: (pattern) => judge(pattern, false) },
  }
}

function shown(events: readonly Event[], place: number, reason: string): string {
  const first = Math.max(0, Math.min(place, events.length) - SHOWN_AROUND)
  const last = Math.min(events.length, place + SHOWN_AROUND)
  const lines = first > 0 ? [`    ... ${first} more`] : []
  for (let at = first; at < last; at++) {
    lines.push(lineOf(events[at] as Event))
    if (at === place) lines.push(`    ^-- ${reason}`)
  }
  if (last < events.length) lines.push(`    ... ${events.length - last} more`)
  if (place >= events.length)
    lines.push(events.length === 0 ? '    (no events)' : '    (here it ends)', `    ^-- ${reason}`)
  return lines.join('\n')
}

function lineOf({ index, verb, log, thread, count, lost, late }: Event): string {
  const losses = lost > 0 ? `    - ${lost} lost -\n` : ''
  if (verb === '') return losses.trimEnd()
  const text = log === '' ? '' : ` "${log}"`
  const repeats = count > 1 ? ` × ${count}` : ''
  return `${losses}    #${index} ${verb}${text} by ${thread}${repeats}${late === '' ? '' : ` <${late}>`}`
}
