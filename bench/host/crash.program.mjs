// A process whose recorder is full, and which then dies and leaves a core where it was started.

import { filled } from '../suite/image.mjs'

filled(120_000, 11)
process.abort()
