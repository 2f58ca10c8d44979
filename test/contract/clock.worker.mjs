// A thread whose clock is wrong by as much as it is told.

import { library, serve } from '../support/worker.mjs'

let history
let verbs
let wrong = 0

serve(
  {
    /** From now on the clock is wrong by so much; NaN: it shows nonsense. */
    err(by) {
      wrong = by
    },
    /** So many events; answers the time of the last one. */
    log(count) {
      for (let n = 0; n < count; n++) history.log(verbs.SEND, 'worker %d', n)
      return history.events().at(-1).t
    },
  },
  async ({ ticket, handle, wrongBy }) => {
    const read = performance.now.bind(performance)
    wrong = wrongBy
    performance.now = () => read() + wrong
    const { Recorder } = await library()
    const recorder = Recorder.join(ticket)
    verbs = recorder.verbs({ SEND: 0 })
    history = recorder.list('TCP con').at(handle)
  },
)
