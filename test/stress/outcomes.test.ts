// Two real threads at the same moment, thousands of times: what came of it, and nothing that must not.

import { expect, test } from 'vitest'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'
import { spawnWorker } from '../support/platform.ts'
import { RACES } from './races.mjs'
import { isForbidden, runRaces, table } from './run-races.mjs'

const file = new URL('./races.worker.mjs', import.meta.url)

test('races of two threads have no outcome that is forbidden, and leave an image without a problem', async () => {
  const start = (data: unknown) => spawnWorker(file, data)
  const { rows, image } = await runRaces({
    Recorder,
    start,
    rounds: 2000,
    milliseconds: 250,
    seed: 1,
  })
  console.log(table(rows))
  expect(rows.filter(isForbidden)).toEqual([])
  for (const race of Object.keys(RACES)) {
    const count = rows.filter((row) => row.race === race).reduce((sum, row) => sum + row.count, 0)
    expect(count, race).toBeGreaterThan(0)
  }
  expect(openImage(image).problems()).toEqual([])
}, 60_000)
