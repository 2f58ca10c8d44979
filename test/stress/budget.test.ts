// Several threads fill one recorder beyond its budget: minutes of it are test/verify/budget.mjs.

import { describe, expect, test } from 'vitest'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'
import { spawnWorker } from '../support/platform.ts'
import { fillBudget } from './budget.mjs'

const seed = Math.floor(Math.random() * 2 ** 32)
const fill = (given: { budget: string; threads: number; times: number; pinEvery: number }) =>
  fillBudget({ Recorder, openImage, spawnWorker }, { ...given, seed })

describe(`a budget that three threads exceed (seed ${seed})`, () => {
  test('is never exceeded: the oldest lives go, and each one that went is counted', async () => {
    const { faults } = await fill({ budget: '2MiB', threads: 3, times: 3, pinEvery: 0 })
    expect(faults).toEqual([])
  })

  test('sends out no pinned life while there are unpinned ones', async () => {
    const { faults } = await fill({ budget: '2MiB', threads: 3, times: 3, pinEvery: 50 })
    expect(faults).toEqual([])
  })

  test('sends out the oldest pinned lives when all are pinned, and counts them', async () => {
    const { faults, figures } = await fill({ budget: '2MiB', threads: 3, times: 2, pinEvery: 1 })
    expect(faults).toEqual([])
    expect(new Map(figures).get('evicted pinned')).toBeGreaterThan(1000)
  })

  test('is filled by memory that grows under the threads, from the start to the last chunk', async () => {
    const { faults, growths } = await fill({ budget: '8MiB', threads: 3, times: 2, pinEvery: 0 })
    expect(faults).toEqual([])
    expect(growths).toBeGreaterThan(1)
  })

  test('too small for anything but the newest still refuses nothing without counting it', async () => {
    const { faults } = await fill({ budget: '512KiB', threads: 3, times: 4, pinEvery: 3 })
    expect(faults).toEqual([])
  })
})
