// References with an owner (docs/HOLDS.md): released twice, or never. They are events of three verbs whose texts name the
// hold by two numbers, and its owner.

import { counted } from '../../image/counted.ts'
import type { Event } from '../../image/image.ts'
import type { Clue } from '../finding.ts'
import type { Family, Life } from '../lives.ts'
import { isSettled, lastAt } from '../usual/closing.ts'
import type { Usual } from '../usual/usual.ts'
import { type Detector, eventName } from './detector.ts'
import { duration, stuckness } from './stuck.ts'

const VERBS = ['HOLD', 'TRANSFER', 'RELEASE'] as const
type HoldVerb = (typeof VERBS)[number]
const TEMPLATE = 'hold #.# by '
const TEXT = /^hold (\d+\.\d+) by (.*)$/s
const COUNTS = 2 ** 31
/** Holds that were released tell how long one lasts. */
const RELEASED_MIN = 5
const IDLE_TIMES = 5
const TICK = 2000

/** One hold: places of its events. */
interface Hold {
  readonly taken: number[]
  readonly moved: number[]
  readonly released: number[]
}

interface Usage {
  /** Verbs of holds, by key. */
  readonly verbs: ReadonlyMap<number, HoldVerb>
  readonly released: number
  readonly longest: number
  /** Of those that were handed on, by whom they were handed to: how many were released, and how long that took at most. */
  readonly handed: ReadonlyMap<number, { released: number; longest: number }>
}

const usages = new WeakMap<Family, Usage>()

function usageOf(family: Family): Usage {
  const known = usages.get(family)
  if (known !== undefined) return known
  const verbs = new Map<number, HoldVerb>()
  for (const { id, verbName, template } of family.keys) {
    const verb = VERBS.find((each) => each === verbName)
    if (verb !== undefined && (template === '' || template.startsWith(TEMPLATE)))
      verbs.set(id, verb)
  }
  let released = 0
  let longest = 0
  const handed = new Map<number, { released: number; longest: number }>()
  if (verbs.size > 0)
    for (const life of family.lives)
      for (const { taken, moved, released: given } of holdsOf(life, verbs).values()) {
        const [from] = taken
        const [to] = given
        if (from === undefined || to === undefined) continue
        released++
        longest = Math.max(longest, family.t[to] - family.t[from])
        const last = moved.at(-1)
        if (last === undefined) continue
        const known = handed.get(family.key[last]) ?? { released: 0, longest: 0 }
        handed.set(family.key[last], {
          released: known.released + 1,
          longest: Math.max(known.longest, family.t[to] - family.t[last]),
        })
      }
  const usage = { verbs, released, longest, handed }
  usages.set(family, usage)
  return usage
}

function holdsOf(
  { family, from, to }: Life,
  verbs: ReadonlyMap<number, HoldVerb>,
): Map<number, Hold> {
  const holds = new Map<number, Hold>()
  for (let at = from; at < to; at++) {
    const verb = verbs.get(family.key[at])
    if (verb === undefined) continue
    const number = family.numberAt(at, 0) * COUNTS + family.numberAt(at, 1)
    const hold = holds.get(number) ?? { taken: [], moved: [], released: [] }
    holds.set(number, hold)
    if (verb === 'HOLD') hold.taken.push(at)
    else if (verb === 'TRANSFER') hold.moved.push(at)
    else for (let times = Math.min(family.times[at], 2); times > 0; times--) hold.released.push(at)
  }
  return holds
}

export const detectHolds: Detector = (life, usual, number) => {
  const usage = usageOf(life.family)
  if (usage.verbs.size === 0) return []
  const clues: Clue[] = []
  const holds = holdsOf(life, usage.verbs)
  if (holds.size === 0) return []
  const twice = [...holds.values()].filter(({ released }) => released.length > 1)
  const open = [...holds.values()].filter(
    ({ taken, released }) => taken.length > 0 && released.length === 0,
  )
  if (twice.length > 0) clues.push(releasedTwice(life, twice))
  const sure = open.length > 0 ? openness(life, usual, usage, number, open) : 0
  if (sure > 0) clues.push(neverReleased(life, usage, open, sure))
  return clues
}

