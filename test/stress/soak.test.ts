// A service that runs for a moment; for minutes it is test/verify/soak.mjs.

import { expect, test } from 'vitest'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'
import { spawnWorker } from '../support/platform.ts'
import { soak } from './soak.mjs'

const seed = Math.floor(Math.random() * 2 ** 32)

test(`threads that push, log, hand over, read and flush find the recorder the same after each round (seed ${seed})`, async () => {
  const goOn = (round: number) => round < 5
  const given = { threads: 3, livesPerRound: 1000, seed, goOn }
  const { faults } = await soak({ Recorder, openImage, spawnWorker }, given)
  expect(faults).toEqual([])
})
