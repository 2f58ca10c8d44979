// The small ones of test/verify/model.mjs: what the schedules of the stepped core, all sequentially consistent, cannot show.

import { describe, expect, test } from 'vitest'
import { explore } from '../support/spin.mjs'
import { BROKEN, HOLDS } from '../verify/model.mjs'

describe('the model, in every order in which its stores can become visible', () => {
  test.each(HOLDS.filter(({ from }) => from === undefined))(
    'breaks no promise: $what',
    ({ model, flags, endless }) => {
      const { states, wrong } = explore(model, flags, { endless, isSmall: true })
      console.log(`${states} states`)
      expect(wrong).toBe('')
    },
    60_000,
  )

  const few = [
    'E4 a plain store on a weak machine',
    'E2 that swaps the tail of a later life',
    'R1 that waits for the writer',
  ]
  test.each(BROKEN.filter(({ what }) => few.includes(what)))(
    'is broken without a step, and that is found: $what',
    ({ model, flags, by }) => {
      expect(explore(model, flags, { isSmall: true }).wrong).toMatch(by)
    },
    60_000,
  )
})
