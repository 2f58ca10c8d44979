// The methods of the engine. What is derived from all lives is made once, and forgotten when images come or go.

import type { Engine } from './engine.ts'
import { imageViews } from './images.ts'
import { lifeView } from './lives.ts'
import { openFile } from './open.ts'
import type { Trouble } from './protocol.ts'
import { rowsOf } from './rows.ts'

export const HANDLERS: Parameters<Engine['serve']>[0] = {
  async open(engine, call, files) {
    const troubles: Trouble[] = []
    const openings = []
    for (const file of files) {
      const opened = await openFile(file, call)
      if ('what' in opened) troubles.push(opened)
      else openings.push(opened)
    }
    engine.openings.push(...openings)
    if (openings.length > 0) engine.changed()
    return { images: imageViews(engine.openings), troubles }
  },
  close(engine) {
    engine.openings.length = 0
    engine.changed()
  },
  rows: (engine) => rowsOf(engine.images),
  life: (engine, _call, image, handle) => lifeView(engine.images, image, handle),
}
