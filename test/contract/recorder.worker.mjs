// A thread that joins a recorder by its ticket and does as it is told.

import { library, serve } from '../support/worker.mjs'

let recorder
let verbs

const list = (name, options) => recorder.list(name, options)

serve(
  {
    /** What this thread sees: names, options and events. */
    see(name) {
      const { window, maxEvents, maxText, enabled } = list(name)
      const histories = [...list(name).histories()].map((history) => ({
        handle: history.handle,
        events: history.events().map(({ index, verb, thread, log }) => ({
          index,
          verb,
          thread,
          log,
        })),
      }))
      return { name: recorder.name, window, maxEvents, maxText, enabled, histories }
    },
    /** The events of one history by its handle; undefined where it is gone. */
    at(name, handle) {
      return list(name)
        .at(handle)
        ?.events()
        .map(({ log, thread }) => ({ log, thread }))
    },
    log(name, handle, text) {
      return list(name).at(handle)?.log(verbs.SEND, '%s', text) ?? 'gone'
    },
    ref(name, handle) {
      return list(name).at(handle)?.ref() ?? 'gone'
    },
    unref(name, handle) {
      return list(name).at(handle)?.unref() ?? 'gone'
    },
    hold(name, handle, owner) {
      return list(name).at(handle).hold(owner).number
    },
    release(name, handle, number, owner) {
      return list(name).at(handle).holdAt(number, owner).release()
    },
    enable(name, enabled) {
      list(name).enabled = enabled
    },
    destroy(name) {
      list(name).destroy()
    },
    push(name, object, text) {
      const history = list(name).push(object)
      history.log(verbs.SEND, '%s', text)
      return history.handle
    },
    /** Logs into one history; answers which numbers were acknowledged. */
    logMany(name, handle, who, count) {
      const history = list(name).at(handle)
      const acknowledged = []
      for (let n = 0; n < count; n++) {
        // Every third has a text of its own.
        const isRecorded =
          n % 3 === 0
            ? history.log(verbs.SEND, '%d %d %s', who, n, `text ${n}`)
            : history.log(verbs.SEND, '%d %d', who, n)
        if (isRecorded) acknowledged.push(n)
      }
      return acknowledged
    },
    /** Logs each number `times` times in a row; answers how many events were acknowledged. */
    logRuns(name, handle, runs, times) {
      const history = list(name).at(handle)
      let acknowledged = 0
      for (let run = 0; run < runs; run++)
        for (let n = 0; n < times; n++) if (history.log(verbs.SEND, '%d', run)) acknowledged++
      return acknowledged
    },
    /** Pushes histories of `each` events; answers their handles. */
    pushMany(name, who, count, each) {
      const handles = []
      for (let n = 0; n < count; n++) {
        const history = list(name).push(who * 1_000_000 + n)
        for (let i = 0; i < each; i++) history.log(verbs.SEND, '%d %d %d', who, n, i)
        handles.push(history.handle)
      }
      return handles
    },
    /** Pushes, logs, refs and unrefs until it is terminated; Deno lets such a loop run on, so not for ever. */
    forever(name, who) {
      const kept = []
      const end = Date.now() + 2500
      for (let n = 0; Date.now() < end; n++) {
        const history = list(name).push(who * 1_000_000 + n)
        history.ref()
        for (let i = 0; i < 40; i++) {
          if (i % 4 === 0) history.log(verbs.SEND, '%d %d %d %s', who, n, i, `${n}-${i}`.repeat(20))
          else history.log(verbs.SEND, '%d %d %d', who, n, i)
        }
        history.unref()
        kept.push(history)
        if (kept.length > 4) kept.shift().unref()
      }
    },
    /** As forever(), so long. */
    forAWhile(name, who, milliseconds) {
      const end = Date.now() + milliseconds
      let events = 0
      for (let n = 0; Date.now() < end; n++) {
        const history = list(name).push(who * 1_000_000 + n)
        for (let i = 0; i < 40; i++) {
          const text = `${who} ${n} ${i}`
          const isText = i % 4 === 0
          if (
            history.log(verbs.SEND, isText ? '%s' : '%d %d %d', ...(isText ? [text] : [who, n, i]))
          )
            events++
        }
      }
      return events
    },
    stats() {
      return recorder.stats()
    },
    async refuse(ticket) {
      const { Recorder } = await library()
      try {
        Recorder.join(ticket)
        return 'joined'
      } catch (error) {
        return `${error}`
      }
    },
  },
  async (given) => {
    if (!given) return
    const { Recorder } = await library()
    recorder = Recorder.join(given.ticket, given.thread ? { thread: given.thread } : undefined)
    verbs = recorder.verbs({ SEND: 0, DESTROY: 'end' })
  },
)
