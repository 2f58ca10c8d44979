// One opened image as a C program's memory: types, symbols, and bytes at addresses, made as they are asked for.

import type { Event, History, Image, List } from '../image/image.ts'
import { ActionRows, ROWS } from './action-rows.ts'
import type { Found } from './host.ts'
import { KeptLives, type Life } from './kept-lives.ts'
import { pointerTo, type StructType, sizeOf } from './language/types.ts'
import { integerBytes, type Memory, pointerValue, toInteger, Value } from './language/values.ts'
import { CommandError, noMemoryAt } from './messages.ts'
import { shownName } from './print/name.ts'
import { type Place, Selection } from './selection.ts'
import {
  ACTION_BYTES,
  ACTIONS,
  ACTIONS_STRIDE,
  NAMES,
  NAMES_STRIDE,
  OBJECT_TEXTS,
  OBJECT_TEXTS_STRIDE,
  OBJECTS,
  OBJECTS_STRIDE,
  type Structures,
  structuresOf,
} from './structures.ts'

const encoder = new TextEncoder()

const TEXTLESS_KEPT = 4096
const TEXT_PADDING = 4096

export class Target implements Memory {
  readonly image: Image
  /** What the image was found in; undefined where it was handed over. */
  readonly found: Found | undefined
  readonly structures: Structures
  readonly selection = new Selection()
  readonly #lives = new KeptLives()
  /** Addresses that were looked for in vain. */
  readonly #textless = new Set<bigint>()
  /** The text that was read last, as bytes: it is read byte by byte. */
  #encoded = { text: '', bytes: new Uint8Array(0) }
  readonly #rows = new ActionRows()
  readonly #byAddress = new Map<number, History>()
  #lists: readonly List[] | undefined
  #everything = false

  constructor(image: Image, found?: Found) {
    this.image = image
    this.found = found
    this.structures = structuresOf(
      new Map(image.verbs().map((verb) => [shownName(verb.name), verb.id])),
    )
  }

  get lists(): readonly List[] {
    this.#lists ??= this.image.lists()
    return this.#lists
  }

  /** A history with its events; those that say only that something is missing are left out. */
  life(history: History): Life {
    this.#byAddress.set(history.address, history)
    return this.#lives.of(history)
  }

