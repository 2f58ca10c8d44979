// A recorder and a second hand on it, driven beside the model; and the comparison of the two, which throws what differs.

import { type History, type List, Recorder, type Verb } from '../../src/index.ts'
import {
  type Event,
  type Image,
  type History as ImageHistory,
  openImage,
} from '../../src/inspect.ts'
import { type Life, type Model, type ModelList, type Shown, VERBS, type VerbName } from './model.ts'
import { same } from './property.ts'

/** Whichever thread: both are this one, but each has its own verbs, lists, interned strings and sinks. */
export interface Hand {
  readonly thread: string
  readonly recorder: Recorder
  readonly verbs: Record<VerbName, Verb>
  /** What its sink was given since it was last looked at. */
  readonly written: Shown[]
}

/** A history, and in whose hand. */
export interface Held {
  readonly history: History
  readonly hand: Hand
}

export class World {
  readonly hands: readonly [Hand, Hand]
  /** By place of the model's lives and lists. */
  readonly histories: Held[] = []
  readonly lists: List[] = []
  readonly #handles = new Set<number>()
  /** Events of each life when it was last compared. */
  readonly #seen = new Map<Life, number>()

  constructor(budget: string) {
    const first = hand('first', (options) => new Recorder({ budget, ...options }))
    const ticket = first.recorder.share()
    this.hands = [first, hand('second', (options) => Recorder.join(ticket, options))]
  }

  /** A number names one life for ever. */
  remember(history: History, hand: Hand): void {
    const { handle } = history
    if (handle !== 0 && this.#handles.has(handle)) throw new Error(`handle ${handle} came twice`)
    this.#handles.add(handle)
    this.histories.push({ history, hand })
  }

  handleOf(model: Model, life: Life): number {
    return this.histories[model.lives.indexOf(life)]?.history.handle ?? 0
  }

  /** The list as this hand knows it: made by the other one, perhaps. */
  listOf(by: Hand, list: ModelList, at: number): List {
    return list.isDestroyed ? (this.lists[at] as List) : by.recorder.list(list.name)
  }

  /** Events are read of lives that have more than last time; thoroughly, of all, and the counters by either hand. */
  compare(model: Model, isThorough = false): void {
    if (isThorough) this.#seen.clear()

    const { recorder } = this.hands[0]
    const image = openImage(recorder.snapshot())
    const lists = model.lists.filter(({ isDestroyed }) => !isDestroyed)
    same(
      'lists',
      image.lists().map(({ name }) => name),
      lists.map(({ name }) => name),
    )
    for (const [at, list] of model.lists.entries()) this.#compareList(model, image, list, at)
    this.#compareCounts(
      model,
      isThorough ? [image, ...this.hands.map(({ recorder: of }) => of)] : [image],
    )
    same('problems', image.problems(), [])
  }

  #compareList(model: Model, image: Image, list: ModelList, at: number): void {
    const retained = model.retained(list)
    const handles = retained.map((life) => this.handleOf(model, life))
    const live = [...(this.lists[at] as List).histories()].map(({ handle }) => handle)
    same(`retained in ${list.name}`, live, handles)
    if (list.isDestroyed) return
    const found = image.list(list.name)
    same(`${list.name}.enabled`, found?.enabled, list.enabled)
    same(`pushed to ${list.name}`, found?.pushed, list.lives.length)
    const histories = found?.histories() ?? []
    same(
      `image of ${list.name}`,
      histories.map(({ handle }) => handle),
      handles,
    )
    for (const [n, life] of retained.entries()) {
      const history = histories[n] as ImageHistory
      compareLife(model, life, history)
      if (this.#seen.get(life) === life.events.length) continue
      compareEvents(model, life, history)
      this.#seen.set(life, life.events.length)
    }
  }

  #compareCounts(model: Model, sources: readonly Pick<Image, 'stats'>[]): void {
    const expected = {
      ...model.counts,
      histories: model.lists.reduce((sum, list) => sum + model.retained(list).length, 0),
      evicted: model.counts.evictedByWindow,
      lists: model.lists.filter(({ isDestroyed }) => !isDestroyed).length,
      verbs: Object.keys(VERBS).length,
      threads: this.hands.length,
      evictedByBudget: 0,
      evictedPinned: 0,
      dropped: 0,
      textsLost: 0,
      stringsFull: 0,
      abandoned: 0,
      returned: 0,
      retired: 0,
      threadsFull: 0,
    }
    const names = Object.keys(expected)
    const counts = sources.map((source) => {
      const stats = source.stats()
      return names.map((name) => `${name} ${stats[name]}`)
    })
    const wanted = Object.entries(expected).map(([name, count]) => `${name} ${count}`)
    for (const found of counts) same('counters', found, wanted)
  }
}

function compareLife(model: Model, life: Life, found: ImageHistory): void {
  const name = `life ${life.order} of ${life.list.name}`
  same(`object of ${name}`, found.object, life.object)
  same(`order of ${name}`, found.order, life.order)
  same(`references of ${name}`, found.ref, life.refs + (life.isReleased ? 0 : 1))
  same(`${name} ended`, found.ended, life.isEnded)
  same(`${name} pinned`, found.pinned, model.isPushedOut(life))
  same(`len of ${name}`, found.len, life.events.length)
  same(`flush offset of ${name}`, found.flushOffset, life.flushed)
}

function compareEvents(model: Model, life: Life, found: ImageHistory): void {
  const name = `life ${life.order} of ${life.list.name}`
  const events = found.events()
  same(`events of ${name}`, events.map(row), model.shown(life).map(row))
  same(`gaps of ${name}`, found.gaps(), model.gaps(life))
  let t = found.created
  for (const event of events) {
    if (event.t < t)
      throw new Error(`event ${event.index} of ${name} is at ${event.t}, before ${t}`)
    t = event.t
  }
}

const row = ({ index, verb, log, thread, lost, late }: Shown) =>
  `#${index} ${verb} "${log}" by ${thread}, lost ${lost}, ${late}`

/** Events of a sink or a history, without what the model does not know. */
export const rows = (events: readonly Shown[]): string[] => events.map(row)

type Begin = (options: {
  thread: string
  sinks: [(of: unknown, events: readonly Event[]) => void]
}) => Recorder

function hand(thread: string, begin: Begin): Hand {
  const written: Shown[] = []
  const recorder = begin({ thread, sinks: [(_, events) => written.push(...events)] })
  return { thread, recorder, verbs: recorder.verbs(VERBS), written }
}
