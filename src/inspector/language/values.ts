// A value: a C type and its bytes, and where it came from - memory, a convenience variable or nowhere. Bytes of a value in
// memory are read when they are first needed, so that `ptype *ptr` and `&ptr->field` work on memory that is not there.

import {
  CommandError,
  NEEDS_TARGET,
  NOT_AN_INTEGER,
  noMemoryAt,
  valueTooLarge,
} from '../messages.ts'
import {
  arrayOf,
  CHAR,
  INT,
  isIntegral,
  isSigned,
  pointerTo,
  sizeOf,
  type Type,
  unqualified,
  VOID,
} from './types.ts'

/** Memory as C sees it. Reads throw a CommandError (`Cannot access memory at address 0x…`). */
export interface Memory {
  /** `origin`: the start of the object that the pointer was made from, where it is known. */
  read(address: bigint, length: number, origin?: bigint): Uint8Array
}

export const NO_MEMORY: Memory = {
  read(address) {
    throw new CommandError(noMemoryAt(address))
  },
}

/** gdb's max-value-size: what keeps `p *x@1000000000` from exhausting the inspector. */
export const VALUE_BYTES_MAX = 65536

export type Place =
  | {
      readonly kind: 'memory'
      readonly memory: Memory
      readonly address: bigint
      readonly origin: bigint | undefined
    }
  /** Inside a convenience variable, at a byte offset: `set $x[1] = 2`. */
  | {
      readonly kind: 'variable'
      readonly name: string
      readonly offset: number
      /** An element or a member, not the variable itself. */
      readonly isPart?: boolean
    }
  /** Inside the value history: may be read, not written. */
  | { readonly kind: 'history' }

export class Value {
  readonly type: Type
  readonly place: Place | undefined
  /** For pointers: the start of the object that they point into. */
  readonly origin: bigint | undefined
  #bytes: Uint8Array | undefined

  constructor(type: Type, bytes: Uint8Array | undefined, place?: Place, origin?: bigint) {
    this.type = type
    this.#bytes = bytes
    this.place = place
    this.origin = origin
  }

  /** Not read yet, nor known to be readable. */
  get isLazy(): boolean {
    return this.#bytes === undefined
  }

  get bytes(): Uint8Array {
    if (this.#bytes === undefined) {
      const size = sizeOf(this.type)
      if (size > VALUE_BYTES_MAX) throw new CommandError(valueTooLarge(BigInt(size)))
      const { place } = this
      this.#bytes =
        place?.kind === 'memory'
          ? place.memory.read(place.address, size, place.origin)
          : new Uint8Array(size)
    }
    return this.#bytes
  }

  /** The same bytes under another type or place. */
  with(type: Type, place: Place | undefined = this.place): Value {
    return new Value(type, this.#bytes, place, this.origin)
  }

  /** A part: a field or an element. */
  part(type: Type, offset: number): Value {
    const { place } = this
    const moved: Place | undefined =
      place?.kind === 'memory'
        ? { ...place, address: BigInt.asUintN(64, place.address + BigInt(offset)) }
        : place?.kind === 'variable'
          ? { ...place, offset: place.offset + offset, isPart: true }
          : place
    if (this.isLazy && moved?.kind === 'memory') return new Value(type, undefined, moved)
    return new Value(type, this.bytes.subarray(offset, offset + sizeOf(type)), moved)
  }
}

const view = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export const VOID_VALUE = new Value(VOID, new Uint8Array(1))

export function integerBytes(value: bigint, size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let rest = BigInt.asUintN(64, value)
  for (let index = 0; index < size; index++) {
    bytes[index] = Number(rest & 255n)
    rest >>= 8n
  }
  return bytes
}

/** Little-endian, any width up to 8. */
export function bytesToInteger(bytes: Uint8Array, signed: boolean): bigint {
  let value = 0n
  for (let index = bytes.length - 1; index >= 0; index--) {
    value = (value << 8n) | BigInt(bytes[index] as number)
  }
  return signed ? BigInt.asIntN(bytes.length * 8, value) : value
}

export const integerValue = (value: bigint, type: Type = INT): Value =>
  new Value(type, integerBytes(value, sizeOf(type)))

export function floatValue(value: number, type: Type): Value {
  const bytes = new Uint8Array(sizeOf(type))
  if (bytes.length === 4) view(bytes).setFloat32(0, value, true)
  else view(bytes).setFloat64(0, value, true)
  // x86 makes its NaNs with the sign bit set; JavaScript does not say which it makes.
  if (Number.isNaN(value)) {
    if (bytes.length === 4) view(bytes).setUint32(0, 0xffc00000, true)
    else view(bytes).setBigUint64(0, 0xfff8000000000000n, true)
  }
  return new Value(type, bytes)
}

export const pointerValue = (address: bigint, type: Type, origin?: bigint): Value =>
  new Value(type, integerBytes(address, 8), undefined, origin)

const encoder = new TextEncoder()

/** A C string literal: its bytes and the zero that ends them. */
export function stringValue(text: string | Uint8Array): Value {
  const source = typeof text === 'string' ? encoder.encode(text) : text
  const bytes = new Uint8Array(source.length + 1)
  bytes.set(source)
  return new Value(arrayOf(CHAR, bytes.length), bytes)
}

/** Integers, enums and pointers as a number; chars too. */
export function toInteger(value: Value): bigint {
  const { type } = value
  if (isIntegral(type)) return bytesToInteger(value.bytes, isSigned(type))
  if (type.kind === 'pointer') return bytesToInteger(value.bytes, false)
  if (type.kind === 'float') return truncated(toFloat(value))
  throw new CommandError(NOT_AN_INTEGER)
}

/** The same where gdb would let an array stand for its address. */
export const asLong = (value: Value): bigint => toInteger(decayed(value))

export function toFloat(value: Value): number {
  if (value.type.kind !== 'float') return Number(toInteger(value))
  return value.type.size === 4
    ? view(value.bytes).getFloat32(0, true)
    : view(value.bytes).getFloat64(0, true)
}

/** What does not fit in 64 bits becomes the nearest bound; no number, the greatest. */
export function truncated(value: number): bigint {
  if (value < -(2 ** 63)) return -(1n << 63n)
  if (value < 2 ** 63) return BigInt(Math.trunc(value))
  return (1n << 63n) - 1n
}

export function elementOf(value: Value, index: number): Value {
  const type = unqualified(value.type)
  if (type.kind !== 'array') throw new TypeError('Cannot take an element: the value is no array')
  return value.part(type.element, index * sizeOf(type.element))
}

/** The text of a char array up to its zero. */
export function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    end < 0 ? bytes : bytes.subarray(0, end),
  )
}

/** An array in memory is a pointer to its first element; one that is not would need room in a process. */
export function decayed(value: Value): Value {
  if (value.type.kind !== 'array') return value
  if (value.place?.kind !== 'memory') throw new CommandError(NEEDS_TARGET)
  return pointerValue(value.place.address, pointerTo(value.type.element), value.place.origin)
}
