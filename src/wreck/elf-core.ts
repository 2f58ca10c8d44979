// ELF cores: where each part of a process's memory stands in the file. 64-bit little-endian, x86-64 and AArch64, as the
// Linux kernel, gcore and core handlers write them. elf(5) and core(5) have the structures.

import type { ByteSource } from '../image/byte-source.ts'
import { ImageError } from '../image/bytes.ts'
import { type AddressSpace, type Region, regionAt } from './address-space.ts'
import { type CoreNotes, readNotes } from './elf-notes.ts'

const ELF_HEADER_BYTES = 64
const PROGRAM_HEADER_BYTES = 56
const SECTION_HEADER_BYTES = 64
/** More segments than a process may have mappings (vm.max_map_count), raised as high as people raise it. */
const SEGMENTS_MAX = 1 << 20
/** Longer notes are read as far as this. */
const NOTES_MAX = 1 << 24

const CLASS_64 = 2
const LITTLE_ENDIAN = 1
const TYPE_CORE = 4
/** e_phnum when there are more: their number is then in section header 0. */
const PN_XNUM = 0xffff
const PT_LOAD = 1
const PT_NOTE = 4
const PF_X = 1
const PF_W = 2

const MACHINES = new Map([
  [62, 'x86-64'],
  [183, 'AArch64'],
])
const OTHER_MACHINES = new Map([
  [2, 'SPARC'],
  [3, 'x86 of 32 bits'],
  [8, 'MIPS'],
  [20, 'PowerPC'],
  [21, 'PowerPC of 64 bits'],
  [22, 'S/390'],
  [40, 'ARM of 32 bits'],
  [43, 'SPARC V9'],
  [243, 'RISC-V'],
  [258, 'LoongArch'],
])
const TYPES = new Map([
  [1, 'an object file'],
  [2, 'a program'],
  [3, 'a program or shared library'],
])

export interface Segment extends Region {
  /** In the file. */
  readonly offset: number
  /** Bytes that the file should have of it. */
  readonly stored: number
}

/** What the headers of a core say. */
export interface CorePlan {
  readonly machine: string
  readonly segments: readonly Segment[]
  readonly notes: CoreNotes
  /** Bytes that the whole file has. */
  readonly length: number
  /** Segments that were left out, for their number or for what they say of themselves. */
  readonly ignored: number
}

export const isElf = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46

/**
 * Where the headers and the notes end, as far as these first bytes tell; more when more of them are there. For streams,
 * which give them once.
 */
export function headersEnd(first: Uint8Array, source: string): number {
  if (first.length < ELF_HEADER_BYTES) return ELF_HEADER_BYTES
  const view = new DataView(first.buffer, first.byteOffset, first.length)
  checkHeader(view, source)
  const at = Number(view.getBigUint64(32, true))
  const end = at + PROGRAM_HEADER_BYTES
  if (!(end <= NOTES_MAX) || first.length < end) return Math.min(end, NOTES_MAX)
  // The notes follow the program headers, and the memory the notes.
  const noteAt = Number(view.getBigUint64(at + 8, true))
  const noteEnd = noteAt + Number(view.getBigUint64(at + 32, true))
  const count = countOf(view, at, noteAt, undefined)
  const all = at + count * PROGRAM_HEADER_BYTES
  const isNote = view.getUint32(at, true) === PT_NOTE
  return isNote && noteEnd - all <= NOTES_MAX ? Math.max(all, noteEnd) : all
}

/**
 * Reads the headers of a core of `fileLength` bytes. @throws {ImageError} for what is no core, or of a machine that is not
 * known here.
 */
