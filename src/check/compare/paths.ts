// The distinct lives of a list: from verb to verb, runs folded, as a tree with counts.

import type { Family, Life } from '../lives.ts'

/** A step of lives that went the same way until here. */
export interface Branch {
  /** The step before; undefined where lives begin. */
  readonly before: Branch | undefined
  /** `TCP_REF`, or `POLL x10-99` for a run. */
  readonly name: string
  /** Lives that took it, and those of them that went no further. */
  lives: number
  ends: number
  /** The first life that ended here. */
  example: Life | undefined
  readonly next: Map<string, Branch>
}

export interface Paths {
  readonly lives: number
  /** Distinct ones. */
  readonly count: number
  readonly root: Branch
  /** Lives whose events are not all there: their path is not known. */
  readonly notWhole: number
  /** Of very many distinct lives, those that found no place in the tree. */
  readonly leftOut: number
}

/** Steps of one path that are kept apart; what is longer ends in `...`. */
const STEPS_MAX = 200
const BRANCHES_MAX = 100_000

const branchOf = (name: string, before?: Branch): Branch => ({
  before,
  name,
  lives: 0,
  ends: 0,
  example: undefined,
  next: new Map(),
})

export function pathsOf(family: Family): Paths {
  const root = branchOf('')
  let [count, branches, notWhole, leftOut] = [0, 0, 0, 0]
  for (const life of family.lives) {
    if (!life.whole) {
      notWhole++
      continue
    }
    const steps = pathOf(life)
    if (branches + steps.length > BRANCHES_MAX) {
      leftOut++
      continue
    }
    let at = root
    at.lives++
    for (const name of steps) {
      let next = at.next.get(name)
      if (next === undefined) {
        next = branchOf(name, at)
        at.next.set(name, next)
        branches++
      }
      next.lives++
      at = next
    }
    if (at.ends++ === 0) count++
    at.example ??= life
  }
  return { lives: root.lives, count, root, notWhole, leftOut }
}

/** Verbs in their order; a run of one is a step with about how long it was. */
export function pathOf({ family, from, to }: Life): string[] {
  const steps: string[] = []
  for (let at = from; at < to; ) {
    const verb = family.verbOf(at)
    let times = 0
    while (at < to && family.verbOf(at) === verb) times += family.times[at++]
    if (steps.length >= STEPS_MAX) return [...steps, '...']
    steps.push(`${family.verbs[verb]}${runOf(times)}`)
  }
  return steps
}

function runOf(times: number): string {
  if (times === 1) return ''
  if (times < 5) return ` x${times}`
  const digits = 10 ** Math.floor(Math.log10(times))
  return digits === 1 ? ' x5-9' : ` x${digits}-${digits * 10 - 1}`
}

/** The life that is most like the others of its list: a whole one, of the most common path. */
export function usualLife(family: Family, not: Life): Life | undefined {
  const paths = new Map<string, { lives: number; example: Life }>()
  let best: { lives: number; example: Life } | undefined
  for (const life of family.lives) {
    if (life === not || !life.whole || life.to === life.from) continue
    const path = pathOf(life).join('\n')
    const known = paths.get(path) ?? { lives: 0, example: life }
    known.lives++
    paths.set(path, known)
    if (known.lives > (best?.lives ?? 0)) best = known
  }
  return best?.example
}
