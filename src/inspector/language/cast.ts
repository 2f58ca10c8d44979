// `(type) value`, and what an assignment to a part of a variable does.

import { CommandError, INVALID_CAST } from '../messages.ts'
import { arrayOf, isScalarNumber, sameType, sizeOf, type Type, unqualified } from './types.ts'
import {
  decayed,
  floatValue,
  integerValue,
  pointerValue,
  toFloat,
  toInteger,
  Value,
} from './values.ts'

export function converted(value: Value, wanted: Type): Value {
  const type = unqualified(wanted)
  if (type.kind === 'array') return toArray(value, type.element, type.count)
  const source = decayed(value)
  if (type.kind === 'void') return new Value(wanted, new Uint8Array(1))
  const from = source.type
  switch (type.kind) {
    case 'integer':
    case 'enum':
      if (!isScalarNumber(from) && from.kind !== 'pointer') break
      return integerValue(toInteger(source), wanted)
    case 'float':
      // gdb takes the bits of an address for a double, and those of a double for an address.
      if (from.kind === 'pointer' && type.size === 8) return new Value(wanted, source.bytes)
      if (!isScalarNumber(from)) break
      return floatValue(toFloat(source), wanted)
    case 'pointer':
      if (from.kind === 'float' && from.size === 8) return new Value(wanted, source.bytes)
      if (from.kind === 'float' || (!isScalarNumber(from) && from.kind !== 'pointer')) break
      return pointerValue(toInteger(source), wanted, source.origin)
    case 'struct':
      if (sameType(type, from)) return source.with(wanted)
      break
  }
  if (from.kind === 'void' && sizeOf(type) === 1) return new Value(wanted, source.bytes)
  // Otherwise gdb looks at the memory where the value stands with the eyes of the other type.
  if (value.place?.kind === 'memory') return new Value(wanted, undefined, value.place)
  throw new CommandError(INVALID_CAST)
}

/** The same bytes, cut into elements; `(int [])` counts them. */
function toArray(value: Value, element: Type, count: number | undefined): Value {
  const size = sizeOf(value.type)
  const elements = count ?? Math.floor(size / Math.max(1, sizeOf(element)))
  const type = arrayOf(element, elements)
  if (sizeOf(type) !== size) throw new CommandError(INVALID_CAST)
  return new Value(type, value.bytes, value.place, value.origin)
}
