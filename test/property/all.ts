// Every property, for test/verify/properties.mjs. What budget.test.ts expects to fail is not among them.

import { budget } from './budget.ts'
import { coalesce } from './coalesce.ts'
import { fall } from './fall.ts'
import { generations } from './generations.ts'
import { lives } from './lives.ts'
import { objects } from './objects.ts'
import type { Property } from './property.ts'
import { texts } from './texts.ts'
import { times } from './times.ts'
import { unfinished } from './unfinished.ts'

export { default as fc } from 'fast-check'

export const properties: Property[] = [
  ...lives,
  ...fall,
  ...objects,
  ...texts,
  ...generations,
  ...times,
  ...unfinished,
  ...budget,
  ...coalesce,
]
