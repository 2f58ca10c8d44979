import { test } from 'vitest'
import { steppedCore } from '../support/schedule.ts'
import { Explorer } from './explore.ts'
import { givenFullBudget, givenRoom } from './given.ts'
test('probe', () => {
  for (const make of [() => givenRoom(steppedCore()), () => givenRoom(steppedCore(), {pin:true}), () => givenFullBudget(steppedCore()), () => givenFullBudget(steppedCore(),{pinned:true})]) {
    const e = new Explorer(make())
    const ops = Object.values(e.given.operations)
    const t = Date.now()
    const lim = Number(process.env.LIM ?? 60)
    for (const a of ops) { const n = e.world.stepsOf(a); const s = Math.ceil(n / lim); for (const b of ops) { e.nested(a, b, s) } }
    console.log('nested', e.explored.schedules, Date.now() - t); 
    const t2 = Date.now()
    for (const a of ops) { const n = e.world.stepsOf(a); const s = Math.ceil(n / 100);
      e.stopped(a, a, e.operation('push and log'), s); e.stopped(a, ops.find(o=>o.name=='push twice, log') ?? ops[0], ops.find(o=>o.name=='log a turn') ?? a, s) }
    console.log('stopped', e.explored.schedules, Date.now() - t2, JSON.stringify(e.explored.worst)); 
    for (const v of e.explored.found.values()) console.log('FOUND ' + v)
  }
}, 600000)
