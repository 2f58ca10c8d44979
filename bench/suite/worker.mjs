// A realm of its own for one job: no other job has taught its compiler anything. The same file in every runtime.

import { compare } from './compare.mjs'
import { bytesOfEvent, manyLives, reading, snapshots } from './image.mjs'
import { serve } from './port.mjs'
import { cost, starts } from './scale-costs.mjs'
import { threadJobs } from './thread.mjs'

serve({ compare, bytesOfEvent, manyLives, reading, snapshots, cost, starts, ...threadJobs })
