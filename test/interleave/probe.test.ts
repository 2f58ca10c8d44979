import { test } from 'vitest'
import { steppedCore } from '../support/schedule.ts'
import { checkEnd, checkImage } from './checks.ts'
import { givenFullBudget, givenRoom } from './given.ts'
test('probe', () => {
  for (const make of [() => givenRoom(steppedCore()), () => givenRoom(steppedCore(), {pin:true}), () => givenFullBudget(steppedCore()), () => givenFullBudget(steppedCore(),{pinned:true})]) {
    const g = make()
    console.log('chunks', g.world.word(192))
    try { g.world.reset(); checkEnd(g) } catch (e) { console.log('PREP', (e as Error).message) }
    const t0 = performance.now(); for (let i = 0; i < 50; i++) checkImage(g.world); const t1 = performance.now(); for (let i = 0; i < 50; i++) g.world.reset(); const t2 = performance.now()
    for (let i = 0; i < 50; i++) checkEnd(g); const t3 = performance.now();
    console.log('image', (t1 - t0) / 50, 'reset', (t2 - t1) / 50, 'end', (t3-t2)/50)
    for (const o of Object.values(g.operations)) {
      const s = g.world.stepsOf(o)
      let m = 'ok'
      try { checkEnd(g) } catch (e) { m = (e as Error).message }
      console.log(o.name, s, g.world.thread(1).calls.map(c => c.answer).slice(0,3).join(), m)
    }
  }
})
