// Memory as a process had it, whatever is left of it: an ELF core, /proc/PID/mem, or the parts that were kept of a stream.
// A plain file is one region at address 0.

import type { ByteSource } from '../image/byte-source.ts'

/** A run of addresses with equal rights. */
export interface Region {
  readonly start: number
  /** Exclusive. */
  readonly end: number
  /** Bytes from `start` on that can be read: fewer than there were in a core that was cut, none in one left out. */
  readonly readable: number
  readonly isWritable: boolean
  readonly isExecutable: boolean
}

export interface AddressSpace {
  /** By their start, ascending. */
  readonly regions: readonly Region[]
  /** Fills `into` with the bytes from `address` on and gives how many there were. */
  read(address: number, into: Uint8Array): number
  /** False where nothing was ever written, as far as that is known: reading there would make a live process grow. */
  isPresent?(address: number): boolean
  /** Learns anew which regions there are: of a running process, whose memory grows meanwhile. */
  renew?(): void
}

/** Index of the region that holds an address; -1 where none does. Of several that overlap, the one that starts last. */
export function regionAt(regions: readonly Region[], address: number): number {
  let low = 0
  let high = regions.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((regions[middle] as Region).start <= address) low = middle + 1
    else high = middle
  }
  const region = regions[low - 1]
  return region !== undefined && address < region.end ? low - 1 : -1
}

/** Bytes that can be read from an address on, over regions that follow one another without a gap. */
export function readableFrom(regions: readonly Region[], address: number): number {
  return runFrom(regions, address, (region) => region.readable)
}

/** Bytes that the process had from an address on, whether or not they can be read. */
export function mappedFrom(regions: readonly Region[], address: number): number {
  return runFrom(regions, address, (region) => region.end - region.start)
}

function runFrom(
  regions: readonly Region[],
  address: number,
  lengthOf: (region: Region) => number,
): number {
  let at = regionAt(regions, address)
  if (at < 0) return 0
  let end = address
  for (let region = regions[at]; region?.start <= end; region = regions[++at]) {
    const length = lengthOf(region)
    // Regions that overlap, as only a forged core has them, must not take the end back.
    end = Math.max(end, region.start + length)
    if (length < region.end - region.start) break
  }
  return end - address
}

/** The bytes from one address on, as an image's. */
export class SpaceSource implements ByteSource {
  readonly length: number
  readonly #space: AddressSpace
  readonly #base: number

  constructor(space: AddressSpace, base: number, length: number) {
    this.#space = space
    this.#base = base
    this.length = length
  }

  read(offset: number, into: Uint8Array): number {
    return this.#space.read(this.#base + offset, into)
  }
}

/** The bytes of a file as a space of one region that begins at 0. */
export function fileSpace(source: ByteSource): AddressSpace {
  const { length } = source
  return {
    regions: [{ start: 0, end: length, readable: length, isWritable: true, isExecutable: false }],
    read: (address, into) => source.read(address, into),
  }
}
