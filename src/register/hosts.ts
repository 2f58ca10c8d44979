// Where the runtimes differ in what they tell of themselves: Node publishes on channels, Deno on most of them, Bun on few.

import { careful } from './careful.ts'
import { builtin, type EmitterClass } from './node.ts'

const channels = builtin('node:diagnostics_channel')

export const isBun: boolean = 'Bun' in globalThis
export const isDeno: boolean = 'Deno' in globalThis

/** Calls the listener with each message of a channel of node:diagnostics_channel. */
export function onChannel<Message>(name: string, listener: (message: Message) => void): void {
  channels.subscribe(name, careful(listener as (message: unknown) => void))
}

/** Calls the listener before each emit() of one of these events by instances of a class. */
export function beforeEmit(
  { prototype }: EmitterClass,
  event: string,
  listener: (emitter: object, ...given: unknown[]) => void,
): void {
  const { emit } = prototype
  const told = careful(listener)
  prototype.emit = function (this: object, name: string, ...given: unknown[]) {
    if (name === event) told(this, ...given)
    return Reflect.apply(emit, this, [name, ...given])
  }
}
