// Worker threads, from new Worker() to their exit.

import type { Recorder } from '../recorder/recorder.ts'
import { careful } from './careful.ts'
import { onChannel } from './hosts.ts'
import { Lives } from './lives.ts'
import { errorMonitor, type Worker } from './node.ts'

export function recordWorkers(recorder: Recorder): void {
  const workers = new Lives(recorder, 'worker', {
    WORKER_START: 0,
    WORKER_ONLINE: 0,
    WORKER_ERROR: 0,
    WORKER_EXIT: 'end',
  })
  const { verbs } = workers
  onChannel<{ worker: Worker }>('worker_threads', ({ worker }) => {
    const history = workers.begin(worker)
    history.log(verbs.WORKER_START, 'thread %d', worker.threadId)
    worker.once(
      'online',
      careful(() => history.log(verbs.WORKER_ONLINE)),
    )
    worker.on(
      errorMonitor,
      careful((error: Error) => history.log(verbs.WORKER_ERROR, '%s', error.message)),
    )
    worker.once(
      'exit',
      careful((status: number) => history.log(verbs.WORKER_EXIT, 'status %d', status)),
    )
  })
}
