// A life that took a step which hardly any other takes, where all others are alike. Where lives differ by nature, a rare
// one proves nothing, and nothing is said.

import { isSettled } from '../usual/closing.ts'
import { kindOf, stepNames, stepsOf } from '../usual/routes.ts'
import type { Usual } from '../usual/usual.ts'
import { type Detector, eventName } from './detector.ts'

/** So many closed siblings at least. */
const LIVES_MIN = 50
/** Lives of so few kinds are alike; where there are more, a step is rare only after what so many lives do. */
const ALIKE = 3
const VARIED_MIN = 300
/** And a verb that no other life has is rare only among so many. */
const NOVEL_MIN = 300
/** Rare: one life in so many, or one in all. */
const ONE_IN = 2000
/** Steps that are neither rare nor common: lives that differ by nature have many. */
const COMMON_SHARE = 0.005
const COMMON_MIN = 10
/** Lives that took rare steps: more of them are variety. */
const RARE_LIVES_SHARE = 0.002

interface Rarity {
  readonly most: number
  readonly rareLives: number
  readonly between: number
  /** Kinds of lives that are common. */
  readonly kinds: number
}

const known = new WeakMap<Usual, Rarity>()

function rarityOf(usual: Usual): Rarity {
  const before = known.get(usual)
  if (before !== undefined) return before
  const { lives, steps, kinds } = usual.routes
  const most = Math.max(1, Math.floor(lives / ONE_IN))
  const common = Math.max(COMMON_MIN, lives * COMMON_SHARE)
  let between = 0
  for (const count of steps.values()) if (count > most && count < common) between++
  let rareLives = 0
  const { family, closing } = usual
  for (const [number, life] of family.lives.entries()) {
    if (closing.isClosed[number] !== 1 || !life.whole) continue
    if (stepsOf(life).some(({ step }) => (steps.get(step) ?? 0) <= most)) rareLives++
  }
  const rarity = {
    most,
    rareLives,
    between,
    kinds: [...kinds.values()].filter((count) => count > most).length,
  }
  known.set(usual, rarity)
  return rarity
}

export const detectRarePath: Detector = (life, usual, number) => {
  const { routes, closing, family } = usual
  if (closing.isClosed[number] !== 1 || !life.whole || routes.lives < LIVES_MIN) return []
  if (!isSettled(life, closing)) return []
  const rarity = rarityOf(usual)
  if (rarity.rareLives > Math.max(1, routes.lives * RARE_LIVES_SHARE)) return []
  const steps = stepsOf(life)
  const missing = usuallyThere(life, usual)
  // That somebody did something more is natural once in a while; that something is left out, less so.
  const isNovelTold = missing.length > 0 || routes.lives >= NOVEL_MIN
  const rare = steps.filter(
    ({ step }) =>
      (routes.steps.get(step) ?? 0) <= rarity.most && isTelling(usual, step, rarity, isNovelTold),
  )
  const [first] = rare.sort((one, other) => one.place - other.place)
  if (first === undefined) return []
  const uniform = rarity.kinds <= ALIKE ? 0.1 : rarity.kinds <= 12 ? -0.1 : -0.2
  const confidence =
    0.5 +
    0.2 * Math.min(1, Math.log10(routes.lives) / 4) +
    uniform -
    0.12 * rarity.between -
    (rarity.rareLives > 1 ? 0.05 : 0)
  const [before, after] = stepNames(family, first.step)
  const step =
    before === ''
      ? `begins with ${after}`
      : after === ''
        ? `does nothing after ${before}`
        : `goes from ${before} to ${after}`
  const lacking = missing.length > 0 ? `, and there is no ${missing.join(', no ')}` : ''
  return [
    {
      kind: 'rare-path',
      confidence,
      events: [...new Set(rare.map(({ place }) => place))].sort((one, other) => one - other),
      root: first.place,
      text: `${eventName(family, first.place, true)}: ${family.threadName(first.place)} ${step} here${lacking}; ${routes.kinds.get(kindOf(steps)) ?? 1} of ${routes.lives} lives ${routes.kinds.get(kindOf(steps)) === 1 ? 'does' : 'do'} as this one.`,
    },
  ]
}

/**
 * What comes after a verb that few lives have is rare by nature, the more so where lives differ; a verb that no other life
 * has is not.
 */
function isTelling(
  { family, routes }: Usual,
  step: number,
  { most, kinds }: Rarity,
  isNovelTold: boolean,
): boolean {
  const support = (verb: string): number =>
    verb === '' ? routes.lives : routes.withVerb[family.verbs.indexOf(verb)]
  const [from, to] = stepNames(family, step).map(support)
  const enough = kinds <= ALIKE ? LIVES_MIN : VARIED_MIN
  return from >= enough && (to >= enough || (to <= most && isNovelTold))
}

/** Verbs that nearly all other lives have. */
function usuallyThere(
  { from, to }: { from: number; to: number },
  { routes, family }: Usual,
): string[] {
  const own = new Set<number>()
  for (let at = from; at < to; at++) own.add(family.verbOf(at))
  return family.verbs.filter(
    (_, verb) => !own.has(verb) && routes.withVerb[verb] >= routes.lives * 0.99,
  )
}
