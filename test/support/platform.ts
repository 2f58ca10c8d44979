// Real threads, the same in every runtime that the suite runs in: node:worker_threads where there is no global Worker.
// Nothing here waits without a deadline, and a worker that fails rejects whatever waits for it.

/** Which runtime this is, as in the table of `npm test`. */
export const runtime: 'node' | 'deno' | 'bun' | 'browser' = runtimeOfThisThread()
export const isBrowser: boolean = runtime === 'browser'
/** Real threads can share memory here: false on a page that is not cross-origin isolated. */
export const canShareMemory: boolean = typeof SharedArrayBuffer === 'function'

/** Generous: what is late on a busy machine is no fault, and a test that hangs has its own end. */
const DEADLINE_MS = 45_000

export interface TestWorker {
  /** For each wait on this worker, from now on. */
  deadlineMs: number
  /** Calls the handler of that name in the worker (see worker.mjs) and resolves to what it returns. */
  call<Result>(name: string, ...args: unknown[]): Promise<Result>
  /** Sends without waiting for an answer: for workers that are about to be terminated. */
  post(name: string, ...args: unknown[]): void
  /** What the worker posted by itself, oldest first. */
  readonly messages: readonly unknown[]
  /** Resolves once `count` messages have come. */
  received(count: number): Promise<readonly unknown[]>
  /** Ends it at whatever instruction it is. Pending calls reject. Deno and Chromium let it run on for a while. */
  terminate(): Promise<void>
}

export interface SpawnOptions {
  /** As in TestWorker. */
  deadlineMs?: number
}

/**
 * Starts a worker file (`new URL('./x.worker.mjs', import.meta.url)`) that calls serve(), and resolves when it is ready.
 * `data` goes to its `started` function, by structured clone: tickets and memories are shared, not copied.
 */
export async function spawnWorker(
  url: URL | string,
  data?: unknown,
  { deadlineMs = DEADLINE_MS }: SpawnOptions = {},
): Promise<TestWorker> {
  const name = String(url).replace(/.*\//, '')
  const worker = new Calls(name, await rawWorker(new URL(url, import.meta.url)), deadlineMs)
  try {
    await worker.ready()
    await worker.call('started', data)
    return worker
  } catch (error) {
    await worker.terminate()
    throw error
  }
}

/** Rejects with `what` unless the promise settles in time. */
export async function within<Value>(
  deadlineMs: number,
  what: string,
  promise: Promise<Value>,
): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing for ${deadlineMs} ms`)), deadlineMs)
  })
  try {
    return await Promise.race([promise, expired])
  } finally {
    clearTimeout(timer)
  }
}

/** Resolves when the condition holds; looks every 5 ms. */
export async function until(
  condition: () => boolean,
  what: string,
  deadlineMs = DEADLINE_MS,
): Promise<void> {
  const deadline = Date.now() + deadlineMs
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${deadlineMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

interface Answer {
  /** Number of the call; 0: ready; -1: a message of its own. */
  readonly id: number
  readonly result?: unknown
  readonly error?: string
}

/** The four things that differ between a global Worker and node:worker_threads. */
interface RawWorker {
  post(message: unknown): void
  onAnswer(listener: (answer: Answer) => void): void
  onFailure(listener: (reason: string) => void): void
  terminate(): Promise<void>
}

class Calls implements TestWorker {
  readonly messages: unknown[] = []
  deadlineMs: number
  readonly #name: string
  readonly #raw: RawWorker
  readonly #pending = new Map<number, PromiseWithBothEnds>()
  #lastId = 0
  #failure: Error | undefined

  constructor(name: string, raw: RawWorker, deadlineMs: number) {
    this.#name = name
    this.#raw = raw
    this.deadlineMs = deadlineMs
    this.#pending.set(0, bothEnds())
    raw.onAnswer((answer) => this.#settle(answer))
    raw.onFailure((reason) => this.#fail(`Worker ${name} failed: ${reason}`))
  }

  async ready(): Promise<void> {
    await this.#wait(0, 'start')
  }

  async call<Result>(name: string, ...args: unknown[]): Promise<Result> {
    if (this.#failure) throw this.#failure
    const id = ++this.#lastId
    this.#pending.set(id, bothEnds())
    this.#raw.post({ id, name, args })
    return (await this.#wait(id, name)) as Result
  }

  post(name: string, ...args: unknown[]): void {
    this.#raw.post({ id: ++this.#lastId, name, args })
  }

  async received(count: number): Promise<readonly unknown[]> {
    const enough = () => this.messages.length >= count || this.#failure !== undefined
    await until(enough, `Worker ${this.#name}, ${count} messages`, this.deadlineMs)
    if (this.#failure) throw this.#failure
    return this.messages
  }

  async terminate(): Promise<void> {
    this.#fail(`Worker ${this.#name} was terminated`)
    await within(this.deadlineMs, `Worker ${this.#name}, terminate`, this.#raw.terminate())
  }

  async #wait(id: number, what: string): Promise<unknown> {
    const { promise } = this.#pending.get(id) ?? bothEnds()
    try {
      return await within(this.deadlineMs, `Worker ${this.#name}, ${what}`, promise)
    } finally {
      this.#pending.delete(id)
    }
  }

  #settle({ id, result, error }: Answer): void {
    if (id === -1) this.messages.push(result)
    const call = this.#pending.get(id)
    if (error === undefined) call?.resolve(result)
    else if (call) call.reject(new Error(`In worker ${this.#name}: ${error}`))
    else this.#fail(`In worker ${this.#name}: ${error}`)
  }

  #fail(sentence: string): void {
    this.#failure ??= new Error(sentence)
    for (const { reject } of this.#pending.values()) reject(this.#failure)
  }
}