export function readPlan(file: ByteSource, fileLength: number, source: string): CorePlan {
  const head = new DataView(bytesAt(file, 0, ELF_HEADER_BYTES).buffer)
  if (fileLength < ELF_HEADER_BYTES)
    throw refusal(source, fileLength, 'its length', `${ELF_HEADER_BYTES} bytes`, `${fileLength}`)
  const machine = checkHeader(head, source)
  const at = Number(head.getBigUint64(32, true))
  const first = new DataView(bytesAt(file, at, PROGRAM_HEADER_BYTES).buffer)
  const sectionsAt = Number(head.getBigUint64(40, true))
  const section =
    sectionsAt > 0 && sectionsAt + SECTION_HEADER_BYTES <= fileLength
      ? new DataView(bytesAt(file, sectionsAt, SECTION_HEADER_BYTES).buffer).getUint32(44, true)
      : undefined
  const count = countOf(head, at, Number(first.getBigUint64(8, true)), section)
  const here = Math.floor((fileLength - at) / PROGRAM_HEADER_BYTES)
  const known = Math.max(0, Math.min(count, SEGMENTS_MAX, here))
  if (known === 0)
    throw refusal(source, at, 'the number of segments', 'at least 1', `${count}, of which none`)

  const headers = new DataView(bytesAt(file, at, known * PROGRAM_HEADER_BYTES).buffer)
  const segments: Segment[] = []
  let notes: CoreNotes | undefined
  let length = at + known * PROGRAM_HEADER_BYTES
  let ignored = count - known
  for (let i = 0; i < known; i++) {
    const header = i * PROGRAM_HEADER_BYTES
    const field = (offset: number): number => Number(headers.getBigUint64(header + offset, true))
    const type = headers.getUint32(header, true)
    const flags = headers.getUint32(header + 4, true)
    const offset = field(8)
    const start = field(16)
    const stored = Math.min(field(32), type === PT_LOAD ? field(40) : Number.POSITIVE_INFINITY)
    // Up to 2^53 numbers are exact; above that there are but the kernel's own pages.
    if (![offset + stored, start + field(40)].every(Number.isSafeInteger)) {
      if (type === PT_LOAD && stored > 0) ignored += start > Number.MAX_SAFE_INTEGER ? 0 : 1
      continue
    }
    if (type === PT_NOTE && notes === undefined)
      notes = readNotes(bytesAt(file, offset, Math.min(stored, NOTES_MAX)))
    if (type !== PT_LOAD) continue
    length = Math.max(length, offset + stored)
    segments.push({
      start,
      end: start + field(40),
      readable: Math.max(0, Math.min(stored, fileLength - offset)),
      isWritable: (flags & PF_W) !== 0,
      isExecutable: (flags & PF_X) !== 0,
      offset,
      stored,
    })
  }
  segments.sort((one, other) => one.start - other.start)
  return { machine, segments, notes: notes ?? readNotes(new Uint8Array(0)), length, ignored }
}

/** The machine's name. Throws where it is none that can be read. */
function checkHeader(head: DataView, source: string): string {
  if (head.getUint8(4) !== CLASS_64)
    throw refusal(source, 4, 'the ELF class', '2, for 64 bits', `${head.getUint8(4)}, for 32 bits`)
  if (head.getUint8(5) !== LITTLE_ENDIAN)
    throw refusal(
      source,
      5,
      'the byte order',
      '1, little-endian',
      `${head.getUint8(5)}, big-endian`,
    )
  const type = head.getUint16(16, true)
  if (type !== TYPE_CORE)
    throw refusal(source, 16, 'the ELF type', '4, a core', named(type, TYPES.get(type)))
  const machine = head.getUint16(18, true)
  const name = MACHINES.get(machine)
  if (name === undefined)
    throw refusal(
      source,
      18,
      'the machine',
      [...MACHINES].map(([number, each]) => `${number}, ${each}`).join(', or '),
      named(machine, OTHER_MACHINES.get(machine)),
    )
  const size = head.getUint16(54, true)
  if (size !== PROGRAM_HEADER_BYTES)
    throw refusal(source, 54, 'e_phentsize', `${PROGRAM_HEADER_BYTES}`, `${size}`)
  return name
}

const named = (number: number, name: string | undefined): string =>
  name === undefined ? `${number}` : `${number}, ${name}`

/** Where section header 0 is missing, cut off or not there yet, the notes tell: they follow the program headers. */
function countOf(head: DataView, at: number, notesAt: number, section: number | undefined): number {
  const count = head.getUint16(56, true)
  if (count !== PN_XNUM) return count
  if (section !== undefined && section >= PN_XNUM) return section
  const between = Math.floor((notesAt - at) / PROGRAM_HEADER_BYTES)
  return Math.max(0, Math.min(between, SEGMENTS_MAX))
}

const refusal = (
  source: string,
  offset: number,
  field: string,
  expected: string,
  found: string,
): ImageError => new ImageError('open a core', source, { offset, field, expected, found })

/** As many as there are; the rest zeros. */
function bytesAt(file: ByteSource, offset: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  if (offset < file.length) file.read(offset, bytes)
  return bytes
}

/** The memory in a core that lies in a file. */
export class CoreSpace implements AddressSpace {
  readonly regions: readonly Segment[]
  readonly #file: ByteSource

  constructor(file: ByteSource, segments: readonly Segment[]) {
    this.#file = file
    this.regions = segments
  }

  read(address: number, into: Uint8Array): number {
    let length = 0
    let at = regionAt(this.regions, address)
    while (length < into.length) {
      const region = this.regions[at++]
      const within = region === undefined ? -1 : address + length - region.start
      if (region === undefined || within < 0) break
      const here = Math.min(into.length - length, region.readable - within)
      if (here <= 0) break
      const read = this.#file.read(region.offset + within, into.subarray(length, length + here))
      length += read
      if (read < here || within + read < region.end - region.start) break
    }
    return length
  }
}
