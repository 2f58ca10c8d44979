// Arithmetic of pointers, and of arrays, which stand for the address of their first element.

import { CommandError, POINTER_DIFFERENCE } from '../messages.ts'
import { type ArrayType, LONG, type PointerType, sizeOf, type Type } from './types.ts'
import { asLong, decayed, integerValue, pointerValue, toInteger, type Value } from './values.ts'

export const isPointerLike = (type: Type): boolean =>
  type.kind === 'pointer' || type.kind === 'array'

export const elementType = (type: Type): Type =>
  type.kind === 'pointer' ? type.target : (type as ArrayType).element

/** By so many elements, forwards or backwards. */
export function moved(array: Value, count: Value, sign: 1n | -1n): Value {
  const pointer = decayed(array)
  const { target } = pointer.type as PointerType
  const address = toInteger(pointer) + sign * asLong(count) * BigInt(sizeOf(target))
  return pointerValue(address, pointer.type, pointer.origin ?? toInteger(pointer))
}

/** In elements. */
export function distance(left: Value, right: Value): Value {
  const a = (left.type as PointerType).target
  const b = (right.type as PointerType).target
  if (sizeOf(a) !== sizeOf(b)) throw new CommandError(POINTER_DIFFERENCE)
  return integerValue((toInteger(left) - toInteger(right)) / BigInt(sizeOf(a)), LONG)
}
