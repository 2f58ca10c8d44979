// Walks an expression's tree and gives its value, with gdb's semantics: lazy memory, value history, convenience variables.

import {
  CommandError,
  GENERIC_POINTER,
  NO_ELEMENT,
  NO_PROCESS,
  NOT_A_COUNT,
  NOT_A_POINTER,
  NOT_A_STRUCT,
  NOT_A_STRUCT_POINTER,
  NOT_ADDRESSABLE,
  NOT_AN_LVALUE,
  NOT_MODIFIABLE,
  NOT_NUMERIC,
  noMember,
  noSubscript,
  ONLY_IN_MEMORY,
  OUT_OF_RANGE,
  READ_ONLY,
  SIZES_DIFFER,
  TOO_MANY_ELEMENTS,
  valueTooLarge,
} from '../messages.ts'
import { arithmetic, complemented, equal, negated, ordered, plus } from './arithmetic.ts'
import { converted } from './cast.ts'
import { distance, elementType, isPointerLike, moved } from './pointers.ts'
import type { Binary, Expression, Names, Unary } from './syntax.ts'
import {
  type ArrayType,
  alignOf,
  arrayOf,
  CHAR,
  INT,
  isIntegral,
  isScalarNumber,
  isText,
  LONG,
  pointerTo,
  sizeOf,
  type Type,
  typeName,
  UNSIGNED_LONG,
  unqualified,
} from './types.ts'
import {
  asLong,
  decayed,
  elementOf,
  floatValue,
  integerValue,
  type Memory,
  pointerValue,
  stringValue,
  toFloat,
  toInteger,
  VALUE_BYTES_MAX,
  Value,
} from './values.ts'

/** What stands behind `$_strlen(…)` and `history(…)`. */
export type Callable = (parameters: readonly Value[]) => Value

/** All that an expression can see. */
export interface Scope extends Names {
  readonly memory: Memory
  /** Convenience variable or value of the history: what follows the `$`. */
  variable(name: string): Value
  setVariable(name: string, value: Value): void
  symbol(name: string): Value
  callable(name: string): Callable | undefined
  warn(text: string): void
}

/** All zero, everywhere: what whatis and sizeof read, who must touch nothing. */
const ZEROS: Memory = { read: (_address, length) => new Uint8Array(length) }

export function evaluate(expression: Expression, scope: Scope): Value {
  return new Evaluator(scope, false).value(expression)
}

/** For whatis, ptype and sizeof: the type is right, the value means nothing, and nothing is changed. */
export function evaluateType(expression: Expression, scope: Scope): Value {
  return new Evaluator(scope, true).value(expression)
}

/** What `if`, `while`, `!` and `&&` ask. */
export function isTrue(value: Value): boolean {
  const plain = decayed(value)
  if (plain.type.kind === 'float') return toFloat(plain) !== 0
  return plain.bytes.some((byte) => byte !== 0)
}

/** gdb looks for a C++ operator. */
function refuseStruct(operator: string, ...operands: readonly Value[]): void {
  if (operands.some((each) => each.type.kind === 'struct')) {
    throw new CommandError(`Structure has no component named operator${operator}.`)
  }
}

/** A type's own name: no qualifiers, no `struct`. */
function nameAlone(type: Type): string {
  return type.kind === 'struct' || type.kind === 'enum' ? type.tag : typeName(unqualified(type))
}

function one(type: Type): Value {
  const plain = unqualified(type)
  if (!isScalarNumber(plain)) throw new CommandError(NOT_NUMERIC)
  return converted(integerValue(1n), plain)
}

/** `(char [10]) "abc"`: zeros up to the end. */
function filledText(text: Uint8Array, expected: Type | undefined): Value | undefined {
  if (expected?.kind !== 'array' || !isText(unqualified(expected.element))) return undefined
  const bytes = new Uint8Array(sizeOf(expected))
  if (text.length + 1 > bytes.length) throw new CommandError(TOO_MANY_ELEMENTS)
  bytes.set(text)
  return new Value(expected, bytes)
}

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '>', '<=', '>='])

class Evaluator {
  readonly #scope: Scope
  readonly #quiet: boolean
  readonly #memory: Memory

  constructor(scope: Scope, quiet: boolean) {
    this.#scope = scope
    this.#quiet = quiet
    this.#memory = quiet ? ZEROS : scope.memory
  }

