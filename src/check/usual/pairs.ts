// Which line gives back what which line took: pairs of keys that stand equally often in nearly every life.

import type { Family, Life } from '../lives.ts'
import { add } from './tally.ts'

const LIVES_MIN = 8
const SHARE_MIN = 0.97
/** A program has few lines that count; a forged image may have more. */
const KEYS_MAX = 64

export interface Pair {
  readonly ref: number
  readonly unref: number
  /** Closed lives that have either, and those that have both equally often. */
  readonly lives: number
  readonly equal: number
}

export interface Pairs {
  /** By the key that gives back. */
  readonly ofUnref: ReadonlyMap<number, Pair>
  /** By the key that takes. */
  readonly ofRef: ReadonlyMap<number, Pair>
}

export function learnPairs(family: Family, isClosed: Uint8Array): Pairs {
  const refs = family.keys.filter(({ role }) => role === 'ref').slice(0, KEYS_MAX)
  const unrefs = family.keys.filter(({ role }) => role === 'unref').slice(0, KEYS_MAX)
  const seen = new Uint32Array(refs.length * unrefs.length)
  const equal = new Uint32Array(refs.length * unrefs.length)
  for (const [number, life] of family.lives.entries()) {
    if (isClosed[number] !== 1 || !life.whole) continue
    const times = timesOf(life)
    for (const [r, ref] of refs.entries()) {
      const taken = times.get(ref.id) ?? 0
      for (const [u, unref] of unrefs.entries()) {
        const given = times.get(unref.id) ?? 0
        if (taken === 0 && given === 0) continue
        seen[r * unrefs.length + u]++
        if (taken === given) equal[r * unrefs.length + u]++
      }
    }
  }
  const ofUnref = new Map<number, Pair>()
  const ofRef = new Map<number, Pair>()
  for (const [r, ref] of refs.entries()) {
    for (const [u, unref] of unrefs.entries()) {
      const at = r * unrefs.length + u
      const pair = {
        ref: ref.id,
        unref: unref.id,
        lives: seen[at],
        equal: equal[at],
      }
      if (pair.lives < LIVES_MIN || pair.equal < pair.lives * SHARE_MIN) continue
      if (pair.equal > (ofUnref.get(pair.unref)?.equal ?? 0)) ofUnref.set(pair.unref, pair)
      if (pair.equal > (ofRef.get(pair.ref)?.equal ?? 0)) ofRef.set(pair.ref, pair)
    }
  }
  return { ofUnref, ofRef }
}

/** How often each key that counts stands in a life. */
export function timesOf({ family, from, to }: Life): Map<number, number> {
  const times = new Map<number, number>()
  for (let at = from; at < to; at++)
    if (family.change(at) !== 0) add(times, family.key[at], family.times[at])
  return times
}
