// How many references by push() and ref() a history has left when its object is over: one where pushers never let go,
// none where they do.

import type { Family } from '../lives.ts'
import { add, mostOf } from './tally.ts'

export interface UsualRefs {
  readonly refs: number
  readonly lives: number
  readonly kept: number
  readonly share: number
}

export function learnRefs(family: Family, isClosed: Uint8Array): UsualRefs {
  const counts = new Map<number, number>()
  let lives = 0
  for (const [number, { history }] of family.lives.entries()) {
    if (isClosed[number] !== 1) continue
    lives++
    add(counts, history.ref)
  }
  const refs = mostOf(counts) ?? 1
  const kept = counts.get(refs) ?? 0
  return { refs, lives, kept, share: lives === 0 ? 0 : kept / lives }
}
