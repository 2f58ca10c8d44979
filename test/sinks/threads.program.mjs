// Threads of one recorder write to one log; one of them is terminated while it does.

import { setTimeout as wait } from 'node:timers/promises'
import { isMainThread, Worker, workerData } from 'node:worker_threads'

const PER_THREAD = 200

const { library } = isMainThread ? { library: process.argv[2] } : workerData
const { Recorder } = await import(`${library}/index.js`)
const { historyLog, file, joinLog } = await import(`${library}/sinks/index.js`)

function record(recorder, who, count, first = 0) {
  const { END } = recorder.verbs({ END: 'end' })
  const list = recorder.list('jobs', { window: 10_000, autoLog: true })
  for (let n = first; n < first + count; n++) list.push(`${who} ${n}`).log(END, 'by %s', who)
}

if (isMainThread) {
  const { path } = JSON.parse(process.argv[3])
  const log = historyLog(file(path), { interval: 5 })
  const recorder = new Recorder({ name: 'threads', sinks: [log] })
  const threads = ['a', 'b', 'c', 'endless'].map((who) => {
    const data = { library, who, ticket: recorder.share(), log: log.share() }
    return new Worker(new URL(import.meta.url), { workerData: data })
  })
  const endless = threads.pop()
  endless.on('error', () => {})
  record(recorder, 'main', PER_THREAD)
  await Promise.all(threads.map((thread) => new Promise((done) => thread.once('exit', done))))
  await endless.terminate()
  // In Deno a thread that was terminated goes on for a while: with a list that is off it has nothing to say.
  recorder.list('jobs').enabled = false
  for (let logged = -1; logged !== recorder.stats().logged; await wait(100))
    logged = recorder.stats().logged
  await log.flush(15_000)
  process.on('exit', () => console.log(`TOLD ${JSON.stringify(recorder.stats())}`))
  process.exit(0)
} else {
  const { who, ticket, log } = workerData
  const recorder = Recorder.join(ticket, { thread: who, sinks: [joinLog(log)] })
  if (who !== 'endless') record(recorder, who, PER_THREAD)
  else for (let n = 0; ; n++) record(recorder, who, 1, n)
}
