// One history: what identifies it is read at once, so that it stays true in living memory; its events at each call.

import {
  CONTROL_ENDED,
  CONTROL_LIVE,
  CONTROL_OUT,
  CONTROL_RELEASED,
  GENERATION_MAX,
  HISTORY_BYTES,
  HISTORY_CREATED,
  HISTORY_FLUSH_OFFSET,
  HISTORY_GENERATION,
  HISTORY_NUMBER_BITS,
  HISTORY_ORDER,
  HISTORY_PUSH,
  HISTORY_SHIFT,
  HISTORY_THREAD,
  PUSH_SITE_SHIFT,
} from '../../assembly/layout.ts'
import { belongsTo } from './blocks.ts'
import { type Control, isLifeOf, readControl, refsOf } from './control.ts'
import { type DecodedLife, decodeLife } from './events.ts'
import type { Event, Gap, History, List } from './image.ts'
import type { Geometry, Life } from './life.ts'
import { type ObjectId, readObject, textOfObject } from './objects.ts'
import { ownOrigin, readOrigin } from './origin.ts'
import type { Parts } from './parts.ts'

/** The history in a slot, or undefined: freed meanwhile (in living memory), or not to be believed (a problem). */
export function readHistory(
  parts: Parts,
  slot: number,
  list: List,
  geometry: Geometry,
): History | undefined {
  const { bytes, problems, isLive } = parts
  const action = `read the history at byte ${slot}`
  return problems.attempt(action, () => {
    const control = readControl(bytes, slot)
    const generation = bytes.u32(slot + HISTORY_GENERATION, 'HISTORY_GENERATION')
    if (generation <= GENERATION_MAX && isLifeOf(bytes, slot, control, generation)) {
      const history = new ImageHistory(parts, slot, list, geometry, generation)
      // Of one life only when the slot still holds it after all has been read.
      return isLifeOf(bytes, slot, readControl(bytes, slot), generation) ? history : undefined
    }
    if (!isLive && (control.state & CONTROL_LIVE) !== 0)
      problems.add(action, {
        offset: slot + HISTORY_GENERATION,
        field: 'HISTORY_GENERATION',
        expected: 'the one of its HISTORY_CONTROL',
        found: `${generation}`,
      })
    return undefined
  })
}

const GONE: Control = { state: 0, claimed: 0 }

class ImageHistory implements History {
  readonly list: List
  readonly handle: number
  readonly object: ObjectId
  readonly created: number
  readonly order: number
  readonly address: number
  readonly #parts: Parts
  readonly #slot: number
  readonly #generation: number
  readonly #geometry: Geometry
  readonly #thread: number
  readonly #site: number

  constructor(parts: Parts, slot: number, list: List, geometry: Geometry, generation: number) {
    const { bytes, base, problems } = parts
    this.#parts = parts
    this.#slot = slot
    this.#generation = generation
    this.#geometry = geometry
    this.#thread = bytes.u16(slot + HISTORY_THREAD, 'HISTORY_THREAD')
    this.#site = bytes.u32(slot + HISTORY_PUSH, 'HISTORY_PUSH') >>> PUSH_SITE_SHIFT
    this.list = list
    this.handle = generation * 2 ** HISTORY_NUMBER_BITS + slot / HISTORY_BYTES
    this.created = bytes.i64(slot + HISTORY_CREATED, 'HISTORY_CREATED')
    this.order = bytes.u64(slot + HISTORY_ORDER, 'HISTORY_ORDER')
    this.address = base + slot
    const life = this.#life(GONE)
    this.object =
      problems.attempt(`read the history at byte ${slot}`, () =>
        readObject(bytes, slot, (block) => belongsTo(bytes, block, life)),
      ) ?? `<object of ${this.handle}>`
  }

  get objectText(): string {
    return textOfObject(this.object)
  }

  get thread(): string {
    return this.#parts.threads.get(this.#thread).name
  }

  get origin(): string {
    const { bytes, problems, run } = this.#parts
    const action = `read the history at byte ${this.#slot}`
    const given = problems.attempt(action, () =>
      readOrigin((at, field) => bytes.u32(at, field), this.#slot),
    )
    return given || ownOrigin(run, this.handle)
  }

  get site(): string | undefined {
    return this.#site === 0 ? undefined : this.#parts.strings.get(this.#site)
  }

  get ref(): number {
    const { state } = this.#control()
    // The pusher's own reference is no count but the absence of RELEASED.
    return refsOf(state) + ((state & (CONTROL_LIVE | CONTROL_RELEASED)) === CONTROL_LIVE ? 1 : 0)
  }

  get ended(): boolean {
    return (this.#control().state & CONTROL_ENDED) !== 0
  }

  get pinned(): boolean {
    return (this.#control().state & CONTROL_OUT) !== 0
  }

  get len(): number {
    return this.#control().claimed
  }

  get flushOffset(): number {
    const { bytes, problems } = this.#parts
    const at = this.#slot + HISTORY_FLUSH_OFFSET
    const action = `read the history at byte ${this.#slot}`
    return problems.attempt(action, () => bytes.u32(at, 'HISTORY_FLUSH_OFFSET')) ?? 0
  }

  events(): Event[] {
    return this.#decode().events
  }

  gaps(): Gap[] {
    return this.#decode().gaps
  }

  #decode(): DecodedLife {
    return decodeLife(this.#parts, this.#life(this.#control()))
  }

  /** Of this life; in living memory it may be over. */
  #control(): Control {
    const { bytes } = this.#parts
    const control = readControl(bytes, this.#slot)
    return isLifeOf(bytes, this.#slot, control, this.#generation) ? control : GONE
  }

  #life({ claimed }: Control): Life {
    return {
      number: this.#slot >>> HISTORY_SHIFT,
      offset: this.#slot,
      generation: this.#generation,
      claimed,
      geometry: this.#geometry,
      name: () => `history ${this.objectText}`,
    }
  }
}
