// What is selected in the page is current in the console, and what becomes current there is selected in the page.

import { type Session, shownMessage, type Target } from '../../inspector/index.ts'
import type { Engine } from '../engine/engine.ts'
import type { ConsolePlace } from './protocol.ts'

type Selected = Required<ConsolePlace> & { readonly event: number }

export class Binding {
  readonly #session: Session
  readonly #engine: Engine
  readonly #report: (selected: Selected) => void
  /** What the page knows of. */
  #known: ConsolePlace | undefined
  /** Sources that were told of. */
  #told: readonly string[] = []

  constructor(session: Session, engine: Engine, report: (selected: Selected) => void) {
    this.#session = session
    this.#engine = engine
    this.#report = report
    this.attach()
  }

  get place(): ConsolePlace | undefined {
    return this.#known
  }

  /** The images that are open in the page, in their order; what was current stays so while its image is there. */
  attach(): void {
    const { targets, scope } = this.#session
    const before = [...targets]
    const current = scope.target
    const at = this.#current
    targets.length = 0
    for (const opening of this.#engine.openings) {
      for (const image of opening.images) {
        const known = before.find((target) => target.image === image)
        if (known === undefined) this.#session.attach(image, opening)
        else targets.push(known)
      }
    }
    scope.target = current && targets.includes(current) ? current : targets[0]
    // A recorder that goes on has another image now, with the same lives.
    if (at !== undefined && scope.target !== current) this.select(at)
  }

  /** `Reading conns.shdump: recorder "proxy", 1 list, 12 histories.` for each that came since the last call. */
  news(): string {
    const { targets } = this.#session
    const told = this.#told
    this.#told = targets.map(({ image }) => image.source)
    const lines = targets.flatMap(({ image }) => {
      if (told.includes(image.source)) return []
      const lists = image.lists()
      const histories = lists.reduce((sum, list) => sum + list.histories().length, 0)
      const many = lists.length === 1 ? '' : 's'
      const what = `Reading ${image.source}: recorder "${image.name}"`
      return `${shownMessage(what)}, ${lists.length} list${many}, ${histories} histories.\n`
    })
    return lines.join('')
  }

  /** Makes what the page has selected current; an event that is not there any more leaves it as it is. */
  select(place: ConsolePlace): void {
    this.#known = place
    const target = this.#session.targets[place.image]
    const history = target?.image.history(place.handle)
    if (target === undefined || history === undefined) return
    const { events } = target.life(history)
    const found = events.findIndex((event) => event.index === place.event)
    const position = place.event === undefined ? events.length - 1 : found
    const event = events[position]
    if (event !== undefined) this.#session.select(target, { history, position, event })
  }

  /** After a command: tells the page what it has made current. */
  look(): void {
    const now = this.#current
    if (now === undefined) return
    const { image, handle, event } = this.#known ?? {}
    if (now.image === image && now.handle === handle && now.event === event) return
    this.#known = now
    this.#report(now)
  }

  get #current(): Selected | undefined {
    const target: Target | undefined = this.#session.scope.target
    const place = target?.selection.place
    if (target === undefined || place === undefined) return undefined
    const image = this.#session.targets.indexOf(target)
    return { image, handle: place.history.handle, event: place.event.index }
  }
}
