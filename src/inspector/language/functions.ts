// gdb's convenience functions: $_strlen, $_streq, $_as_string …

import { CommandError, noMemoryAt } from '../messages.ts'
import type { Callable } from './evaluate.ts'
import { isText, typeName, unqualified } from './types.ts'
import { asLong, decayed, integerValue, stringValue, textOf, type Value } from './values.ts'

/** What the functions need of the session. */
export interface Surroundings {
  /** Bytes of the C string at a pointer; throws where memory ends. */
  stringAt(pointer: Value): Uint8Array
  /** So many bytes at a pointer. */
  bytesAt(pointer: Value, length: number): Uint8Array
  /** As `print` shows it. */
  shown(value: Value): string
  setting(name: string): { value: Value; text: string } | undefined
  warn(text: string): void
}

const yes = (condition: boolean): Value => integerValue(condition ? 1n : 0n)

/** A function that gdb has in Python: its class and its parameters, which its complaints name. */
interface PythonFunction {
  readonly owner: string
  readonly parameters: readonly string[]
  run(values: readonly Value[]): Value
}

/** What Python says of an error, and what gdb says then. */
class PythonError extends Error {
  readonly type: string
  constructor(type: string, message: string) {
    super(message)
    this.type = type
  }
}

function checkCount({ owner, parameters }: PythonFunction, given: number): void {
  if (given === parameters.length) return
  if (given > parameters.length) {
    const text = `takes ${parameters.length + 1} positional arguments but ${given + 1} were given`
    throw new PythonError('TypeError', `${owner}.invoke() ${text}`)
  }
  const missing = parameters.slice(given).map((each) => `'${each}'`)
  const list =
    missing.length < 3
      ? missing.join(' and ')
      : `${missing.slice(0, -1).join(', ')}, and ${missing.at(-1)}`
  const plural = missing.length === 1 ? '' : 's'
  const text = `missing ${missing.length} required positional argument${plural}: ${list}`
  throw new PythonError('TypeError', `${owner}.invoke() ${text}`)
}

function pythonFunctions(around: Surroundings): Record<string, PythonFunction> {
  const text = (value: Value | undefined): string => {
    const type = unqualified((value as Value).type)
    const target =
      type.kind === 'array' ? type.element : type.kind === 'pointer' ? type.target : undefined
    if (target === undefined || !isText(unqualified(target))) {
      throw new CommandError(`Trying to read string with inappropriate type \`${typeName(type)}'.`)
    }
    return textOf(type.kind === 'array' ? (value as Value).bytes : around.stringAt(value as Value))
  }
  return {
    $_strlen: {
      owner: '_StrLen',
      parameters: ['a'],
      run: ([a]) => integerValue(BigInt([...text(a)].length)),
    },
    $_streq: {
      owner: '_StrEq',
      parameters: ['a', 'b'],
      run: ([a, b]) => yes(text(a) === text(b)),
    },
    $_regex: {
      owner: '_RegEx',
      parameters: ['str', 'regex'],
      run: ([a, b]) => yes(pattern(text(b)).test(text(a))),
    },
    $_memeq: {
      owner: '_MemEq',
      parameters: ['a', 'b', 'length'],
      run: ([a, b, length]) => {
        const count = asLong(length as Value)
        if (count < 0n) throw new PythonError('ValueError', 'length must be non-negative')
        if (count === 0n) return yes(true)
        const [left, right] = [a, b].map((each) =>
          around.bytesAt(decayed(each as Value), Number(count)),
        )
        return yes((left as Uint8Array).every((byte, index) => byte === right?.[index]))
      },
    },
    $_as_string: {
      owner: '_AsString',
      parameters: ['val'],
      run: ([value]) => stringValue(around.shown(value as Value)),
    },
  }
}

/** gdb reports an error inside of Python twice. */
function fromPython(definition: PythonFunction, warn: (text: string) => void): Callable {
  return (values) => {
    try {
      checkCount(definition, values.length)
      return definition.run(values)
    } catch (error) {
      if (!(error instanceof PythonError || error instanceof CommandError)) throw error
      const isMemory = error.message.startsWith(noMemoryAt(0n).slice(0, -1))
      const type =
        error instanceof PythonError ? error.type : isMemory ? 'gdb.MemoryError' : 'gdb.error'
      warn(`Python Exception <class '${type}'>: ${error.message}`)
      throw new CommandError(`Error occurred in Python: ${error.message}`)
    }
  }
}

export function convenienceFunctions(around: Surroundings): ReadonlyMap<string, Callable> {
  const setting = (name: string, parameters: readonly Value[]): { value: Value; text: string } => {
    const [key] = parameters
    if (key === undefined) throw new CommandError(`You must provide an argument to $${name}`)
    const { type } = key
    if (type.kind !== 'array' || !isText(unqualified(type.element))) {
      throw new CommandError(`First argument of $${name} must be a string.`)
    }
    const found = around.setting(textOf(key.bytes))
    if (found === undefined) {
      throw new CommandError(
        `First argument of $${name} must be a valid setting of the 'show' command.`,
      )
    }
    return found
  }
  const functions = new Map<string, Callable>()
  for (const [name, definition] of Object.entries(pythonFunctions(around))) {
    functions.set(name, fromPython(definition, around.warn))
  }
  functions.set('$_isvoid', (values) => {
    const [only] = values
    if (values.length !== 1 || only === undefined) {
      throw new CommandError('You must provide one argument for $_isvoid.')
    }
    return yes(only.type.kind === 'void')
  })
  functions.set('$_gdb_setting', (values) => setting('_gdb_setting', values).value)
  functions.set('$_gdb_setting_str', (values) =>
    stringValue(setting('_gdb_setting_str', values).text),
  )
  return functions
}

function pattern(text: string): RegExp {
  try {
    // Python's re.match: at the beginning.
    return new RegExp(`^(?:${text})`)
  } catch {
    throw new PythonError('re.error', `bad regular expression: ${text}`)
  }
}
