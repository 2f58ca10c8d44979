// Of all that is wrong with one life, the first that went wrong is its cause; the rest follows from it, and counts for
// less. What says the same of the same event is told once.

import { type Clue, KINDS } from './finding.ts'

/** What a consequence still counts. */
const FOLLOWS = 0.55
/** Kinds that say no more than that another finding is there. */
const EMPTY_HANDED: ReadonlySet<string> = new Set(['rare-path'])
/** A kind says nothing new where one of these is there. */
const COVERED: Readonly<Record<string, readonly string[]>> = {
  'log-after-last-unref': ['use-after-end', 'slot-reused', 'unref-below-zero'],
  leak: ['never-released'],
}

/** Never a cause where there is another, in this order: what went wrong otherwise is why nobody went on, or let go. */
const LAST = ['missed-handover', 'leak', 'rare-path']
/** Kinds that come after another wherever it stands: of objects that ended, and of those that did not. */
const AFTER: Readonly<Record<string, string>> = {
  'end-while-referenced': 'never-released',
  'unref-below-zero': 'double-release',
}
const AFTER_UNENDED: Readonly<Record<string, string>> = {
  'never-released': 'missed-handover',
  'unref-below-zero': 'double-release',
}

const rank = (clue: Clue): number => KINDS.indexOf(clue.kind)

export interface Judged {
  readonly clue: Clue
  /** What it follows from. */
  readonly cause: Clue | undefined
}

export function judge(clues: readonly Clue[], isEnded: boolean): Judged[] {
  const after = isEnded ? AFTER : AFTER_UNENDED
  const kept = clues.filter((clue, at) => !isCovered(clue, clues, at))
  const comesAfter = (one: Clue, other: Clue): boolean => after[one.kind] === other.kind
  const sorted = [...kept].sort((one, other) => {
    if (comesAfter(one, other)) return 1
    if (comesAfter(other, one)) return -1
    const last = LAST.indexOf(one.kind) - LAST.indexOf(other.kind)
    return last || one.root - other.root || rank(one) - rank(other)
  })
  const cause = sorted.find(({ confidence }) => confidence >= 0.5) ?? sorted[0]
  if (cause === undefined) return []
  return sorted.map((clue) => {
    if (clue === cause) return { clue, cause: undefined }
    return {
      clue: { ...clue, confidence: Math.min(clue.confidence, cause.confidence) * FOLLOWS },
      cause,
    }
  })
}

function isCovered(clue: Clue, clues: readonly Clue[], at: number): boolean {
  if (EMPTY_HANDED.has(clue.kind))
    return clues.some(({ kind, confidence }) => kind !== clue.kind && confidence >= 0.3)
  const covering = COVERED[clue.kind] ?? []
  if (clues.some(({ kind }) => covering.includes(kind))) return true
  return clues.findIndex(({ kind }) => kind === clue.kind) < at
}
