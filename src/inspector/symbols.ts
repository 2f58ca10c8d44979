// The functions that stand where a program would have its globals: history(OBJ), list("NAME"), handle(N).

import type { History } from '../image/image.ts'
import type { Callable } from './language/evaluate.ts'
import { textOf, toInteger, type Value } from './language/values.ts'
import { CommandError, NO_SYMBOL_TABLE, valueTooLarge } from './messages.ts'
import { shownName } from './print/name.ts'
import type { Target } from './target.ts'

/** gdb's max-value-size. No object is that long, but memory without a zero byte may be. */
const OBJECT_BYTES_MAX = 65536

/** A number or a bigint, whichever the recorder would have been given. */
function objectNumber(number: bigint): number | bigint {
  const small = Number(number)
  return Number.isSafeInteger(small) ? small : number
}

/** What an expression names as an object: a number, a pointer's address, a string. */
export function objectOf(value: Value, target: Target): number | bigint | string {
  if (value.type.kind === 'array') return textOf(value.bytes)
  if (value.type.kind === 'pointer' && value.type.target.kind === 'integer') {
    const bytes: number[] = []
    const address = toInteger(value)
    for (let at = 0n; ; at++) {
      const [byte = 0] = target.read(address + at, 1, value.origin ?? address)
      if (byte === 0)
        return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes))
      if (bytes.length >= OBJECT_BYTES_MAX) throw new CommandError(valueTooLarge(at + 1n))
      bytes.push(byte)
    }
  }
  return objectNumber(toInteger(value))
}

export function objectText(object: number | bigint | string): string {
  return typeof object === 'string' ? `"${object}"` : `0x${BigInt(object).toString(16)}`
}

/** All lives of an object; an unsigned 64-bit number also finds the negative one of the same bits. */
export function livesOf(
  target: Target,
  object: number | bigint | string,
  list?: string,
): readonly History[] {
  const { image } = target
  let found = image.find(object)
  if (found.length === 0 && typeof object === 'bigint' && object >= 1n << 63n) {
    found = image.find(objectNumber(BigInt.asIntN(64, object)))
  }
  return list === undefined ? found : found.filter((each) => each.list.name === list)
}

export function noHistory(
  object: number | bigint | string,
  source: string,
  list?: string,
): CommandError {
  const where = list === undefined ? '' : ` in list "${shownName(list)}"`
  return new CommandError(`No history of object ${objectText(object)}${where} in ${source}.`)
}

export function imageFunctions(current: () => Target | undefined): ReadonlyMap<string, Callable> {
  const target = (): Target => {
    const found = current()
    if (found === undefined) throw new CommandError(NO_SYMBOL_TABLE)
    return found
  }
  const usage = (text: string): CommandError => new CommandError(`Usage: ${text}`)

  const history: Callable = ([object, list]) => {
    const at = target()
    if (object === undefined) throw usage('history(OBJ [, "LIST"])')
    const named = list === undefined ? undefined : String(objectOf(list, at))
    if (named !== undefined && at.image.list(named) === undefined) throw noList(at, named)
    const key = objectOf(object, at)
    const last = livesOf(at, key, named).at(-1)
    if (last === undefined) throw noHistory(key, at.image.source, named)
    return at.pointerToHistory(last)
  }
  const list: Callable = ([name]) => {
    const at = target()
    if (name === undefined) throw usage('list("NAME")')
    const named = String(objectOf(name, at))
    const found = at.image.list(named)
    if (found === undefined) throw noList(at, named)
    return at.pointerToList(found)
  }
  const handle: Callable = ([number]) => {
    const at = target()
    if (number === undefined) throw usage('handle(N)')
    const wanted = Number(toInteger(number))
    const found = at.image.history(wanted)
    if (found === undefined) throw noHandle(at, wanted)
    return at.pointerToHistory(found)
  }
  return new Map([
    ['history', history],
    ['list', list],
    ['handle', handle],
  ])
}

export function noList(target: Target, name: string): CommandError {
  const names = target.image.lists().map((each) => `"${shownName(each.name)}"`)
  const known = names.length === 0 ? 'it has no lists' : `its lists are ${names.join(', ')}`
  return new CommandError(`No list "${name}" in ${target.image.source}: ${known}.`)
}

export function noHandle(target: Target, handle: number): CommandError {
  return new CommandError(
    `No history #${handle} in ${target.image.source}: its life was evicted, or never was.`,
  )
}
