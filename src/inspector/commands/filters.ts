// Which events: the options that history, find, around and next share.

import { type Pattern, patternOf } from '../../check/pattern/match.ts'
import { PatternError } from '../../check/pattern/syntax.ts'
import type { Event } from '../../image/image.ts'
import { CommandError } from '../messages.ts'
import { shownName } from '../print/name.ts'
import type { Session } from '../session.ts'
import type { Target } from '../target.ts'
import { noThread, threadKey, threadsNamed } from '../threads.ts'
import type { Option, Options } from './options.ts'
import { timeOf } from './time.ts'

const OFFERED_MAX = 200

export const FILTERS: readonly Option[] = [
  {
    name: 'thread',
    value: 'NAME|NUMBER',
    line: 'Only events of this thread; NUMBER as in "info threads", or $_thread.',
    offers: (session) => offered(session, (target) => target.image.threads()),
  },
  {
    name: 'verb',
    value: 'VERB[,VERB]...',
    line: 'Only events of these verbs.',
    offers: (session) => offered(session, (target) => target.image.verbs()),
  },
  { name: 'from', value: 'T', line: 'Only from this time on: microseconds, 12.5s, 3ms, or $3.t.' },
  { name: 'to', value: 'T', line: 'Only up to this time.' },
  { name: 'grep', value: 'REGEXP', line: 'Only events whose text, verb or site matches.' },
]

/** Of commands that have a time span of their own, or times of several recorders. */
export const FILTERS_BUT_TIMES: readonly Option[] = FILTERS.filter(
  ({ name }) => name !== 'from' && name !== 'to',
)

export const JSON_OPTION: Option = {
  name: 'json',
  line: 'As one JSON value, for jq; nothing enters the value history.',
}

export const LIFE_OPTION: Option = {
  name: 'life',
  value: '"PATTERN"',
  line: 'Only lives that match: "END then any"; docs/CHECK.md has the notation.',
}

/** A pattern over the verbs of a life. */
export function lifePattern(text: string | undefined): Pattern | undefined {
  if (text === undefined) return undefined
  try {
    return patternOf(text)
  } catch (error) {
    if (error instanceof PatternError) throw new CommandError(error.message)
    throw error
  }
}

function namesOf(
  session: Session,
  named: (target: Target) => readonly { readonly name: string }[],
): readonly string[] {
  const names = session.targets.flatMap((target) =>
    named(target).map(({ name }) => shownName(name)),
  )
  return [...new Set(names)].sort()
}

const offered: typeof namesOf = (session, named) => namesOf(session, named).slice(0, OFFERED_MAX)

type Wanted = (event: Event) => boolean

export interface Filter {
  /** Nothing is filtered: every event is wanted. */
  readonly isIdle: boolean
  /** For the events of one image, whose threads have numbers of their own. */
  of(target: Target): Wanted
}

/** What the options ask for; throws what no open image has. */
export function filterOf(session: Session, { given }: Pick<Options, 'given'>): Filter {
  const wanted: ((target: Target) => Wanted)[] = []
  const thread = given.get('thread')
  if (thread !== undefined) wanted.push(byThread(session, thread.text, thread.quoted))
  const verb = given.get('verb')
  if (verb !== undefined) wanted.push(byVerb(session, verb.text))
  const from = given.get('from')
  const to = given.get('to')
  if (from !== undefined || to !== undefined) {
    const first = from === undefined ? Number.NEGATIVE_INFINITY : timeOf(session, from.text)
    const last = to === undefined ? Number.POSITIVE_INFINITY : timeOf(session, to.text)
    wanted.push(() => (event) => event.last >= first && event.t <= last)
  }
  const grep = given.get('grep')
  if (grep !== undefined) {
    const matches = byPattern(grep.text)
    wanted.push(() => matches)
  }
  return {
    isIdle: wanted.length === 0,
    of(target) {
      const all = wanted.map((each) => each(target))
      return (event) => all.every((each) => each(event))
    },
  }
}

function byThread(session: Session, word: string, quoted: boolean): (target: Target) => Wanted {
  const named = !quoted && word.startsWith('$') ? session.format(session.evaluate(word)) : word
  const keys = new Map<Target, ReadonlySet<string>>()
  for (const target of session.targets) {
    keys.set(target, new Set(threadsNamed(target, named, quoted).map(threadKey)))
  }
  if ([...keys.values()].every(({ size }) => size === 0)) throw noThread(named)
  return (target) => (event) => keys.get(target)?.has(threadKey(event)) === true
}

function byVerb(session: Session, words: string): (target: Target) => Wanted {
  const known = namesOf(session, (target) => target.image.verbs())
  const wanted = new Set(words.split(',').filter((each) => each !== ''))
  for (const each of wanted) {
    if (known.includes(each)) continue
    throw new CommandError(`No verb "${each}": the verbs are ${known.join(', ')}.`)
  }
  return () => (event) => wanted.has(shownName(event.verb))
}

/** Text, verb or call site that matches. */
export function byPattern(pattern: string): Wanted {
  try {
    const expression = new RegExp(pattern, 'u')
    return ({ log, verb, site }) =>
      expression.test(log) || expression.test(verb) || (site !== undefined && expression.test(site))
  } catch {
    throw new CommandError(`Invalid regexp: ${pattern}`)
  }
}
