// The console of an inspector in an application: xterm.js and the inspector's language are loaded when it is first shown.

import type { Engine } from '../engine/engine.ts'
import type { Panel } from '../panels.ts'

declare module '../engine/protocol.ts' {
  interface Methods {
    /** Makes the engine answer the console's calls. */
    consoleLoad(): void
  }
}

const load = () => import('./console-parts.ts')

/** Of every inspector of a page: each has an engine of its own. */
export const LAZY_CONSOLE: Panel = {
  id: 'console',
  title: 'Console',
  key: '6',
  line: 'shdb, as at the terminal: its language, bound to what is selected.',
  mount(element, app) {
    let end: (() => void) | undefined
    let isOver = false
    Promise.all([load(), app.client.call('consoleLoad', [])]).then(
      ([{ mountConsole }]) => {
        if (!isOver) end = mountConsole(element, app)
      },
      (error) => {
        element.textContent = `The console could not be loaded: ${error}`
      },
    )
    return () => {
      isOver = true
      end?.()
    }
  },
}

export function serveLazyConsole(engine: Engine): void {
  engine.serve({
    async consoleLoad() {
      const { serveConsole } = await load()
      serveConsole(engine)
    },
  })
}