  /** `expected`: the type that a cast around a literal asks for. */
  value(node: Expression, expected?: Type): Value {
    switch (node.kind) {
      case 'integer':
        return integerValue(node.value, node.type)
      case 'float':
        return floatValue(node.value, node.type)
      case 'character':
        return integerValue(BigInt(node.value), CHAR)
      case 'string':
        return filledText(node.bytes, expected) ?? stringValue(node.bytes)
      case 'array':
        return this.#array(node.elements, expected)
      case 'name':
        return this.#scope.symbol(node.name)
      case 'variable':
        return this.#scope.variable(node.name)
      case 'type':
        return new Value(node.type, undefined)
      case 'unary':
        return this.#unary(node.operator, node.operand)
      case 'postfix':
        return this.#step(node.operand, node.operator, true)
      case 'binary': {
        const left = this.value(node.left)
        // A literal on the right of a comparison takes the shape of the left.
        const shape = COMPARISONS.has(node.operator) ? left.type : undefined
        return this.#binary(node.operator, left, this.value(node.right, shape))
      }
      case 'logic':
        return this.#logic(node.operator === '&&', node.left, node.right)
      case 'assign':
        return this.#assignment(node.operator, node.left, node.right)
      case 'choice':
        return this.value(this.#truth(this.value(node.condition)) ? node.yes : node.no)
      case 'comma':
        if (!this.#quiet) this.value(node.left)
        return this.value(node.right, expected)
      case 'cast':
        return converted(this.value(node.operand, node.type), node.type)
      case 'sizeof':
        return integerValue(BigInt(sizeOf(evaluateType(node.operand, this.#scope).type)))
      case 'alignof':
        return integerValue(BigInt(alignOf(node.type)), UNSIGNED_LONG)
      case 'memory':
        return this.#at(node.type, asLong(this.value(node.address)))
      case 'member':
        return this.#member(this.value(node.operand), node.name, NOT_A_STRUCT)
      case 'arrow':
        return this.#member(this.value(node.operand), node.name, NOT_A_STRUCT_POINTER)
      case 'index':
        return this.#index(this.value(node.operand), this.value(node.index))
      case 'call':
        return this.#call(node.callee, node.parameters)
    }
  }

  #at(type: Type, address: bigint, origin?: bigint): Value {
    const place = {
      kind: 'memory',
      memory: this.#memory,
      address: BigInt.asUintN(64, address),
      origin,
    } as const
    return new Value(type, undefined, place)
  }

  /** Nothing yet but a type; in memory where the other value is. */
  #placed(type: Type, { place }: Value): Value {
    return place?.kind === 'memory'
      ? this.#at(type, 0n)
      : new Value(type, new Uint8Array(sizeOf(type)))
  }

  #truth(value: Value): boolean {
    return this.#quiet && value.isLazy ? false : isTrue(value)
  }

  #array(elements: readonly Expression[], expected: Type | undefined): Value {
    if (expected?.kind === 'array') return this.#filled(elements, expected)
    const values = elements.map((each) => this.value(each))
    const [first] = values
    if (first === undefined) throw new CommandError('bad array bounds (0, -1)')
    const size = sizeOf(first.type)
    if (values.some((each) => sizeOf(each.type) !== size)) throw new CommandError(SIZES_DIFFER)
    const bytes = new Uint8Array(size * values.length)
    values.forEach((each, index) => {
      bytes.set(each.bytes, index * size)
    })
    return new Value(arrayOf(unqualified(first.type), values.length), bytes)
  }

  /** `(int [3]) {1, 2}`: each element converted, what is not named zero. */
  #filled(elements: readonly Expression[], type: ArrayType): Value {
    const size = sizeOf(type.element)
    const bytes = new Uint8Array(sizeOf(type))
    elements.forEach((each, index) => {
      const element = converted(this.value(each, type.element), type.element)
      if (index >= (type.count ?? 0)) throw new CommandError(TOO_MANY_ELEMENTS)
      bytes.set(element.bytes, index * size)
    })
    return new Value(type, bytes)
  }

  #unary(operator: Unary, operand: Expression): Value {
    if (operator === '++' || operator === '--') return this.#step(operand, operator, false)
    // `&*e` is e, whatever stands there.
    if (operator === '&' && operand.kind === 'unary' && operand.operator === '*') {
      return decayed(this.value(operand.operand))
    }
    const value = this.value(operand)
    if (operator !== '*' && operator !== '&') refuseStruct(operator, value)
    switch (operator) {
      case '-':
        return negated(value)
      case '+':
        return plus(value)
      case '~':
        return complemented(value)
      case '!':
        return integerValue(this.#truth(value) ? 0n : 1n)
      case '*':
        return this.#contents(value)
      case '&':
        return this.#addressOf(value)
    }
  }

  #contents(value: Value): Value {
    if (this.#quiet && value.type.kind === 'array') return this.#at(value.type.element, 0n)
    const pointer = decayed(value)
    const { type } = pointer
    refuseStruct('*', pointer)
    // `*5`: a long that stands at 5; whatis calls it an int.
    if (isIntegral(type) && unqualified(type).kind !== 'enum') {
      return this.#at(this.#quiet ? INT : LONG, toInteger(pointer))
    }
    if (type.kind !== 'pointer') throw new CommandError(NOT_A_POINTER)
    if (type.target.kind === 'void' && !this.#quiet) throw new CommandError(GENERIC_POINTER)
    return this.#at(type.target, toInteger(pointer), pointer.origin)
  }

  #addressOf(value: Value): Value {
    if (value.place?.kind === 'memory') {
      const { address, origin } = value.place
      return pointerValue(address, pointerTo(value.type), origin)
    }
    if (value.type.kind === 'array' && value.place?.kind !== 'history') {
      if (this.#quiet) return pointerValue(0n, pointerTo(value.type))
      decayed(value)
    }
    throw new CommandError(NOT_ADDRESSABLE)
  }

  #binary(operator: Binary, left: Value, right: Value): Value {
    if (operator !== '@') refuseStruct(operator, left, right)
    switch (operator) {
      case '@':
        return this.#repeated(left, right)
      case '==':
      case '!=': {
        const same = equal(decayed(left), decayed(right))
        return integerValue(same === (operator === '==') ? 1n : 0n)
      }
      case '<':
      case '>':
      case '<=':
      case '>=':
        return integerValue(ordered(operator, decayed(left), decayed(right)) ? 1n : 0n)
      case '+':
        if (isPointerLike(left.type) && isIntegral(right.type)) return moved(left, right, 1n)
        if (isPointerLike(right.type) && isIntegral(left.type)) return moved(right, left, 1n)
        break
      case '-':
        if (isPointerLike(left.type) && isIntegral(right.type)) return moved(left, right, -1n)
        if (isPointerLike(left.type) && isPointerLike(right.type)) {
          return distance(decayed(left), decayed(right))
        }
        break
    }
    const warn = (text: string): void => this.#scope.warn(text)
    // Nothing is divided by zero to learn a type.
    const isDivision = operator === '/' || operator === '%'
    const by = this.#quiet && isDivision && !isTrue(right) ? one(right.type) : right
    return arithmetic(operator, left, by, warn)
  }

  #repeated(first: Value, count: Value): Value {
    if (!isIntegral(unqualified(count.type))) throw new CommandError(NOT_A_COUNT)
    const number = toInteger(count)
    if (BigInt.asIntN(32, number) !== number) throw new CommandError(OUT_OF_RANGE)
    if (!this.#quiet && first.place?.kind !== 'memory') throw new CommandError(ONLY_IN_MEMORY)
    if (!this.#quiet && number < 1n)
      throw new CommandError(`Invalid number ${number} of repetitions.`)
    const bytes = number * BigInt(sizeOf(first.type))
    if (bytes > BigInt(VALUE_BYTES_MAX)) throw new CommandError(valueTooLarge(bytes))
    const array = new Value(arrayOf(first.type, Number(number)), undefined, first.place)
    // Reading now is what makes `*(int*)16@2` complain before anything is printed.
    if (!this.#quiet) array.bytes
    return array
  }

  #logic(and: boolean, left: Expression, right: Expression): Value {
    const value = this.value(left)
    // Looked at for its types even where it is not needed: gdb complains about a bad operand either way.
    const other = new Evaluator(this.#scope, true).value(right)
    refuseStruct(and ? '&&' : '||', value, other)
    const first = this.#truth(value)
    const result = first === and ? this.#truth(this.value(right)) : first
    return integerValue(result ? 1n : 0n)
  }

  #assignment(operator: Binary | undefined, left: Expression, right: Expression): Value {
    const target = this.value(left)
    const isVariable = target.place?.kind === 'variable' && !target.place.isPart
    const operand = this.value(right, isVariable ? undefined : target.type)
    if (this.#quiet) return target
    if (operator === undefined) return this.#assign(target, operand)
    refuseStruct(operator, target, operand)
    return this.#assign(target, this.#modified(operator, target, operand))
  }

  /** What `+=` computes: unlike `+`, no number moves a pointer on its right. */
  #modified(operator: Binary, target: Value, operand: Value): Value {
    if ((operator === '+' || operator === '-') && isPointerLike(target.type)) {
      if (isIntegral(unqualified(operand.type))) return this.#binary(operator, target, operand)
    }
    return arithmetic(operator, target, operand, (text) => this.#scope.warn(text))
  }

  #assign(target: Value, value: Value): Value {
    const { place } = target
    if (place?.kind === 'variable' && !place.isPart) {
      // An array in memory is kept as a pointer, as gdb does; one that is nowhere is kept whole.
      const kept = value.place?.kind === 'memory' ? decayed(value) : value
      this.#scope.setVariable(place.name, kept)
      return this.#scope.variable(place.name)
    }
    if (place === undefined) throw new CommandError(NOT_AN_LVALUE)
    if (place.kind === 'history') throw new CommandError(NOT_MODIFIABLE)
    if (place.kind === 'memory') throw new CommandError(READ_ONLY)
    const whole = this.#scope.variable(place.name)
    const bytes = Uint8Array.from(whole.bytes)
    bytes.set(converted(value, target.type).bytes, place.offset)
    this.#scope.setVariable(place.name, new Value(whole.type, bytes))
    return target.with(target.type)
  }

  #step(operand: Expression, operator: '++' | '--', after: boolean): Value {
    const old = this.value(operand)
    if (this.#quiet) return old
    const sign = operator === '++' ? '+' : '-'
    refuseStruct(operator, old)
    const step = isPointerLike(old.type) ? integerValue(1n) : one(old.type)
    const now = this.#assign(old, this.#binary(sign, old, step))
    return after ? new Value(old.type, old.bytes, undefined, old.origin) : now
  }

  #member(value: Value, name: string, complaint: string): Value {
    let current = value
    // Through pointers to pointers, too. A type is of finite depth, so this ends.
    while (isPointerLike(current.type)) {
      const target = elementType(decayed(current).type)
      if (!isPointerLike(target) && !['struct', 'void'].includes(unqualified(target).kind)) break
      current = this.#contents(current)
    }
    const type = unqualified(current.type)
    if (type.kind !== 'struct') throw new CommandError(complaint)
    const field = type.fields.find((each) => each.name === name)
    if (field === undefined) throw new CommandError(noMember(name))
    return this.#pointing(current.part(field.type, field.offset))
  }

  /** A pointer just read begins a new object: `log[40]` belongs to this text, not to the next one in memory. */
  #pointing(value: Value): Value {
    if (value.type.kind !== 'pointer' || this.#quiet) return value
    try {
      return new Value(value.type, value.bytes, value.place, toInteger(value))
    } catch (error) {
      // What cannot be read has an address all the same.
      if (error instanceof CommandError) return value
      throw error
    }
  }

  #index(base: Value, index: Value): Value {
    const { type } = base
    refuseStruct('[]', base)
    if (!isPointerLike(type)) throw new CommandError(noSubscript(nameAlone(type)))
    if (this.#quiet) return this.#placed(elementType(type), base)
    const at = asLong(index)
    if (type.kind === 'array') {
      const inside = at >= 0n && at < BigInt(type.count ?? 0)
      if (inside) return this.#pointing(elementOf(base, Number(at)))
      if (base.place?.kind !== 'memory') throw new CommandError(NO_ELEMENT)
    }
    return this.#pointing(this.#contents(moved(base, integerValue(at, LONG), 1n)))
  }

  /** `$f = $_strlen` makes `$f` another name of it. */
  #functionName(callee: Expression): string {
    const { type } = this.value(callee)
    return type.kind === 'internal' ? type.name : ''
  }

  #call(callee: Expression, parameters: readonly Expression[]): Value {
    const name = callee.kind === 'name' ? callee.name : this.#functionName(callee)
    const callable = this.#scope.callable(name)
    if (callable === undefined) {
      this.value(callee)
      throw new CommandError(NO_PROCESS)
    }
    const values = parameters.map((each) => this.value(each))
    // gdb takes every convenience function for one that gives an int.
    return this.#quiet && name.startsWith('$') ? integerValue(0n) : callable(values)
  }
}
