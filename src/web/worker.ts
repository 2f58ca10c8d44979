// The worker that holds the images: bytes are decoded here, and only here.

import { serveConsole } from './console/handlers.ts'
import { Engine } from './engine/engine.ts'
import { serveAll } from './engine/handlers.ts'
import type { Port } from './engine/protocol.ts'

const engine = new Engine()
serveAll(engine)
serveConsole(engine)
engine.listen(globalThis as unknown as Port)
