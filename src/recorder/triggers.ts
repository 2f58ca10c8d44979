// An application's own conditions: each time that one comes true is an event of the recorder itself, so that every image
// made from then on holds the reason; and whoever dumps at faults is told.

import type { History } from './history.ts'
import { TRIGGER_FORMAT } from './privacy.ts'
import type { Recorder } from './recorder.ts'
import type { Verb } from './verbs.ts'
import type { Writer } from './writer.ts'

/** One life for each reason; the object is the reason. */
const LIST = 'struct-history triggers'
const WINDOW = 100
/** Reasons that one thread remembers; those made at run time are endless. */
const REMEMBERED_MAX = WINDOW

/** Is told the reason; answers the path of the dump that it wrote, if it wrote one. */
export type TriggerHandler = (reason: string) => string | undefined

export class Triggers {
  readonly #recorder: Recorder
  readonly #writer: Writer
  readonly #handlers = new Set<TriggerHandler>()
  readonly #lives = new Map<string, History>()

  constructor(recorder: Recorder, writer: Writer) {
    this.#recorder = recorder
    this.#writer = writer
  }

  on(handler: TriggerHandler): () => void {
    this.#handlers.add(handler)
    return () => {
      this.#handlers.delete(handler)
    }
  }

  /** Records first, so that a dump holds its own reason. Never throws. */
  fire(reason: string, about?: History): string | undefined {
    try {
      this.#record(reason, about)
    } catch {
      this.#writer.reject()
    }
    let dumped: string | undefined
    for (const handler of this.#handlers) {
      try {
        dumped = handler(reason) ?? dumped
      } catch {
        this.#writer.reject()
      }
    }
    return dumped
  }

  /** Where there are sinks, the reason is written to them, and the history that it is about. */
  #record(reason: string, about: History | undefined): void {
    const { TRIGGER } = this.#recorder.verbs({ TRIGGER: 0 })
    let life = this.#lifeOf(reason)
    if (!logTo(life, TRIGGER, this.#writer, about)) {
      // Its life was evicted meanwhile.
      this.#lives.delete(reason)
      life = this.#lifeOf(reason)
      logTo(life, TRIGGER, this.#writer, about)
    }
    life.flush()
    about?.flush()
  }

  #lifeOf(reason: string): History {
    const known = this.#lives.get(reason)
    if (known) return known
    const list = this.#recorder.list(LIST, { window: WINDOW })
    // Another thread may have begun it.
    const begun = this.#writer.image().list(LIST)?.histories().find(isOf(reason))
    const life = (begun && list.at(begun.handle)) ?? list.push(reason)
    if (this.#lives.size >= REMEMBERED_MAX) this.#lives.clear()
    this.#lives.set(reason, life)
    return life
  }
}

const isOf = (reason: string) => (life: { readonly objectText: string }) =>
  life.objectText === reason

function logTo(life: History, verb: Verb, writer: Writer, about: History | undefined): boolean {
  if (!about) return life.log(verb)
  const object = writer.image().history(about.handle)?.objectText ?? 'one that is gone'
  return life.log(verb, TRIGGER_FORMAT, object, about.list.name, about.handle)
}
