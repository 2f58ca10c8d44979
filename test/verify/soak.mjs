// A service of three threads, for minutes: nothing may grow, and nothing may go missing.

import { setFlagsFromString } from 'node:v8'
import { Recorder } from '../../build/index.js'
import { openImage } from '../../build/inspect.js'
import { soak } from '../stress/soak.mjs'
import { spawnWorker } from '../support/platform.mjs'

export const title = 'The soak'
export const promise =
  'SPEC 4 and 9: a service that runs for ever finds the same memory, the same retained lives and the same heap, every call counted'
export const minutes = 5

// Before any worker starts: each collects its own heap and says what is in use.
setFlagsFromString('--expose-gc')

export async function verify({ minutes, seed, say }) {
  const begun = performance.now()
  const end = begun + minutes * 60_000 * 0.9
  const goOn = (round) => round < 6 || performance.now() < end
  const given = { threads: 3, livesPerRound: 15_000, seed, goOn }
  let shown = 0
  const verdict = await soak({ Recorder, openImage, spawnWorker }, given, (text) => {
    if (performance.now() < shown) return
    shown = performance.now() + 10_000
    say(text)
  })
  const isHeapKnown = verdict.figures.some(
    ([what, bytes]) => what.startsWith('growth') && bytes !== 0,
  )
  return isHeapKnown
    ? verdict
    : { ...verdict, faults: [...verdict.faults, 'No thread told the size of its heap'] }
}