interface PromiseWithBothEnds {
  readonly promise: Promise<unknown>
  resolve(value: unknown): void
  reject(reason: Error): void
}

function bothEnds(): PromiseWithBothEnds {
  let resolve: (value: unknown) => void = () => {}
  let reject: (reason: Error) => void = () => {}
  const promise = new Promise<unknown>((...ends) => {
    ;[resolve, reject] = ends
  })
  // A worker that fails while nobody waits is reported by the next call, not as an unhandled rejection.
  promise.catch(() => {})
  return { promise, resolve, reject }
}

async function rawWorker(url: URL): Promise<RawWorker> {
  if (typeof Worker === 'function') return webWorker(new Worker(url, { type: 'module' }))
  // A name that vite cannot read, or it would look for the module in browsers, too.
  const threads = 'node:worker_threads'
  const { Worker: Thread } = (await import(/* @vite-ignore */ threads)) as ThreadsModule
  return thread(new Thread(url))
}

function webWorker(worker: Worker): RawWorker {
  return {
    post: (message) => worker.postMessage(message),
    onAnswer: (listener) => {
      worker.onmessage = ({ data }) => listener(data as Answer)
    },
    onFailure: (listener) => {
      worker.onerror = (event) => {
        // Deno ends the process for an error that nobody prevented.
        event.preventDefault()
        listener(event.message || 'its file could not be loaded')
      }
      worker.onmessageerror = () => listener('a message could not be cloned')
    },
    terminate: async () => worker.terminate(),
  }
}

function thread(worker: Thread): RawWorker {
  return {
    post: (message) => worker.postMessage(message),
    onAnswer: (listener) => worker.on('message', (data) => listener(data as Answer)),
    onFailure: (listener) => {
      worker.on('error', (error) => listener(String((error as Error).stack ?? error)))
      worker.on('messageerror', () => listener('a message could not be cloned'))
      worker.on('exit', (code) => listener(`it ended with exit code ${code}`))
    },
    terminate: async () => {
      await worker.terminate()
    },
  }
}

/** What is used of node:worker_threads; the suite compiles for browsers, too. */
interface Thread {
  postMessage(message: unknown): void
  on(event: string, listener: (value: unknown) => void): void
  terminate(): Promise<number>
}

interface ThreadsModule {
  readonly Worker: new (url: URL) => Thread
}

function runtimeOfThisThread(): 'node' | 'deno' | 'bun' | 'browser' {
  // Both Deno and Bun also pretend to be Node.
  if ('Deno' in globalThis) return 'deno'
  if ('Bun' in globalThis) return 'bun'
  return typeof document === 'undefined' ? 'node' : 'browser'
}
