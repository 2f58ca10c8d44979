// The page's half of the channel to the engine: calls that can be given up, with progress.

import type { FromEngine, Methods, Port, ToEngine } from './engine/protocol.ts'

export interface CallOptions {
  readonly onProgress?: (what: never) => void
  readonly signal?: AbortSignal
}

/** A call that was given up by its signal. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp'
}

interface Pending {
  resolve(result: unknown): void
  reject(error: Error): void
  readonly onProgress: ((what: never) => void) | undefined
}

export class Client {
  readonly #port: Port
  readonly #pending = new Map<number, Pending>()
  #calls = 0

  constructor(port: Port) {
    this.#port = port
    port.onmessage = ({ data }: MessageEvent<FromEngine>) => this.#take(data)
  }

  call<Name extends keyof Methods>(
    method: Name,
    given: Parameters<Methods[Name]>,
    { onProgress, signal }: CallOptions = {},
  ): Promise<ReturnType<Methods[Name]>> {
    const call = ++this.#calls
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new GivenUp(`${method} was given up`))
      this.#pending.set(call, { resolve: resolve as (result: unknown) => void, reject, onProgress })
      signal?.addEventListener('abort', () => {
        if (!this.#pending.delete(call)) return
        this.#send({ cancel: call })
        reject(new GivenUp(`${method} was given up`))
      })
      this.#send({ call, method, given })
    })
  }

  /** Whatever is pending has failed: the worker is gone. */
  fail(why: string): void {
    for (const { reject } of this.#pending.values()) reject(new Error(why))
    this.#pending.clear()
  }

  #send(message: ToEngine): void {
    this.#port.postMessage(message)
  }

  #take(message: FromEngine): void {
    const pending = this.#pending.get(message.call)
    if (pending === undefined) return
    if ('progress' in message) {
      pending.onProgress?.(message.progress as never)
      return
    }
    this.#pending.delete(message.call)
    if ('error' in message) {
      const { error, isCancelled } = message
      pending.reject(isCancelled ? new GivenUp(error) : new Error(error))
    } else pending.resolve(message.result)
  }
}
