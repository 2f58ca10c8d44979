// One number in one of gdb's output formats: /x /d /u /o /t /c /a /f /z.

import { isSigned, sizeOf, type Type, unqualified } from '../language/types.ts'
import { bytesToInteger, toFloat, truncated, type Value } from '../language/values.ts'
import { CommandError } from '../messages.ts'
import { formatFloat } from './float.ts'
import { quotedCharacter } from './text.ts'

/** `padded`: in `x`, every hexadecimal and binary number has its full width. */
export function formatNumber(value: Value, letter: string, padded = false): string {
  const type = unqualified(value.type)
  const { bytes } = value
  const raw = bytesToInteger(bytes.subarray(0, Math.min(8, bytes.length)), false)
  const size = Math.min(8, sizeOf(type))
  switch (letter) {
    case 'x':
      return `0x${raw.toString(16).padStart(padded ? size * 2 : 1, '0')}`
    case 'z':
      return `0x${raw.toString(16).padStart(size * 2, '0')}`
    case 'd':
      return String(BigInt.asIntN(size * 8, raw))
    case 'u':
      return String(raw)
    case 'o':
      return raw === 0n ? '0' : `0${raw.toString(8)}`
    case 't':
      return raw.toString(2).padStart(padded ? size * 8 : 1, '0')
    case 'a':
      return `0x${BigInt.asUintN(64, asInteger(value, type)).toString(16)}`
    case 'c':
      return character(asInteger(value, type), type)
    case 'f':
      return float(value, type, raw, size)
    default:
      throw new CommandError(`Undefined output format "${letter}".`)
  }
}

/** A float for its whole part, anything else for its bits. */
function asInteger(value: Value, type: Type): bigint {
  if (type.kind === 'float') return truncated(toFloat(value))
  return bytesToInteger(value.bytes, isSigned(type))
}

function character(number: bigint, type: Type): string {
  const signed = isSigned(type) || type.kind === 'float'
  const byte = Number(BigInt.asUintN(8, number))
  return `${signed ? (byte << 24) >> 24 : byte} ${quotedCharacter(byte)}`
}

/** The bits of an int as a float, of a long as a double; smaller ones as they are. */
function float(value: Value, type: Type, raw: bigint, size: number): string {
  if (type.kind === 'float') return formatFloat(toFloat(value), type, value.bytes)
  if (size === 8 || size === 4) {
    const bytes = new Uint8Array(8)
    const view = new DataView(bytes.buffer)
    view.setBigUint64(0, raw, true)
    const number = size === 8 ? view.getFloat64(0, true) : view.getFloat32(0, true)
    return formatFloat(number, { kind: 'float', name: '', size }, bytes.subarray(0, size))
  }
  return String(bytesToInteger(value.bytes, isSigned(type)))
}
