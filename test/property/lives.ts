// Any program of a few dozen calls by two hands, on two names of lists: windows, pins, references, late events, switches,
// destroyed lists, flushes and every counter.

import fc from 'fast-check'
import { programs, runProgram } from './commands.ts'
import { Model } from './model.ts'
import type { Property } from './property.ts'

export const lives: Property[] = [
  {
    promise:
      'after every call of any program, recorder, joined recorder and image show what the model shows',
    runs: 40,
    property: fc.property(programs(60), (steps) => runProgram(new Model(), steps)),
  },
]
