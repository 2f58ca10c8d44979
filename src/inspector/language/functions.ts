// gdb's convenience functions: $_strlen, $_streq, $_as_string …

import { CommandError, NEEDS_TARGET, noMemoryAt } from '../messages.ts'
import type { Callable } from './evaluate.ts'
import { typeName } from './types.ts'
import { integerValue, stringValue, textOf, toInteger, type Value } from './values.ts'

/** What the functions need of the session. */
export interface Surroundings {
  /** Bytes of the C string at a pointer; throws where memory ends. */
  stringAt(pointer: Value): Uint8Array
  /** As `print` shows it. */
  shown(value: Value): string
  setting(name: string): { value: Value; text: string } | undefined
}

const yes = (condition: boolean): Value => integerValue(condition ? 1n : 0n)
const python = (text: string): CommandError => new CommandError(`Error occurred in Python: ${text}`)

/** The class behind each in gdb, whose name its complaints carry; and its parameters. */
const SIGNATURES: Readonly<Record<string, readonly [string, readonly string[]]>> = {
  $_strlen: ['_StrLen', ['a']],
  $_streq: ['_StrEq', ['a', 'b']],
  $_regex: ['_RegEx', ['str', 'regex']],
  $_memeq: ['_MemEq', ['a', 'b', 'length']],
  $_as_string: ['_AsString', ['val']],
}

function checkCount(name: string, given: number): void {
  const signature = SIGNATURES[name]
  if (signature === undefined) return
  const [owner, names] = signature
  if (given === names.length) return
  if (given > names.length) {
    throw python(
      `${owner}.invoke() takes ${names.length + 1} positional arguments but ${given + 1} were given`,
    )
  }
  const missing = names.slice(given).map((each) => `'${each}'`)
  const list =
    missing.length < 3
      ? missing.join(' and ')
      : `${missing.slice(0, -1).join(', ')}, and ${missing.at(-1)}`
  const plural = missing.length === 1 ? '' : 's'
  throw python(
    `${owner}.invoke() missing ${missing.length} required positional argument${plural}: ${list}`,
  )
}

export function convenienceFunctions(around: Surroundings): ReadonlyMap<string, Callable> {
  const bytes = (value: Value): Uint8Array => {
    const { type } = value
    if (type.kind === 'array') {
      const end = value.bytes.indexOf(0)
      return end < 0 ? value.bytes : value.bytes.subarray(0, end)
    }
    if (type.kind === 'pointer') return around.stringAt(value)
    throw python(`Trying to read string with inappropriate type \`${typeName(type)}'.`)
  }
  const text = (value: Value): string => textOf(bytes(value))
  const setting = (name: string, parameters: readonly Value[]): { value: Value; text: string } => {
    const [key] = parameters
    if (key === undefined) throw new CommandError(`You must provide an argument to $${name}`)
    const found = around.setting(text(key))
    if (found === undefined) {
      throw new CommandError(
        `First argument of $${name} must be a valid setting of the 'show' command.`,
      )
    }
    return found
  }
  const all: Record<string, (...values: Value[]) => Value> = {
    $_strlen: (a) => integerValue(BigInt([...text(a as Value)].length)),
    $_streq: (a, b) => yes(text(a as Value) === text(b as Value)),
    $_regex: (a, b) => yes(pattern(text(b as Value)).test(text(a as Value))),
    $_memeq: (a, b, length) => {
      const count = Number(toInteger(length as Value))
      for (const each of [a, b]) {
        if (each?.type.kind === 'array' && each.place?.kind !== 'memory') throw python(NEEDS_TARGET)
      }
      const left = bytes(a as Value).subarray(0, count)
      const right = bytes(b as Value).subarray(0, count)
      if (left.length < count || right.length < count) throw python(noMemoryAt(0n))
      return yes(left.every((byte, index) => byte === right[index]))
    },
    $_as_string: (a) => stringValue(around.shown(a as Value)),
    $_isvoid: (...values) => {
      const [only] = values
      if (values.length !== 1 || only === undefined) {
        throw new CommandError('You must provide one argument for $_isvoid.')
      }
      return yes(only.type.kind === 'void')
    },
    $_gdb_setting: (...values) => setting('_gdb_setting', values).value,
    $_gdb_setting_str: (...values) => stringValue(setting('_gdb_setting_str', values).text),
  }
  return new Map(
    Object.entries(all).map(([name, run]): [string, Callable] => [
      name,
      (parameters) => {
        checkCount(name, parameters.length)
        return run(...parameters)
      },
    ]),
  )
}

function pattern(text: string): RegExp {
  try {
    // Python's re.match: at the beginning.
    return new RegExp(`^(?:${text})`)
  } catch {
    throw python(`bad regular expression: ${text}`)
  }
}
