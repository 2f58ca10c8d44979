// Cores written byte by byte, as elf(5) says: what the reader is tested on must not come from the hands that it checks.

export interface Part {
  readonly address: number
  readonly bytes: Uint8Array
  /** Bytes of memory, when there are more than of the file. */
  readonly mapped?: number
  readonly flags?: number
}

export interface CoreOptions {
  readonly machine?: number
  readonly type?: number
  readonly elfClass?: number
  readonly byteOrder?: number
  /** As the kernel writes cores of many segments: the number is in section header 0, at the end. */
  readonly isExtended?: boolean
  /** So many segments without bytes before the others. */
  readonly empty?: number
  readonly command?: string
  readonly pid?: number
  readonly signal?: number
}

const HEADER = 64
const PROGRAM_HEADER = 56
const PAGE = 4096
const READ_WRITE = 6

export function elfCore(parts: readonly Part[], options: CoreOptions = {}): Uint8Array {
  const { machine = 62, type = 4, elfClass = 2, byteOrder = 1, empty = 0, isExtended } = options
  const notes = notesOf(options)
  const count = 1 + empty + parts.length
  const notesAt = HEADER + count * PROGRAM_HEADER
  let at = Math.ceil((notesAt + notes.length) / PAGE) * PAGE
  const offsets = parts.map(({ bytes }) => {
    const offset = at
    at += Math.ceil(bytes.length / PAGE) * PAGE
    return offset
  })
  const file = new Uint8Array(at + (isExtended ? 64 : 0))
  const view = new DataView(file.buffer)
  file.set([0x7f, 0x45, 0x4c, 0x46, elfClass, byteOrder, 1])
  view.setUint16(16, type, true)
  view.setUint16(18, machine, true)
  view.setUint32(20, 1, true)
  view.setBigUint64(32, BigInt(HEADER), true)
  view.setUint16(52, HEADER, true)
  view.setUint16(54, PROGRAM_HEADER, true)
  view.setUint16(56, isExtended ? 0xffff : count, true)
  if (isExtended) {
    view.setBigUint64(40, BigInt(at), true)
    view.setUint32(at + 44, count, true)
  }
  let header = HEADER
  const put = (
    kind: number,
    flags: number,
    offset: number,
    address: number,
    stored: number,
    mapped: number,
  ): void => {
    view.setUint32(header, kind, true)
    view.setUint32(header + 4, flags, true)
    view.setBigUint64(header + 8, BigInt(offset), true)
    view.setBigUint64(header + 16, BigInt(address), true)
    view.setBigUint64(header + 32, BigInt(stored), true)
    view.setBigUint64(header + 40, BigInt(mapped), true)
    header += PROGRAM_HEADER
  }
  put(4, 0, notesAt, 0, notes.length, 0)
  for (let i = 0; i < empty; i++) put(1, READ_WRITE, notesAt, 0x10000 + i * PAGE, 0, PAGE)
  for (const [
    i,
    { address, bytes, mapped = bytes.length, flags = READ_WRITE },
  ] of parts.entries()) {
    put(1, flags, offsets[i] as number, address, bytes.length, mapped)
    file.set(bytes, offsets[i])
  }
  file.set(notes, notesAt)
  return file
}

function notesOf({ command = 'node server.mjs', pid = 4711, signal = 6 }: CoreOptions): Uint8Array {
  const status = new DataView(new ArrayBuffer(336))
  status.setUint16(12, signal, true)
  status.setInt32(32, pid, true)
  const info = new Uint8Array(136)
  new DataView(info.buffer).setInt32(24, pid, true)
  info.set(new TextEncoder().encode('node'), 40)
  info.set(new TextEncoder().encode(command).subarray(0, 80), 56)
  return joined([note(1, new Uint8Array(status.buffer)), note(3, info)])
}

function note(type: number, bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(20 + bytes.length)
  const view = new DataView(whole.buffer)
  view.setUint32(0, 5, true)
  view.setUint32(4, bytes.length, true)
  view.setUint32(8, type, true)
  whole.set(new TextEncoder().encode('CORE'), 12)
  whole.set(bytes, 20)
  return whole
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
