// The worker's side of platform.ts. Plain .mjs: neither Node 20 nor a browser reads TypeScript in a worker.
//
//   import { library, serve } from '../support/worker.mjs'
//   serve({ async record(ticket, count) { const { Recorder } = await library(); … return count } })

// Browsers have no such module, and vite must not look for it: hence a name it cannot read.
const THREADS = 'node:worker_threads'
const isHost = typeof process !== 'undefined' || typeof Deno !== 'undefined'
const port = (isHost && (await import(/* @vite-ignore */ THREADS)).parentPort) || globalThis

// vitest hands every import() of a served file to its runner, which only pages have.
if (!isHost) globalThis.__vitest_browser_runner__ ??= { wrapDynamicImport: (load) => load() }

// Not `new URL(`…`, import.meta.url)` in one: vite takes that for an asset and resolves it at once.
const here = import.meta.url

/** The library as it is shipped; TypeScript sources load only where vitest is. */
export function library(entry = 'index.js') {
  return import(/* @vite-ignore */ new URL(`../../build/${entry}`, here).href)
}

/**
 * Answers each call of the main thread with what the handler of that name returns or throws. `serve.data` is what
 * spawnWorker() was given. `started`, if there is one, runs once before the worker counts as ready.
 */
export function serve(handlers, started = () => {}) {
  receive(async ({ id, name, args }) => {
    try {
      const handler = name === 'started' ? started : handlers[name]
      if (!handler) throw new Error(`This worker has no "${name}", only ${Object.keys(handlers)}`)
      port.postMessage({ id, result: await handler(...args) })
    } catch (error) {
      // Firefox and WebKit leave the message out of the stack.
      port.postMessage({ id, error: `${error}\n${error?.stack ?? ''}` })
    }
  })
  port.postMessage({ id: 0 })
}

/** A message that answers no call; arrives in TestWorker.messages. */
export function post(message) {
  port.postMessage({ id: -1, result: message })
}

function receive(listener) {
  if (port === globalThis) globalThis.onmessage = ({ data }) => listener(data)
  else port.on('message', listener)
}
