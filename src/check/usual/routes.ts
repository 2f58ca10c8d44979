// Which steps lives take, from verb to verb on one thread, and how many lives take each. A step that hardly any life takes
// tells more than a whole path that is new: loops, and threads that meet in another order, make many paths and no new step.

import type { Family, Life } from '../lives.ts'
import { add } from './tally.ts'

const START = 0
const STOP = 1
const FIRST_VERB = 2

export interface Routes {
  /** Lives that were counted: closed, and whole. */
  readonly lives: number
  /** Lives that take each step. */
  readonly steps: ReadonlyMap<number, number>
  /** Lives with each verb. */
  readonly withVerb: Uint32Array
  /** How many lives differ in nothing but the order in which their threads met, by what they have in common. */
  readonly kinds: ReadonlyMap<number, number>
}

/** One step, and the place of the event that it leads to; of the last step of a thread, that it comes from. */
export interface Step {
  readonly step: number
  readonly place: number
}

/** Steps of one life, each once. Few threads log in one life: those beyond are one. */
export function stepsOf({ family, from, to }: Life): Step[] {
  const steps = new Map<number, number>()
  const verbs = family.verbs.length + FIRST_VERB
  const last = new Map<number, { verb: number; place: number }>()
  for (let at = from; at < to; at++) {
    const thread = family.thread[at]
    const verb = family.verbOf(at) + FIRST_VERB
    const before = last.get(thread)
    const step = (before?.verb ?? START) * verbs + verb
    if (!steps.has(step)) steps.set(step, at)
    last.set(thread, { verb, place: at })
  }
  for (const { verb, place } of last.values()) {
    const step = verb * verbs + STOP
    if (!steps.has(step)) steps.set(step, place)
  }
  return [...steps].map(([step, place]) => ({ step, place }))
}

/** Verbs of a step; '' for where a thread begins or stops. */
export function stepNames(family: Family, step: number): readonly [string, string] {
  const verbs = family.verbs.length + FIRST_VERB
  const name = (verb: number): string => family.verbs[verb - FIRST_VERB] ?? ''
  return [name(Math.floor(step / verbs)), name(step % verbs)]
}

const KINDS_MAX = 1 << 16

export function learnRoutes(family: Family, isClosed: Uint8Array): Routes {
  const steps = new Map<number, number>()
  const kinds = new Map<number, number>()
  const withVerb = new Uint32Array(family.verbs.length)
  let lives = 0
  for (const [number, life] of family.lives.entries()) {
    if (isClosed[number] !== 1 || !life.whole) continue
    lives++
    const taken = stepsOf(life)
    for (const { step } of taken) add(steps, step)
    const kind = kindOf(taken)
    if (kinds.size < KINDS_MAX || kinds.has(kind)) add(kinds, kind)
    for (const verb of verbsOf(life)) withVerb[verb]++
  }
  return { lives, steps, withVerb, kinds }
}

/** What a life's steps have in common with another's: a sum that hardly ever is that of other steps. */
export function kindOf(steps: readonly Step[]): number {
  let [low, high] = [0, 0]
  for (const { step } of steps) {
    const mixed = Math.imul(step ^ (step >>> 15), 0x2c1b3c6d)
    low = (low + Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39)) | 0
    high = (high + Math.imul(mixed ^ (mixed >>> 13), 0x1b56c4e9)) | 0
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0)
}

function verbsOf({ family, from, to }: Life): Set<number> {
  const verbs = new Set<number>()
  for (let at = from; at < to; at++) verbs.add(family.verbOf(at))
  return verbs
}
