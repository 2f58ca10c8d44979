// What an expression can see: convenience variables and functions, the value history, and the symbols of the image.

import type { Callable, Scope } from './language/evaluate.ts'
import { convenienceFunctions, type Surroundings } from './language/functions.ts'
import type { Type } from './language/types.ts'
import {
  integerValue,
  type Memory,
  NO_MEMORY,
  toInteger,
  Value,
  VOID_VALUE,
} from './language/values.ts'
import { CommandError, NO_SYMBOL_TABLE, noSymbol, noTag } from './messages.ts'
import { imageFunctions } from './symbols.ts'
import type { Target } from './target.ts'
import { threadOf } from './threads.ts'
import type { ValueHistory } from './value-history.ts'

const NEEDS_FRAME = /^_(exception|probe_arg(c|\d|1[01]))$/
const REGISTERS = new Set(
  `pc sp fp ps rax rbx rcx rdx rsi rdi rbp rsp rip r8 r9 r10 r11 r12 r13 r14 r15 eax ebx ecx edx esi edi ebp esp
   eflags cs ss ds es fs gs fs_base gs_base st0 st1 st2 st3 st4 st5 st6 st7 xmm0 xmm1 xmm2 xmm3 xmm4 xmm5 xmm6 xmm7 mxcsr`.split(
    /\s+/,
  ),
)

const SELECTED = new Set(['_event', '_history', '_list', '_thread'])

/** As in `info threads`; -1 where no thread is current. */
function threadNumber(target: Target): number {
  const { chosenThread, place } = target.selection
  if (chosenThread !== undefined) return chosenThread.number
  return (place && threadOf(target, place.event)?.number) ?? -1
}

/** A pointer just read begins a new object, as it does after `.`. */
function fieldOf(value: Value, name: string): Value | undefined {
  const { type } = value
  const field = type.kind === 'struct' ? type.fields.find((each) => each.name === name) : undefined
  if (field === undefined) return undefined
  const part = value.part(field.type, field.offset)
  if (part.type.kind !== 'pointer') return part
  return new Value(part.type, part.bytes, part.place, toInteger(part))
}

export class SessionScope implements Scope {
  /** The image that expressions are about. */
  target: Target | undefined
  readonly #history: ValueHistory
  readonly #warn: (text: string) => void
  readonly #variables = new Map<string, Value>()
  readonly #functions: ReadonlyMap<string, Callable>
  readonly #imageFunctions: ReadonlyMap<string, Callable>

  constructor(history: ValueHistory, around: Surroundings, warn: (text: string) => void) {
    this.#history = history
    this.#warn = warn
    this.#functions = convenienceFunctions(around)
    this.#imageFunctions = imageFunctions(() => this.target)
    this.setVariable('_gdb_major', integerValue(13n))
    this.setVariable('_gdb_minor', integerValue(1n))
    // No program: no thread, and the one inferior that gdb begins with.
    this.setVariable('_inferior', integerValue(1n))
    this.setVariable('_gthread', integerValue(0n))
    this.setVariable('_shell_exitcode', VOID_VALUE)
  }

  get memory(): Memory {
    return this.target ?? NO_MEMORY
  }

  /** Newest first, as `show convenience` lists them. */
  get variables(): readonly (readonly [string, Value])[] {
    return [...this.#variables].reverse()
  }
  get functionNames(): readonly string[] {
    return [...this.#functions.keys()]
  }
  /** Names that stand for what is current. */
  get selectedNames(): readonly string[] {
    return [...SELECTED].map((each) => `$${each}`)
  }
  get symbolNames(): readonly string[] {
    if (this.target === undefined) return []
    const { action, history, verb } = this.target.structures
    const isSelected = this.target.selection.place !== undefined
    const fields = isSelected ? [...action.fields, ...history.fields].map(({ name }) => name) : []
    return [...verb.members.keys(), ...this.#imageFunctions.keys(), ...fields]
  }

  variable(name: string): Value {
    const numbered = this.#history.lookUp(name)
    if (numbered !== undefined) return numbered
    if (REGISTERS.has(name) && !this.#variables.has(name)) throw new CommandError('No registers.')
    if (NEEDS_FRAME.test(name)) throw new CommandError('No frame selected')
    const selected = this.#selected(name)
    if (selected !== undefined) return selected
    const place = { kind: 'variable', name, offset: 0 } as const
    if (this.#functions.has(`$${name}`)) {
      return new Value({ kind: 'internal', name: `$${name}` }, new Uint8Array(1), place)
    }
    const value = this.#variables.get(name) ?? VOID_VALUE
    return new Value(value.type, value.bytes, place, value.origin)
  }

  /** `$_event` and its like: what is current in the image. Nothing can be assigned to them. */
  #selected(name: string): Value | undefined {
    if (!SELECTED.has(name)) return undefined
    const { target } = this
    const place = target?.selection.place
    if (name === '_thread')
      return integerValue(BigInt(target === undefined ? 0 : threadNumber(target)))
    if (target === undefined || place === undefined) return VOID_VALUE
    if (name === '_event') return target.eventValue(place.history, place.position)
    if (name === '_history') return target.pointerToHistory(place.history)
    return target.pointerToList(place.history.list)
  }

  /** A field of the current event, or of its history: `p log`, `p ref`. */
  #field(name: string): Value | undefined {
    const { target } = this
    const place = target?.selection.place
    if (target === undefined || place === undefined) return undefined
    const event = target.eventValue(place.history, place.position)
    return fieldOf(event, name) ?? fieldOf(target.historyValue(place.history), name)
  }

  setVariable(name: string, value: Value): void {
    if (this.#functions.has(`$${name}`)) {
      throw new CommandError(`Cannot overwrite convenience function ${name}`)
    }
    this.#variables.set(name, new Value(value.type, value.bytes, undefined, value.origin))
  }

  symbol(name: string): Value {
    const { target } = this
    const verb = target?.structures.verb
    const number = verb?.members.get(name)
    if (verb !== undefined && number !== undefined) return integerValue(BigInt(number), verb)
    if (target !== undefined && this.#imageFunctions.has(name)) {
      return new Value({ kind: 'internal', name }, new Uint8Array(1))
    }
    const field = this.#field(name)
    if (field !== undefined) return field
    throw new CommandError(target === undefined ? NO_SYMBOL_TABLE : noSymbol(name))
  }

  checkSymbol(name: string): void {
    this.symbol(name)
  }

  callable(name: string): Callable | undefined {
    if (name.startsWith('$')) return this.#functions.get(name)
    return this.target === undefined ? undefined : this.#imageFunctions.get(name)
  }

  tagged(keyword: string, tag: string): Type {
    const structures = this.target?.structures
    if (structures !== undefined) {
      const { action, history, list, verb } = structures
      const found = [action, history, list, verb].find((each) => each.tag === tag)
      if (found !== undefined && (found.kind === 'enum') === (keyword === 'enum')) return found
    }
    throw new CommandError(noTag(keyword, tag))
  }

  typedef(_name: string): Type | undefined {
    return undefined
  }

  warn(text: string): void {
    this.#warn(text)
  }
}
