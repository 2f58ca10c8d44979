// The engine: reads all lives, learns what is usual in each list, lets every detector look at every life, and ranks what
// they found.

import type { History, Image } from '../image/image.ts'
import { judge } from './causes.ts'
import { detectAfterEnd, detectAfterUnref } from './detect/after-end.ts'
import { detectBelowZero, detectDoubleEnd, detectEndWhileReferenced } from './detect/counting.ts'
import type { Detector } from './detect/detector.ts'
import { detectHolds } from './detect/holds.ts'
import { detectInterleaved } from './detect/interleaved.ts'
import { detectRarePath } from './detect/rare-path.ts'
import { detectStaleThread } from './detect/stale-thread.ts'
import { detectLeak, detectMissedHandover } from './detect/stuck.ts'
import { detectTexts } from './detect/texts.ts'
import { type Clue, type Finding, KINDS } from './finding.ts'
import { type Family, LIVES_AT_ONCE, type Life, readFamilies } from './lives.ts'
import { learnUsual, type Usual } from './usual/usual.ts'

/** Findings below are kept to themselves, unless they are asked for. */
export const CONFIDENCE_MIN = 0.5
/** Of one list and kind. More are counted, not told. */
const TOLD_MAX = 1000

const DETECTORS: readonly Detector[] = [
  detectHolds,
  detectBelowZero,
  detectEndWhileReferenced,
  detectDoubleEnd,
  detectAfterEnd,
  detectAfterUnref,
  detectStaleThread,
  detectTexts,
  detectInterleaved,
  detectMissedHandover,
  detectLeak,
  detectRarePath,
]

export interface CheckOptions {
  /** Only this list. */
  readonly list?: string
  /** Least confidence of what is told, from 0 to 1. Default: 0.5. */
  readonly least?: number
}

export interface Checked {
  /** Likeliest first. */
  readonly findings: readonly Finding[]
  readonly lives: number
  readonly events: number
  /** Findings beyond the first 1,000 of a list and kind, and lives beyond 8 million events. */
  readonly notTold: number
  readonly notRead: number
}

/** What is wrong in these images, likeliest first. The lives of lists of one name are compared with each other. */
export function check(images: Image | readonly Image[], options: CheckOptions = {}): Finding[] {
  return [...run(checking(asArray(images), options)).findings]
}

export const asArray = (images: Image | readonly Image[]): readonly Image[] =>
  'lists' in images ? [images] : images

/** Runs a generator to its end. */
export function run<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** The same, yielding now and then, so that somebody may end it. */
export function* checking(
  images: readonly Image[],
  options: CheckOptions = {},
): Generator<number, Checked> {
  return yield* judging(yield* studying(images, options.list), options)
}

/** What is wrong in lives that were studied. */
export function* judging(
  studied: readonly Usual[],
  options: CheckOptions = {},
): Generator<number, Checked> {
  const findings: Finding[] = []
  const told = new Map<string, number>()
  let [lives, events, notTold, notRead] = [0, 0, 0, 0]
  for (const usual of studied) {
    lives += usual.family.lives.length
    events += usual.family.size
    notRead += usual.family.leftOut
    for (const [number, life] of usual.family.lives.entries()) {
      if (number % LIVES_AT_ONCE === 0) yield number
      for (const finding of findingsOf(life, usual, number)) {
        if (finding.confidence < (options.least ?? CONFIDENCE_MIN)) continue
        const which = `${finding.kind} ${finding.list}`
        const count = (told.get(which) ?? 0) + 1
        told.set(which, count)
        if (count <= TOLD_MAX) findings.push(finding)
        else notTold++
      }
    }
  }
  findings.sort(
    (one, other) =>
      other.confidence - one.confidence || KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind),
  )
  return { findings, lives, events, notTold, notRead }
}

/** All that is usual, of each list. */
export function* studying(images: readonly Image[], list?: string): Generator<number, Usual[]> {
  const families = yield* readFamilies(images, list)
  const studied: Usual[] = []
  for (const family of families) studied.push(yield* learnUsual(family))
  return studied
}

/** What is wrong with one life, its cause first. */
export function findingsOf(life: Life, usual: Usual, number: number): Finding[] {
  const clues: Clue[] = []
  for (const detect of DETECTORS) clues.push(...detect(life, usual, number))
  if (clues.length === 0) return []
  return judge(clues, life.end >= 0).map(({ clue, cause }) => findingOf(life, clue, cause))
}

function findingOf(life: Life, clue: Clue, cause: Clue | undefined): Finding {
  const { family, history, source } = life
  const threads = new Set([
    ...clue.events.map((at) => family.threadName(at)),
    ...(clue.threads ?? []),
  ])
  const because =
    cause === undefined
      ? ''
      : ` This follows from the ${cause.kind} of the same life, ${whereOf(family, cause)}.`
  return {
    kind: clue.kind,
    list: family.name,
    object: history.objectText,
    confidence: Math.round(Math.max(0, Math.min(1, clue.confidence)) * 1000) / 1000,
    events: clue.events.map((at) => family.index[at]),
    threads: [...threads],
    text: `${clue.text.charAt(0).toUpperCase()}${clue.text.slice(1)}${because}`,
    history: history.handle,
    image: source.image.source,
  }
}

const whereOf = (family: Family, { root }: Clue): string =>
  `which began with #${family.index[root]}`

/** The place of a history among those that were read. */
export function lifeOf(studied: readonly Usual[], image: Image, { handle, list }: History) {
  for (const usual of studied) {
    if (usual.family.name !== list.name) continue
    const number = usual.family.lives.findIndex(
      ({ history, source }) => history.handle === handle && source.image === image,
    )
    const life = usual.family.lives[number]
    if (life !== undefined) return { life, usual, number }
  }
  return undefined
}
