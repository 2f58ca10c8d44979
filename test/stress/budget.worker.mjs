// A thread that fills a recorder, and counts what it was told: budget.mjs compares that with what the recorder says.

import { library, serve } from '../support/worker.mjs'
import { eventOf, LISTS, lifeOf, VERBS } from './lives.mjs'

let recorder
let verbs
let lists

serve(
  {
    /** Lives `first` to `first + count`; every `pinEvery`-th of them keeps a reference (0: none). */
    fill({ seed, who, first, count, pinEvery }) {
      const told = { pushes: 0, pushesRefused: 0, events: 0, refusals: 0 }
      const handles = new Float64Array(count)
      const logged = new Uint8Array(count)
      const pinned = new Uint8Array(count)
      for (let at = 0; at < count; at++) {
        const n = first + at
        const life = lifeOf(seed, who, n)
        const history = lists[life.list].push(life.object)
        handles[at] = history.handle
        if (history.handle === 0) {
          told.pushesRefused++
          continue
        }
        told.pushes++
        if (pinEvery > 0 && n % pinEvery === 0) {
          if (history.ref()) pinned[at] = 1
          else told.refusals++
        }
        for (let i = 0; i < life.events; i++) {
          if (history.log(verbs.SEND, ...eventOf(life, who, n, i))) logged[at]++
          else told.refusals++
        }
        told.events += logged[at]
      }
      return { ...told, handles, logged, pinned }
    },
  },
  async ({ ticket, thread }) => {
    const { Recorder } = await library()
    recorder = Recorder.join(ticket, { thread })
    verbs = recorder.verbs(VERBS)
    lists = LISTS.map(({ name, window }) => recorder.list(name, { window }))
  },
)
