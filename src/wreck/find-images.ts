// Where in a memory recorders begin. Engines put a shared memory at the start of a mapping (V8), one page behind it
// (JavaScriptCore, SpiderMonkey), or somewhere in a mapping that has merged with its neighbours, but then at 0 or 0x1000
// modulo 64 KiB: FORENSICS in docs/CORES.md. So one looks there, and at every page only where that finds none.

import { type AddressSpace, type Region, regionAt } from './address-space.ts'
import { type Head, hasMagic, MAGIC_BYTES, prove } from './proof.ts'

const STRIDE = 65_536
const PAGE_BYTES = 4096
/** Each pass looks at so many places: 64 GiB of writable memory, or 4 GiB page by page. No core makes it go on for ever. */
const PROBES_MAX = 1 << 20
const RECORDERS_MAX = 64
const REASONS_MAX = 4
/** Probes between two turns of whoever waits. */
const PROBES_A_TURN = 2048

export interface Search {
  /** The one that began first is first. A recorder that has copies of itself, as snapshots are, is here once. */
  readonly heads: readonly Head[]
  /** Of those, older or equal ones. */
  readonly copies: readonly Head[]
  /** Places where the magic stands and no image: `0x7f95acf60000: why`. */
  readonly rejected: readonly string[]
  /** Bytes of memory that were searched. */
  readonly searched: number
  /** False where the memory was larger than one looks through. */
  readonly isComplete: boolean
}

/** Searches a memory. Yields now and then, so that a long search can be told of and given up. */
export function* findImages(
  space: AddressSpace,
  source: string,
): Generator<void, Search, undefined> {
  const search = new Searching(space, source)
  const regions = space.regions.filter(mayHold)
  for (const places of PLACES) yield* search.pass(regions, places)
  if (search.found.length === 0) yield* search.pass(regions, everyPage)
  return search.result()
}

/** The heads at addresses that are known to hold the magic. */
export function proveAll(
  space: AddressSpace,
  source: string,
  addresses: readonly number[],
): Search {
  const search = new Searching(space, source)
  for (const address of addresses) search.prove(address)
  return search.result()
}

export const mayHold = ({ isWritable, isExecutable, readable }: Region): boolean =>
  isWritable && !isExecutable && readable >= MAGIC_BYTES

class Searching {
  readonly found: Head[] = []
  readonly #space: AddressSpace
  readonly #source: string
  readonly #rejected = new Map<number, string>()
  readonly #bytes = new Uint8Array(MAGIC_BYTES)
  readonly #view = new DataView(this.#bytes.buffer)
  #isComplete = true

  constructor(space: AddressSpace, source: string) {
    this.#space = space
    this.#source = source
  }

  *pass(regions: readonly Region[], placesIn: PlacesIn): Generator<void, void, undefined> {
    let probes = 0
    for (const region of regions) {
      for (const address of placesIn(region)) {
        if (++probes > PROBES_MAX || this.found.length >= RECORDERS_MAX) {
          this.#isComplete = false
          return
        }
        if (probes % PROBES_A_TURN === 0) yield
        this.#probe(address)
      }
    }
  }

  #probe(address: number): void {
    const isKnown = this.found.some(({ base, size }) => address >= base && address < base + size)
    if (isKnown || this.#rejected.has(address)) return
    if (this.#space.isPresent?.(address) === false) return
    if (this.#space.read(address, this.#bytes) < MAGIC_BYTES || !hasMagic(this.#view, 0)) return
    this.prove(address)
  }

  prove(address: number): void {
    const head = prove(this.#space, address, this.#source)
    if (typeof head !== 'string') this.found.push(head)
    else if (this.#rejected.size < REASONS_MAX) this.#rejected.set(address, head)
  }

  result(): Search {
    const heads = new Map<bigint, Head>()
    const copies: Head[] = []
    for (const head of this.found) {
      const other = heads.get(head.recorderId)
      if (other === undefined) heads.set(head.recorderId, head)
      else if (isNewer(head, other, this.#space.regions)) {
        copies.push(other)
        heads.set(head.recorderId, head)
      } else copies.push(head)
    }
    const byAge = (one: Head, other: Head): number =>
      one.started - other.started || one.base - other.base
    const searched = this.#space.regions.filter(mayHold)
    return {
      heads: [...heads.values()].sort(byAge),
      copies: copies.sort(byAge),
      searched: searched.reduce((sum, { readable }) => sum + readable, 0),
      rejected: [...this.#rejected].map(([at, why]) => `0x${at.toString(16)}: ${why}`),
      isComplete: this.#isComplete,
    }
  }
}

/** A snapshot in the heap stands still while its recorder goes on. */
function isNewer(one: Head, other: Head, regions: readonly Region[]): boolean {
  if (one.clock !== other.clock) return one.clock > other.clock
  if (one.size !== other.size) return one.size > other.size
  // Engines put one at the start of a mapping or one page behind it; a copy is somewhere in a heap.
  return likeliness(one, regions) > likeliness(other, regions)
}

function likeliness({ base }: Head, regions: readonly Region[]): number {
  if (base % STRIDE === PAGE_BYTES) return 2
  return regions[regionAt(regions, base)]?.start === base ? 1 : 0
}

type PlacesIn = (region: Region) => Iterable<number>

const last = ({ start, readable }: Region): number => start + readable - MAGIC_BYTES

function* starts(region: Region): Generator<number, void, undefined> {
  for (const at of [region.start, region.start + PAGE_BYTES]) if (at <= last(region)) yield at
}

/** Every address of the region that is `offset` modulo `stride`. */
const every = (stride: number, offset: number): PlacesIn =>
  function* (region) {
    const first = region.start - (region.start % stride) + offset
    const end = last(region)
    for (let at = first; at <= end; at += stride) if (at >= region.start) yield at
  }

const everyPage = every(PAGE_BYTES, 0)
// Two neighbouring pages at a time would make the system read ahead, through gigabytes of holes.
const PLACES: readonly PlacesIn[] = [starts, every(STRIDE, 0), every(STRIDE, PAGE_BYTES)]
