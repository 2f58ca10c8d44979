// Floor and subjects in one realm: alone, as an application's hot loop finds the compiler, or all kinds mixed.

import { floorExport } from './floor-instance.mjs'
import { takeTurns } from './rounds.mjs'
import { floors, Given, SUBJECTS } from './subjects.mjs'

/** -> { name: nanoseconds a call, one for each round }, the floors included. */
export function compare(names, withFloors, effort) {
  const needs = {
    given: once(() => new Given()),
    precise: once(() => new Given({ clock: 'precise' })),
  }
  const floorLoops = floors(floorExport())
  const subjects = names.map((name) => ({ name, ...SUBJECTS[name](needs) }))
  const loops = [...withFloors.map((name) => ({ name, ...floorLoops[name] })), ...subjects]
  const ends = new Map()
  for (const loop of loops) {
    const { run } = loop
    loop.run = (from, to) => {
      ends.set(loop.name, to)
      return run(from, to)
    }
  }
  const times = takeTurns(loops, effort)
  for (const { name, proof } of subjects) {
    const [found, expected] = proof?.(ends.get(name) - 1) ?? []
    if (found !== expected)
      throw new Error(`${name}: the last event is "${found}", not "${expected}"`)
  }
  return times
}

function once(make) {
  let made
  return () => {
    made ??= make()
    return made
  }
}
