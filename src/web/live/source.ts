// A recorder as something that the engine has opened: a copy of it, taken anew at each look.

import type { Image } from '../../image/image.ts'
import { openImage } from '../../image/read-image.ts'
import { CommandError, type RunningProcess } from '../../inspector/index.ts'
import type { Engine } from '../engine/engine.ts'
import { imageViews } from '../engine/images.ts'
import type { ImageView } from '../engine/protocol.ts'
import type { ShownRecorder } from './index.ts'

const SOURCE = 'live'

export class LiveSource {
  readonly #recorder: ShownRecorder
  readonly #engine: Engine
  #bytes: Uint8Array<ArrayBuffer> | undefined

  constructor(recorder: ShownRecorder, engine: Engine) {
    this.#recorder = recorder
    this.#engine = engine
  }

  get bytes(): Uint8Array<ArrayBuffer> | undefined {
    return this.#bytes
  }

  /** Puts the recorder as it is now in the place of what was there. */
  look(): { readonly images: readonly ImageView[]; readonly logged: number } {
    this.#bytes = this.#recorder.snapshot()
    const image = opened(this.#bytes)
    this.#engine.openings.splice(0, this.#engine.openings.length, {
      name: SOURCE,
      files: [SOURCE],
      images: [image],
      description: [
        `recorder "${image.name}" of this page, as it was at ${new Date().toISOString()}`,
      ],
      warnings: [],
      process: this.#running(image),
    })
    this.#engine.changed()
    return { images: imageViews(this.#engine.openings), logged: Number(image.stats().logged ?? 0) }
  }

  /** For `refresh`, `follow` and `watch` in the console. */
  #running(image: Image): RunningProcess {
    return {
      pid: image.pid,
      reread: () => opened(this.#recorder.snapshot()),
      peek: (_image, look) => look(opened(this.#recorder.snapshot())),
      poke() {
        throw new CommandError(
          'An application switches its own lists and verbs: list.enabled = false.',
        )
      },
    }
  }
}

const opened = (bytes: Uint8Array): Image => openImage(bytes, { source: SOURCE })