function releasedTwice(life: Life, holds: readonly Hold[]): Clue {
  const { family } = life
  const texts = textsOf(life)
  const [{ taken, moved, released }] = holds as [Hold]
  const [first, second] = released as [number, number]
  const what = texts(second)
  const from =
    taken[0] === undefined
      ? ''
      : `; ${texts(taken[0]).owner} had taken it, ${eventName(family, taken[0])}`
  const also =
    holds.length > 1
      ? `; ${counted(holds.length - 1, 'more hold')} of this life went the same way`
      : ''
  const times = released.length > 2 ? ` (${released.length} times in all)` : ''
  return {
    kind: 'double-release',
    confidence: 0.97,
    events: [...new Set([...taken.slice(0, 1), ...moved, ...released])],
    root: second,
    text: `${eventName(family, second)} released hold ${what.hold} again${times}, as ${what.owner}: ${eventName(family, first)} had released it, as ${texts(first).owner}${from}${also}.`,
  }
}

/** How sure it is that a hold will not be released any more. */
function openness(
  life: Life,
  usual: Usual,
  { released, longest, handed }: Usage,
  number: number,
  open: readonly Hold[],
): number {
  const { closing } = usual
  if (life.end >= 0) {
    if (isSettled(life, closing)) return 0.95
    // Where hardly any have ended, nothing tells how soon after the end a hold is released.
    return closing.closed < RELEASED_MIN ? 0.75 : 0
  }
  const stuck = stuckness(life, usual, number)
  if (stuck > 0) return stuck
  // Whoever was handed it does with it what the others do at once: then it does not matter who else touches the life.
  const isStranded = open.some(({ moved }) => {
    const last = moved.at(-1)
    const others = last === undefined ? undefined : handed.get(life.family.key[last])
    return (
      last !== undefined &&
      others !== undefined &&
      others.released >= RELEASED_MIN &&
      life.source.now - life.family.t[last] > IDLE_TIMES * Math.max(others.longest, TICK)
    )
  })
  if (isStranded) return 0.95
  const since = Math.min(
    ...open.map(({ taken, moved }) => life.family.t[moved.at(-1) ?? (taken[0] as number)]),
  )
  const span = Math.max(longest, TICK)
  const isIdle = life.source.now - lastAt(life) > IDLE_TIMES * span
  return released >= RELEASED_MIN && isIdle && life.source.now - since > IDLE_TIMES * span ? 0.8 : 0
}

function neverReleased(
  life: Life,
  { released, longest }: Usage,
  all: readonly Hold[],
  sure: number,
): Clue {
  const { family, source } = life
  // What was handed on and not taken up is why the others are still there.
  const open = [...all].sort((a, b) => Math.min(b.moved.length, 1) - Math.min(a.moved.length, 1))
  const texts = textsOf(life)
  const holders = open.map(({ taken, moved }) => {
    const at = taken[0] as number
    const last = moved.at(-1)
    const moving =
      last === undefined
        ? ''
        : `, and had been handed to ${texts(last).owner} by ${eventName(family, last)}`
    return `hold ${texts(at).hold} of ${texts(last ?? at).owner} was never released: it was taken by ${eventName(family, at)} for ${texts(at).owner}${moving}`
  })
  const [{ taken }] = open as [Hold]
  const others =
    released > 0
      ? `; ${counted(released, 'other hold')} of this list lasted ${duration(longest)} at most`
      : ''
  return {
    kind: 'never-released',
    confidence: 0.93 * sure,
    events: [
      ...new Set(
        open.flatMap(({ taken: [first], moved }) => [
          ...(first === undefined ? [] : [first]),
          ...moved,
        ]),
      ),
    ],
    root: taken[0] as number,
    text: `${holders.slice(0, 3).join('; ')}${holders.length > 3 ? `; and ${holders.length - 3} more` : ''}${others}, this one lasts for ${duration(source.now - family.t[taken[0] as number])}.`,
  }
}

/** Number and owner of a hold as its event tells them. Decodes the life: only for what is told. */
function textsOf({ family, history }: Life): (at: number) => { hold: string; owner: string } {
  let events: Map<number, Event> | undefined
  return (at) => {
    events ??= new Map(history.events().map((event) => [event.index, event]))
    const [, hold = '?', owner = '?'] = TEXT.exec(events.get(family.index[at])?.log ?? '') ?? []
    return { hold, owner: owner === '' ? 'nobody' : owner }
  }
}
