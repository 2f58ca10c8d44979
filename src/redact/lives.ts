// Lives, rewritten: each event whose check is right is written anew, with what has become of its arguments; whatever else
// stands in its blocks is left behind.

import {
  BLOCK_BYTES,
  BLOCK_HEADER_BYTES,
  BLOCK_NEXT,
  HISTORY_CREATED,
  HISTORY_ENTRIES,
  HISTORY_GENERATION,
  HISTORY_KEPT,
  HISTORY_OBJECT,
  HISTORY_OBJECT_STRING,
  HISTORY_OBJECT_STRING_BYTES,
  HISTORY_PUSH,
  HISTORY_SEED,
  HISTORY_SHIFT,
  OBJECT_LONG_STRING,
  OBJECT_STRING,
  PUSH_KIND_MASK,
  PUSH_LENGTH_MASK,
  PUSH_LENGTH_SHIFT,
  PUSH_SITE_SHIFT,
} from '../../assembly/layout.ts'
import { belongsTo, blocksOf, keptBlocks } from '../image/blocks.ts'
import { isLifeOf, readControl } from '../image/control.ts'
import type { Life } from '../image/life.ts'
import type { ImageList } from '../image/lists.ts'
import { readObject } from '../image/objects.ts'
import { Events } from './events.ts'
import { attempt, copyBytes, copyHead, type Workshop } from './workshop.ts'

const ENTRY_BYTES = 8
const OBJECT_BYTES = 8
/** An object that cannot be read. */
const LOST = '<lost>'

const encoder = new TextEncoder()

export class Lives {
  readonly #shop: Workshop
  readonly #events: Events

  constructor(shop: Workshop) {
    this.#shop = shop
    this.#events = new Events(shop)
  }

  /** Whether there is a life in this slot. */
  rewrite(slot: number, list: ImageList, generation: number): boolean {
    const { bytes } = this.#shop.parts
    const control = readControl(bytes, slot)
    if (!isLifeOf(bytes, slot, control, generation)) return false
    const life: Life = {
      number: slot >>> HISTORY_SHIFT,
      offset: slot,
      generation,
      claimed: control.claimed,
      geometry: list.geometry,
      name: () => `the history at byte ${slot}`,
    }
    this.#slot(life, list)
    const written = new Set<number>()
    for (const found of blocksOf(bytes, life)) {
      written.add(found.block)
      copyBytes(this.#shop, found.entry, ENTRY_BYTES)
      copyHead(this.#shop, found.block)
      if (!found.isDirectory) this.#events.rewrite(life, list, found)
    }
    this.#kept(life, list, written)
    return true
  }

  /** The blocks kept for their pinned verbs, as far as their chain can be followed. */
  #kept(life: Life, list: ImageList, written: Set<number>): void {
    const { parts, to } = this.#shop
    const chain = keptBlocks(parts.bytes, life)
    let before = 0
    for (;;) {
      const kept = attempt(() => chain.next().value)
      if (kept === undefined) return
      const { block } = kept
      if (before === 0) copyBytes(this.#shop, life.offset + HISTORY_KEPT, ENTRY_BYTES)
      else to.u32(before + BLOCK_NEXT, block / BLOCK_BYTES)
      before = block
      if (written.has(block)) continue
      copyHead(this.#shop, block)
      this.#events.rewrite(life, list, kept)
    }
  }

  #slot(life: Life, list: ImageList): void {
    const { parts, to, strings, rules, words, report } = this.#shop
    const { bytes } = parts
    const { offset } = life
    const given = attempt(() => readObject(bytes, offset, (block) => belongsTo(bytes, block, life)))
    const object = given ?? LOST
    // Control and tail; generation, list and thread; times; seed and flush offset: numbers all.
    copyBytes(this.#shop, offset, HISTORY_ENTRIES)
    copyBytes(this.#shop, offset + HISTORY_GENERATION, HISTORY_OBJECT - HISTORY_GENERATION)
    copyBytes(this.#shop, offset + HISTORY_CREATED, HISTORY_PUSH - HISTORY_CREATED)
    copyBytes(this.#shop, offset + HISTORY_SEED, HISTORY_OBJECT_STRING - HISTORY_SEED)
    const push = bytes.u32(offset + HISTORY_PUSH, 'HISTORY_PUSH')
    const site = strings.of(push >>> PUSH_SITE_SHIFT, 'public', 'a call site') << PUSH_SITE_SHIFT
    const kind = push & PUSH_KIND_MASK
    const length = (push >>> PUSH_LENGTH_SHIFT) & PUSH_LENGTH_MASK
    const where = `the object of a life in list "${list.name}"`
    const isText = typeof object === 'string'
    const replaced = words.of(`${object}`, rules.object(list.name), where, isText)
    if (replaced === undefined && given !== undefined) {
      to.u32(offset + HISTORY_PUSH, (push & ~(-1 << PUSH_SITE_SHIFT)) | site)
      if (kind === OBJECT_STRING) copyBytes(this.#shop, offset + HISTORY_OBJECT_STRING, length)
      else copyBytes(this.#shop, offset + HISTORY_OBJECT, OBJECT_BYTES)
      if (kind !== OBJECT_LONG_STRING) return
      const block = bytes.u64(offset + HISTORY_OBJECT, 'HISTORY_OBJECT')
      copyHead(this.#shop, block)
      copyBytes(this.#shop, block + BLOCK_HEADER_BYTES, length)
      return
    }
    report.objects++
    // One that has grown too long is a pseudonym as a whole: of equal ones still equal.
    const whole = encoder.encode(replaced ?? LOST)
    const utf8 =
      whole.length <= HISTORY_OBJECT_STRING_BYTES
        ? whole
        : encoder.encode(words.of(`${replaced}`, 'pseudonym', where))
    to.u32(offset + HISTORY_PUSH, OBJECT_STRING | (utf8.length << PUSH_LENGTH_SHIFT) | site)
    to.put(offset + HISTORY_OBJECT_STRING, utf8)
  }
}
