// Calls between realms: workers of the web in browsers, Deno and Bun, worker_threads in Node.

const THREADS = 'node:worker_threads'
const HAS_WEB_WORKERS = typeof Worker === 'function'

/** Starts a worker of the file. -> { call(name, ...args), end() }. */
export async function spawnWorker(url) {
  const worker = HAS_WEB_WORKERS
    ? new Worker(url, { type: 'module' })
    : new (await import(THREADS)).Worker(url)
  const calls = new Map()
  let count = 0
  const settle = ({ id, result, error }) => {
    const { resolve, reject } = calls.get(id)
    calls.delete(id)
    if (error === undefined) resolve(result)
    else reject(new Error(error))
  }
  const fail = (error) => {
    const reason = new Error(`A worker failed: ${error?.message ?? error}`)
    for (const { reject } of calls.values()) reject(reason)
    calls.clear()
  }
  if (HAS_WEB_WORKERS) {
    worker.onmessage = ({ data }) => settle(data)
    worker.onerror = fail
  } else {
    worker.on('message', settle)
    worker.on('error', fail)
    worker.on('exit', (code) => fail(`exit code ${code}`))
  }
  return {
    call(name, ...args) {
      return new Promise((resolve, reject) => {
        calls.set(++count, { resolve, reject })
        worker.postMessage({ id: count, name, args })
      })
    },
    end: () => worker.terminate(),
  }
}

/** Runs one job in a realm of its own. */
export async function callOnce(url, name, ...args) {
  const worker = await spawnWorker(url)
  try {
    return await worker.call(name, ...args)
  } finally {
    worker.end()
  }
}

/** The worker's side: answers calls with what the job of that name returns. */
export async function serve(jobs) {
  const port = HAS_WEB_WORKERS ? globalThis : (await import(THREADS)).parentPort
  const answer = async ({ id, name, args }) => {
    try {
      port.postMessage({ id, result: await jobs[name](...args) })
    } catch (error) {
      port.postMessage({ id, error: `${error}\n${error?.stack ?? ''}` })
    }
  }
  if (HAS_WEB_WORKERS) port.onmessage = ({ data }) => answer(data)
  else port.on('message', answer)
}
