// A page that uploads, with workers that hash the parts, and its own histories beside it. Every 40th upload is cancelled by the
// user while a worker still has it: the page destroys it, and the worker goes on.

import { Recorder } from 'struct-history'
import { mountInspector } from 'struct-history/page'
import { histories } from './histories.mjs'

const WORKERS = 2
const EVERY_MS = 20

const recorder = new Recorder({ name: 'uploads', thread: 'page', budget: '16MiB' })
const { uploads, UPLOAD_REF, UPLOAD_CANCEL, UPLOAD_END } = histories(recorder)

const workers = canShare() ? Array.from({ length: WORKERS }, startWorker) : []
let number = 0
setInterval(upload, EVERY_MS)

const inspector = mountInspector(document.querySelector('#histories'), recorder)
Object.assign(globalThis, { recorder, inspector })

/** False on a page that is not cross-origin isolated: it uploads by itself. */
function canShare() {
  return globalThis.crossOriginIsolated === true
}

function startWorker(_, i) {
  const worker = new Worker(new URL('./worker.mjs', import.meta.url), { type: 'module' })
  worker.postMessage({ ticket: recorder.share(), name: `hasher ${i + 1}` })
  return worker
}

function upload() {
  number++
  const history = uploads.push(`upload ${number}`)
  history.log(UPLOAD_REF, 'chosen by the user, (%d)', 1)
  const worker = workers[number % Math.max(1, workers.length)]
  if (worker) {
    history.log(UPLOAD_REF, 'to a hasher, (%d)', 2)
    worker.postMessage({ handle: history.handle, parts: 3 + (number % 4) })
  }
  if (number % 40 === 0) {
    history.log(UPLOAD_CANCEL, 'cancelled by the user')
    history.log(UPLOAD_END, 'gone')
  } else if (!worker) history.log(UPLOAD_END, 'done')
}
