// The methods of the engine. What is derived from all lives is made once, and forgotten when images come or go.

import type { Engine } from './engine.ts'
import { imageViews } from './images.ts'
import { lifeView } from './lives.ts'
import { around } from './moments.ts'
import { openFiles } from './open.ts'
import { pathsView } from './paths.ts'
import { rowsOf } from './rows.ts'
import { Studies } from './studies.ts'
import { threadEvents, threadsOf } from './threads.ts'

/** Gives an engine the methods of the protocol. */
export function serveAll(engine: Engine): void {
  const studies = new Studies(engine)
  engine.serve({
    async open(_, call, files) {
      const { openings, troubles } = await openFiles(files, call)
      engine.openings.push(...openings)
      if (openings.length > 0) engine.changed()
      return { images: imageViews(engine.openings), troubles }
    },
    close() {
      engine.openings.length = 0
      engine.changed()
    },
    rows: () => rowsOf(engine.images),
    study: (_, call) => studies.study(call),
    life: (_, __, image, handle) => lifeView(engine.images, image, handle),
    async why(_, call, number, handle) {
      const image = engine.images[number]
      return image ? await studies.why(call, image, handle) : ''
    },
    async around(_, call, moment) {
      return around(engine.images, await studies.families(call), moment)
    },
    async paths(_, call, list) {
      const families = await studies.families(call)
      const family = families.find(({ name }) => name === list) ?? families[0]
      return family && pathsView(engine.images, family)
    },
    async threads(_, call) {
      return threadsOf(engine.images, await studies.families(call))
    },
    async threadEvents(_, call, wish) {
      return threadEvents(engine.images, await studies.families(call), wish)
    },
    stats(_, __, number) {
      const image = engine.images[number]
      return image && { stats: image.stats(), problems: image.problems() }
    },
  })
}
