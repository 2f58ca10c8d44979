// Holds the opened images and answers calls. It knows no document: it runs in a worker, or beside the recorder of an
// application that shows itself.

import type { Image } from '../../image/image.ts'
import type { RunningProcess } from '../../inspector/index.ts'
import type { FromEngine, Methods, Port, ToEngine } from './protocol.ts'

/** What a file held. */
export interface Opening {
  readonly name: string
  /** Names of the files; of a log there may be several. */
  readonly files: readonly string[]
  readonly images: readonly Image[]
  readonly description: readonly string[]
  readonly warnings: readonly string[]
  /** Of a recorder that goes on. */
  readonly process?: RunningProcess
}

/** One call while it runs. */
export interface Call {
  /** Tells whoever asked how far it is, or a part of the answer. */
  progress(what: unknown): void
  /** Lets other calls in now and then; throws Cancelled once this one was given up. */
  breathe(): Promise<void>
}

export class Cancelled extends Error {
  override readonly name = 'Cancelled'
}

type Handlers = {
  [Name in keyof Methods]: (
    engine: Engine,
    call: Call,
    ...given: Parameters<Methods[Name]>
  ) => ReturnType<Methods[Name]> | Promise<ReturnType<Methods[Name]>>
}
type Handler = (engine: Engine, call: Call, ...given: never[]) => unknown

/** Longest time in which no other call gets a turn. */
const TURN_MS = 12

export class Engine {
  readonly openings: Opening[] = []
  readonly #handlers = new Map<string, Handler>()
  readonly #forget = new Set<() => void>()

  /** Of all openings, in their order. Their numbers are what the page calls them. */
  get images(): readonly Image[] {
    return this.openings.flatMap(({ images }) => images)
  }

  /** Adds methods. */
  serve(handlers: Partial<Handlers>): void {
    for (const [name, handler] of Object.entries(handlers))
      this.#handlers.set(name, handler as Handler)
  }

  /** `forget` runs when images come or go: what was derived from them is stale. */
  onChange(forget: () => void): void {
    this.#forget.add(forget)
  }

  changed(): void {
    for (const forget of this.#forget) forget()
  }

  /** For work that no single call owns: it goes on whoever gives up. */
  background(): Call {
    return callOf({ isCancelled: false }, () => {})
  }

  /** Answers what comes through a port. */
  listen(port: Port): void {
    const running = new Map<number, { isCancelled: boolean }>()
    const send = (message: FromEngine, transfer: Transferable[] = []): void =>
      port.postMessage(message, transfer)
    port.onmessage = async ({ data }: MessageEvent<ToEngine>) => {
      if ('cancel' in data) {
        const it = running.get(data.cancel)
        if (it) it.isCancelled = true
        return
      }
      const { call, method, given } = data
      const state = { isCancelled: false }
      running.set(call, state)
      try {
        const handler = this.#handlers.get(method)
        if (handler === undefined) throw new Error(`no method ${method}`)
        const result = await handler(
          this,
          callOf(state, (progress) => send({ call, progress })),
          ...(given as never[]),
        )
        send({ call, result }, buffersOf(result))
      } catch (error) {
        const isCancelled = error instanceof Cancelled
        send({ call, error: error instanceof Error ? error.message : `${error}`, isCancelled })
      } finally {
        running.delete(call)
      }
    }
  }
}

function callOf(state: { isCancelled: boolean }, progress: (what: unknown) => void): Call {
  let turn = performance.now()
  return {
    progress,
    async breathe() {
      if (state.isCancelled) throw new Cancelled('given up')
      if (performance.now() - turn < TURN_MS) return
      await nextTurn()
      turn = performance.now()
      if (state.isCancelled) throw new Cancelled('given up')
    },
  }
}

const waiting: (() => void)[] = []
let channel: MessageChannel | undefined

/** Made when it is needed: an import alone must leave nothing that keeps a server's process alive. */
function turns(): MessagePort {
  if (channel === undefined) {
    channel = new MessageChannel()
    channel.port1.onmessage = () => waiting.shift()?.()
  }
  return channel.port2
}

/** After the messages that are there; a timer would wait 4 ms each time. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve)
    turns().postMessage(0)
  })
}

/** Columns go over without being copied. */
function buffersOf(result: unknown): Transferable[] {
  if (typeof result !== 'object' || result === null) return []
  return Object.values(result).flatMap((value) =>
    ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer ? [value.buffer] : [],
  )
}

/** Runs a generator to its end, letting others in. */
export async function driven<T>(steps: Generator<unknown, T>, call: Call): Promise<T> {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    await call.breathe()
  }
}
