// The engine's half of the console.

import type { Engine } from '../engine/engine.ts'
import './protocol.ts'
import { ConsoleSession } from './session.ts'

/** Adds the console's methods to an engine. */
export function serveConsole(engine: Engine): void {
  let session: ConsoleSession | undefined
  let selected: Parameters<ConsoleSession['select']>[0]
  engine.onChange(() => session?.imagesChanged())
  engine.serve({
    async console(_engine, call, size) {
      session?.end()
      session = new ConsoleSession(engine, size, (news) => call.progress(news))
      await session.run(selected)
    },
    consoleKeys: (_engine, _call, text) => session?.keys(text),
    consoleSize: (_engine, _call, size) => session?.resize(size),
    consoleShown: (_engine, _call, characters) => session?.shown(characters),
    consoleSelect(_engine, _call, place) {
      selected = place
      session?.select(place)
    },
    consoleEnd() {
      session?.end()
      session = undefined
    },
  })
}
