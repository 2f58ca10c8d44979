// Timers, from setTimeout() or setInterval() until they are done or cleared. By async_hooks, which costs each asynchronous
// act of the process something: only where it is asked for.

import type { History } from '../recorder/history.ts'
import type { Recorder } from '../recorder/recorder.ts'
import { callerOf } from './caller.ts'
import { careful, warn } from './careful.ts'
import { isBun, isDeno } from './hosts.ts'
import { Lives } from './lives.ts'
import { builtin } from './node.ts'

export function recordTimers(recorder: Recorder): void {
  if (isBun || isDeno) {
    warn('timers are recorded in Node only: this runtime has no async_hooks for them')
    return
  }
  const timers = new Lives(
    recorder,
    'timer',
    { TIMER_START: 0, TIMER_FIRE: 0, TIMER_END: 'end' },
    { coalesce: true },
  )
  const { verbs } = timers
  const running = new Map<number, History>()
  builtin('node:async_hooks')
    .createHook({
      init: careful((id: number, type: string, _trigger: number, timer: object) => {
        if (type !== 'Timeout') return
        const caller = callerOf()
        if (caller.isOurs) return
        const history = timers.begin(timer)
        running.set(id, history)
        const { _idleTimeout = 0, _repeat } = timer as { _idleTimeout?: number; _repeat?: unknown }
        const what = typeof _repeat === 'number' ? 'every' : 'after'
        history.log(verbs.TIMER_START, '%s %d ms, by %s', what, _idleTimeout, caller.place)
      }),
      before: careful((id: number) => running.get(id)?.log(verbs.TIMER_FIRE)),
      destroy: careful((id: number) => {
        running.get(id)?.log(verbs.TIMER_END)
        running.delete(id)
      }),
    })
    .enable()
}
