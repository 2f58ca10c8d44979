// The worker that holds the images: bytes are decoded here, and only here.

import { Engine } from './engine/engine.ts'
import { HANDLERS } from './engine/handlers.ts'
import type { Port } from './engine/protocol.ts'

const engine = new Engine()
engine.serve(HANDLERS)
engine.listen(globalThis as unknown as Port)
