// Records what is hard to export, on two threads, into the file that it is given: texts that end lines, fields, strings and
// markup; losses; lives that never ended; objects of all kinds.

import { once } from 'node:events'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { Recorder } from 'struct-history'

const ROLES = { TCP_REF: +1, TCP_UNREF: -1, 'TCP SEND': 0, TCP_DESTROY: 'end' }
const OBJECTS = [0x7f95acf6ea60, 'call-1@host', -5, 2n ** 63n, 1.5, 'a"b,c\nd\r\ne', 'ünïcødé 🐟']
const FURTHER = 200
const STEPS = 500
const KEPT = 40

if (isMainThread) await recordAll(process.argv[2])
else answerFrom(Recorder.join(workerData, { thread: 'tcp wörker 2' }))

async function recordAll(file) {
  const recorder = new Recorder({ name: 'proxy "7"', budget: '8MiB', thread: 'main, "first"' })
  const worker = new Worker(new URL(import.meta.url), { workerData: recorder.share() })
  const verbs = recorder.verbs(ROLES)
  const list = recorder.list('TCP con', { window: 1000 })
  const objects = [...OBJECTS, ...Array.from({ length: FURTHER }, (_, n) => n)]
  for (const [n, object] of objects.entries()) {
    const history = list.push(object)
    history.log(verbs.TCP_REF, 'connect, (%d)', n)
    worker.postMessage({ handle: history.handle, isLeak: n % 3 === 0 })
    await once(worker, 'message')
    if (n % 5 > 0) history.log(verbs.TCP_DESTROY)
  }
  const life = recorder.list('long, "lived"', { window: 10, maxEvents: KEPT }).push('long')
  for (let n = 0; n < STEPS; n++) life.log(verbs['TCP SEND'], 'step %d', n)
  await worker.terminate()
  recorder.dumpSync(file)
}

function answerFrom(recorder) {
  const verbs = recorder.verbs(ROLES)
  parentPort.on('message', ({ handle, isLeak }) => {
    const history = recorder.list('TCP con').at(handle)
    history.log(verbs['TCP SEND'], 'say "%s",\r\n\t%%, \\, %s', 'ü🐟', "it's <b>")
    if (!isLeak) history.log(verbs.TCP_UNREF, '')
    parentPort.postMessage('logged')
  })
}