  #history(handle: number): History | undefined {
    return this.#lives.history(handle) ?? this.image.history(handle)
  }

  /** A history where it stands in memory. */
  historyValue(history: History): Value {
    this.#byAddress.set(history.address, history)
    const address = BigInt(history.address)
    const place = { kind: 'memory', memory: this, address, origin: address } as const
    return new Value(this.#typeOf(history), undefined, place)
  }

  pointerToHistory(history: History): Value {
    this.#byAddress.set(history.address, history)
    return pointerValue(BigInt(history.address), pointerTo(this.#typeOf(history)))
  }

  pointerToList(list: List): Value {
    const first = list.histories()[0]
    const { list: plain, listOfText } = this.structures
    const type = typeof first?.object === 'string' ? listOfText : plain
    return pointerValue(BigInt(list.address), pointerTo(type))
  }

  #placeOf(history: History): number {
    return this.#rows.of(history.handle, this.life(history).events.length)
  }

  /** The event that is `$sh->actions[index]`. */
  actionsOf(history: History): bigint {
    return ACTIONS + BigInt(this.#placeOf(history)) * ACTIONS_STRIDE
  }

  /** One event as a value: it stands in memory, so `p &$1` and `p $1.log` work on it. */
  eventValue(history: History, position: number): Value {
    const { action } = this.structures
    const origin = this.actionsOf(history)
    const address = origin + BigInt(position * ACTION_BYTES)
    return new Value(action, undefined, { kind: 'memory', memory: this, address, origin })
  }

  /** The event that a value is, whole and where it stands: an element of `actions`. */
  eventOf({ type, place }: Value): Place | undefined {
    if (type !== this.structures.action) return undefined
    if (place?.kind !== 'memory' || place.memory !== this) return undefined
    if (place.address < ACTIONS || place.address >= OBJECTS) return undefined
    const found = this.#rowAt(place.address)
    if (found === undefined) return undefined
    const { history, offset } = found
    const position = offset / ACTION_BYTES
    const event = this.life(history).events[position]
    return event && { history, position, event }
  }

  /** The event that a copy was taken of: its `log` still says which record it was. */
  eventCopied(value: Value): Place | undefined {
    if (value.type !== this.structures.action) return undefined
    const field = this.structures.action.fields.find(({ name }) => name === 'log')
    if (field === undefined) return undefined
    const address = Number(toInteger(value.part(field.type, field.offset)))
    if (!this.findText(BigInt(address))) return undefined
    return this.#lives.eventAt(address)
  }

  historyAt(address: bigint): History | undefined {
    const at = Number(address)
    if (!this.#byAddress.has(at)) this.#indexEverything()
    return this.#byAddress.get(at)
  }

  #typeOf(history: History): StructType {
    return typeof history.object === 'string'
      ? this.structures.historyOfText
      : this.structures.history
  }

  read(address: bigint, length: number, origin?: bigint): Uint8Array {
    const from = origin === undefined ? undefined : this.#read(address, length, origin)
    const bytes = from ?? this.#read(address, length, address) ?? this.#raw(address, length)
    if (bytes === undefined) throw new CommandError(noMemoryAt(address))
    return bytes
  }

  /** Reads within the object that begins at or holds `origin`. */
  #read(address: bigint, length: number, origin: bigint): Uint8Array | undefined {
    if (origin >= ACTIONS && origin < OBJECTS) return this.#actions(address, length)
    if (origin >= OBJECTS && origin < NAMES) return this.#objects(address, length)
    if (origin >= NAMES && origin < OBJECT_TEXTS) return this.#name(address, length)
    if (origin >= OBJECT_TEXTS && origin < OBJECT_TEXTS + BigInt(ROWS) * OBJECT_TEXTS_STRIDE) {
      return this.#objectText(address, length)
    }
    return this.#text(address, length, origin) ?? this.#record(address, length)
  }

  #text(address: bigint, length: number, origin: bigint): Uint8Array | undefined {
    const text = this.#lives.textAt(Number(origin))
    if (text === undefined) return undefined
    return this.#textBytes(text, Number(address - origin), length)
  }

  /** A structure that stands at, or a little before, this address. */
  #record(address: bigint, length: number): Uint8Array | undefined {
    const found = this.#known(address, length)
    if (found !== undefined || this.#everything || !this.#isInImage(address)) return found
    this.#indexEverything()
    return this.#known(address, length)
  }

  #isInImage(address: bigint): boolean {
    const { base, size } = this.image
    return address >= BigInt(base) && address < BigInt(base) + BigInt(size)
  }

  #known(address: bigint, length: number): Uint8Array | undefined {
    const start = Number(address)
    for (let at = start - (start % 8); at > start - 48; at -= 8) {
      const history = this.#byAddress.get(at)
      if (history !== undefined) return slice(this.#historyBytes(history), start - at, length)
      const list = this.lists.find((each) => each.address === at)
      if (list !== undefined) return slice(this.#listBytes(list), start - at, length)
    }
    return undefined
  }

  #raw(address: bigint, length: number): Uint8Array | undefined {
    if (address < 0n || address > BigInt(Number.MAX_SAFE_INTEGER)) return undefined
    const bytes = this.image.bytes(Number(address), length)
    return bytes.length === length ? bytes : undefined
  }

  /** The history whose actions stand there, and how far behind the first of them that is. */
  #rowAt(address: bigint): { history: History; offset: number } | undefined {
    const row = this.#rows.at(Number((address - ACTIONS) / ACTIONS_STRIDE))
    const history = row && this.#history(row.handle)
    if (row === undefined || history === undefined) return undefined
    return { history, offset: Number(address - ACTIONS - BigInt(row.first) * ACTIONS_STRIDE) }
  }

  #actions(address: bigint, length: number): Uint8Array | undefined {
    const row = this.#rowAt(address)
    if (row === undefined) return undefined
    const { history, offset } = row
    const { events } = this.life(history)
    const first = Math.floor(offset / ACTION_BYTES)
    const last = Math.ceil((offset + length) / ACTION_BYTES)
    if (last > events.length) return undefined
    const bytes = new Uint8Array((last - first) * ACTION_BYTES)
    for (let index = first; index < last; index++) {
      bytes.set(this.#actionBytes(events[index] as Event), (index - first) * ACTION_BYTES)
    }
    return slice(bytes, offset - first * ACTION_BYTES, length)
  }

  #actionBytes(event: Event): Uint8Array {
    const verb = this.structures.verb.members.get(shownName(event.verb)) ?? -1
    return pack(this.structures.action, {
      verb,
      t: event.t,
      pid: event.pid,
      tid: event.tid,
      log: event.address,
    })
  }

  #historyBytes(history: History): Uint8Array {
    const slot = BigInt(this.#placeOf(history))
    const { object } = history
    return pack(this.#typeOf(history), {
      obj:
        typeof object === 'string'
          ? OBJECT_TEXTS + slot * OBJECT_TEXTS_STRIDE
          : typeof object === 'number' && !Number.isInteger(object)
            ? 0
            : object,
      obj_name: NAMES + BigInt(history.list.number) * NAMES_STRIDE,
      created: history.created,
      ref: history.ref,
      len: this.life(history).events.length,
      flush_offset: history.flushOffset,
      actions: this.actionsOf(history),
    })
  }

  #listBytes(list: List): Uint8Array {
    return pack(this.structures.list, {
      obj_name: NAMES + BigInt(list.number) * NAMES_STRIDE,
      len: list.histories().length,
      win_sz: list.window,
      total_obj: list.pushed,
      auto_logging: list.autoLog ? 1 : 0,
      objects: OBJECTS + BigInt(list.number) * OBJECTS_STRIDE,
    })
  }

  #objects(address: bigint, length: number): Uint8Array | undefined {
    const number = Number((address - OBJECTS) / OBJECTS_STRIDE)
    const histories = this.lists.find((each) => each.number === number)?.histories()
    if (histories === undefined) return undefined
    const offset = Number((address - OBJECTS) % OBJECTS_STRIDE)
    const first = Math.floor(offset / 8)
    const last = Math.ceil((offset + length) / 8)
    if (last > histories.length) return undefined
    const bytes = new Uint8Array((last - first) * 8)
    for (let index = first; index < last; index++) {
      const history = histories[index] as History
      this.#byAddress.set(history.address, history)
      bytes.set(integerBytes(BigInt(history.address), 8), (index - first) * 8)
    }
    return slice(bytes, offset - first * 8, length)
  }

  #name(address: bigint, length: number): Uint8Array | undefined {
    const number = Number((address - NAMES) / NAMES_STRIDE)
    const list = this.lists.find((each) => each.number === number)
    if (list === undefined) return undefined
    return this.#textBytes(list.name, Number((address - NAMES) % NAMES_STRIDE), length)
  }

  #objectText(address: bigint, length: number): Uint8Array | undefined {
    const slot = Number((address - OBJECT_TEXTS) / OBJECT_TEXTS_STRIDE)
    if (this.#rows.at(slot) === undefined) this.#indexEverything()
    const row = this.#rows.at(slot)
    const history = row && this.image.history(row.handle)
    if (history === undefined) return undefined
    const offset = Number((address - OBJECT_TEXTS) % OBJECT_TEXTS_STRIDE)
    return this.#textBytes(history.objectText, offset, length)
  }

  /** For an address that somebody typed: only a walk over everything tells what stands there. Once. */
  #indexEverything(): void {
    if (this.#everything) return
    this.#everything = true
    for (const list of this.lists) {
      for (const history of list.histories()) {
        this.#byAddress.set(history.address, history)
        this.#rows.of(history.handle)
      }
    }
  }

  /** A text has zeros after it, as many as somebody may look at. */
  #textBytes(text: string, offset: number, length: number): Uint8Array | undefined {
    if (this.#encoded.text !== text) this.#encoded = { text, bytes: encoder.encode(text) }
    const { bytes } = this.#encoded
    if (offset < 0 || offset + length > bytes.length + TEXT_PADDING) return undefined
    const out = new Uint8Array(length)
    if (offset < bytes.length) out.set(bytes.subarray(offset, offset + length))
    return out
  }

  /** Makes the text at a typed address known, by looking through all events. */
  findText(address: bigint): boolean {
    if (this.#lives.textAt(Number(address)) !== undefined) return true
    if (!this.#isInImage(address) || this.#textless.has(address)) return false
    for (const list of this.lists) {
      for (const history of list.histories()) {
        const event = history.events().find((each) => BigInt(each.address) === address)
        if (event === undefined || event.verb === '') continue
        this.life(history)
        return true
      }
    }
    if (this.#textless.size >= TEXTLESS_KEPT) this.#textless.clear()
    this.#textless.add(address)
    return false
  }
}

function slice(bytes: Uint8Array, offset: number, length: number): Uint8Array | undefined {
  if (offset < 0 || offset + length > bytes.length) return undefined
  return bytes.slice(offset, offset + length)
}

function pack(type: StructType, values: Readonly<Record<string, number | bigint>>): Uint8Array {
  const bytes = new Uint8Array(type.size)
  for (const field of type.fields) {
    const value = values[field.name] ?? 0
    bytes.set(integerBytes(BigInt(value), sizeOf(field.type)), field.offset)
  }
  return bytes
}
