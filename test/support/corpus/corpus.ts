// Worlds of one style: clean ones, and ones with a known bug in a known life; and how well a check did on them.

import { check } from '../../../src/check/check.ts'
import type { Finding, Kind } from '../../../src/check/finding.ts'
import type { Image } from '../../../src/image/image.ts'
import { objectOf, type Style } from './styles.ts'
import { World } from './world.ts'

export interface Grown {
  readonly image: Image
  /** Handle of the life that was planted. */
  readonly victim: number
}

export interface Weather {
  readonly lives?: number
  /** Share of lives that lose an event. */
  readonly losing?: number
  /** The dump is taken at full load: the last lives are under way. */
  readonly atOnce?: number
}

/** A world of one style; `plant`: one life, not the first and not the last, with this bug. */
export function grow(
  style: Style,
  seed: number,
  plant?: Kind,
  { lives = style.lives ?? 400, losing = 0, atOnce = 12 }: Weather = {},
): Grown {
  const world = new World(seed).verbs(style.verbs)
  const list = world.list(style.name)
  const planted = plant === undefined ? -1 : Math.floor(lives * (0.2 + 0.6 * world.random()))
  const every = style.every ?? 300
  let victim = -1
  for (let n = 0; n < lives; n++) {
    const bug = n === planted ? plant : undefined
    const given = { world, list, object: objectOf(style, n), t: 1000 + n * every, n, plant: bug }
    const life = style.tell(n >= lives - atOnce && losing >= 0 ? given : given)
    if (n === planted) victim = life.handle
    else if (world.random() < losing) life.lose(1 + world.below(3))
  }
  return { image: cutOff(world.image(), 1000 + (lives - atOnce / 2) * every), victim }
}

/** As if the dump had been taken then: later events are not there yet, nor what followed from them. */
function cutOff(image: Image, t: number): Image {
  const lists = image.lists().map((list) => {
    const histories = list
      .histories()
      .filter(({ created }) => created <= t)
      .map((history) => {
        const events = history.events()
        const kept = events.filter((event) => event.t <= t)
        if (kept.length === events.length) return history
        const ended = kept.some(({ role }) => role === 'end')
        return { ...plain(history), ended, ref: 1, events: () => kept, gaps: () => [] }
      })
    return { ...plain(list), histories: () => histories }
  })
  return { ...image, lists: () => lists, list: (name) => lists.find((each) => each.name === name) }
}

/** With what its getters say. */
function plain<T extends object>(object: T): T {
  const copy: Record<string, unknown> = {}
  for (
    let at: object | null = object;
    at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at)
  )
    for (const name of Object.getOwnPropertyNames(at))
      if (name !== 'constructor' && !(name in copy)) {
        const value: unknown = (object as Record<string, unknown>)[name]
        copy[name] = typeof value === 'function' ? value.bind(object) : value
      }
  return copy as T
}

export interface Score {
  readonly style: string
  readonly kind: Kind | 'clean'
  readonly worlds: number
  /** The first finding is about the right life and of a right kind. */
  found: number
  /** The right life and kind is told, but not first. */
  later: number
  /** Findings about other lives. */
  wrong: number
  readonly misses: string[]
}

export function score(
  style: Style,
  kind: Kind | undefined,
  seeds: readonly number[],
  weather: Weather = {},
): Score {
  const result: Score = {
    style: style.name,
    kind: kind ?? 'clean',
    worlds: seeds.length,
    found: 0,
    later: 0,
    wrong: 0,
    misses: [],
  }
  for (const seed of seeds) {
    const { image, victim } = grow(style, seed, kind, weather)
    const findings = check(image)
    result.wrong += findings.filter(({ history }) => history !== victim).length
    const right = kind === undefined ? [] : (style.plants[kind] ?? [])
    const isRight = ({ history, kind: told }: Finding): boolean =>
      history === victim && right.includes(told)
    const [first] = findings
    if (kind === undefined ? findings.length === 0 : first !== undefined && isRight(first))
      result.found++
    else {
      if (findings.some(isRight)) result.later++
      result.misses.push(
        `seed ${seed}: ${first === undefined ? 'nothing' : `${first.kind} ${first.confidence} of #${first.history} (victim #${victim}): ${first.text}`}`,
      )
    }
  }
  return result
}
