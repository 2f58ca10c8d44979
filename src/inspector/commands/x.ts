// x: memory, as the C program that the image is shown as would have it.

import { arrayOf, CHAR, DOUBLE, FLOAT, pointerTo, sizeOf, type Type } from '../language/types.ts'
import { decayed, pointerValue, toInteger, Value, VOID_VALUE } from '../language/values.ts'
import { CommandError } from '../messages.ts'
import { readCString } from '../print/c-string.ts'
import { formatNumber } from '../print/number.ts'
import { quotedString } from '../print/text.ts'
import type { Session } from '../session.ts'
import type { Command } from './command.ts'
import { completeExpression } from './complete.ts'
import { parseFormat, splitFormat } from './format.ts'

/** What `x` remembers from one time to the next. */
interface Memory {
  letter: string
  size: string
  address: bigint | undefined
  origin: bigint | undefined
}
const memories = new WeakMap<Session, Memory>()

const PER_LINE: Readonly<Record<string, number>> = { b: 8, h: 8, w: 4, g: 2 }
const COUNT_MAX = 1_000_000

/** gdb's own names for what x looks at; signs come from the letter. */
const INT8: Type = { kind: 'integer', name: 'int8_t', size: 1, signed: true, text: false }
const INT16: Type = { kind: 'integer', name: 'int16_t', size: 2, signed: true, text: false }
const INT32: Type = { kind: 'integer', name: 'int32_t', size: 4, signed: true, text: false }
const INT64: Type = { kind: 'integer', name: 'int64_t', size: 8, signed: true, text: false }

function unitType(letter: string, size: string): Type {
  if (letter === 'f' && size === 'w') return FLOAT
  if (letter === 'f' && size === 'g') return DOUBLE
  return { b: INT8, h: INT16, w: INT32 }[size] ?? INT64
}

function sizeFor(letter: string, given: string, last: string): string {
  if (given !== '') return given
  if (letter === 'a') return 'g'
  if (letter === 'f') return last === 'w' || last === 'g' ? last : 'g'
  if (letter === 'c') return 'b'
  return last
}

async function examine(session: Session, argument: string): Promise<void> {
  const known = memories.get(session) ?? {
    letter: 'x',
    size: 'w',
    address: undefined,
    origin: undefined,
  }
  memories.set(session, known)
  const { format, rest } = splitFormat(argument)
  const parsed = parseFormat(format ?? '')
  const letter = parsed.letter === '' ? known.letter : parsed.letter
  const size = letter === 's' ? 'b' : sizeFor(letter, parsed.size, known.size)
  start(session, known, rest)
  const count = Math.min(Math.abs(parsed.count), COUNT_MAX)
  // Numbers before an address: from as far back as they reach.
  if (parsed.count < 0 && letter !== 's' && letter !== 'i') {
    const back = BigInt(count * sizeOf(unitType(letter, size)))
    known.address = BigInt.asUintN(64, (known.address as bigint) - back)
  }
  session.lastFormat = letter
  if (letter === 's') await strings(session, known, count)
  else if (letter === 'i') instructions(session, known, count)
  else await units(session, known, letter, size, count)
  known.letter = letter
  known.size = size
}

function start(session: Session, known: Memory, text: string): void {
  if (text === '') {
    if (known.address === undefined) {
      throw new CommandError('Argument required (starting display address).')
    }
    return
  }
  const value = session.evaluate(text)
  const pointer = decayed(value)
  known.address = BigInt.asUintN(64, toInteger(pointer))
  known.origin = pointer.origin
}

const label = (session: Session, address: bigint): string =>
  `${session.style('address', `0x${address.toString(16)}`)}:`

async function strings(session: Session, known: Memory, count: number): Promise<void> {
  const options = session.printOptions()
  const limit = Math.min(options.elements, 1 << 20)
  for (let index = 0; index < count; index++) {
    await session.breathe()
    const address = known.address as bigint
    session.scope.target?.findText(address)
    const text = readCString(session.scope.memory, address, limit, known.origin ?? address)
    const { bytes, error, more } = text
    keep(session, address, arrayOf(CHAR, bytes.length + 1))
    if (error !== undefined && bytes.length === 0) {
      session.out(`${label(session, address)}\t<error: ${error}>\n`)
      continue
    }
    session.out(`${label(session, address)}\t${quotedString(bytes, options, more)}\n`)
    known.address = address + BigInt(bytes.length + (more ? 0 : 1))
    known.origin = undefined
  }
}

async function units(
  session: Session,
  known: Memory,
  letter: string,
  size: string,
  count: number,
): Promise<void> {
  const type = unitType(letter, size)
  const perLine = letter === 'c' ? 8 : letter === 'a' ? 2 : (PER_LINE[size] ?? 1)
  for (let index = 0; index < count; index++) {
    const address = known.address as bigint
    if (index % perLine === 0) {
      await session.breathe()
      session.out(label(session, address))
    }
    session.out('\t')
    keep(session, address, type)
    const bytes = session.scope.memory.read(address, sizeOf(type), known.origin)
    const value = new Value(type, bytes)
    session.out(formatNumber(value, letter, true))
    session.scope.setVariable('__', value)
    if (index % perLine === perLine - 1 || index === count - 1) session.out('\n')
    known.address = BigInt.asUintN(64, address + BigInt(bytes.length))
  }
}

/** gdb disassembles; an image holds no instructions. */
function instructions(session: Session, known: Memory, count: number): void {
  for (let index = 0; index < count; index++) {
    const address = known.address as bigint
    session.out(`   ${label(session, address)}\t`)
    session.scope.memory.read(address, 1, known.origin)
    session.out('(bad)\n')
    known.address = address + 1n
  }
}

/** `$_` is where x looked last; `$__`, what was there, is set once it could be read. */
function keep(session: Session, address: bigint, type: Type): void {
  session.scope.setVariable('_', pointerValue(address, pointerTo(type)))
  session.scope.setVariable('__', VOID_VALUE)
}

export const X: Command = {
  name: 'x',
  group: 'data',
  line: 'Examine memory: x/FMT ADDRESS.',
  help: `FMT is a count, a letter (o x d u t f a c s z) and a size (b 1, h 2, w 4, g 8 bytes).
What is left out is as it was the last time.

Examples:
  x/s $sh->actions[0].log
  x/4xg $sh`,
  complete: completeExpression,
  run: examine,
}
