// One round: a sample is changed, opened, walked, and looked at in shdb. What the reader does must be one of two things:
// refuse by name, or show what it believes.

import { type Image, ImageError, openImage } from '../../../src/inspect.ts'
import { type Anatomy, anatomyOf } from './anatomy.ts'
import { Canvas, type Difference } from './canvas.ts'
import { corpus, type Sample } from './corpus.ts'
import { mutate } from './mutations.ts'
import { Random } from './random.ts'
import { sit } from './sitting.ts'
import { Broken, type Walked, walk } from './walk.ts'

/** A mutated image that is worth mutating again. */
export interface Seed {
  readonly sample: number
  readonly difference: Difference
}

export interface Round {
  readonly sample: number
  readonly bytes: number
  /** Undefined: the image was refused. */
  readonly walked: Walked | undefined
}

export class Workbench {
  readonly samples: readonly Sample[]
  readonly #canvases: readonly Canvas[]
  readonly #anatomies: readonly Anatomy[]

  constructor(samples: readonly Sample[] = corpus()) {
    this.samples = samples
    this.#canvases = samples.map(({ bytes }) => new Canvas(bytes))
    this.#anatomies = samples.map(({ bytes }) => anatomyOf(bytes))
  }

  canvas(sample: number): Canvas {
    return this.#canvases[sample] as Canvas
  }

  /** Changes a sample, or what was made of it before, as `random` says; the canvas is left changed. */
  change(random: Random, from?: Seed): number {
    const sample = from?.sample ?? random.below(this.samples.length)
    const canvas = this.canvas(sample)
    canvas.reset()
    if (from) canvas.apply(from.difference)
    const other = this.canvas(
      (sample + 1 + random.below(this.samples.length - 1)) % this.samples.length,
    )
    // A canvas that a splice takes from may be in any state: whatever the round before left.
    mutate({ canvas, anatomy: this.#anatomies[sample] as Anatomy, random, other })
    return sample
  }

  async look(sample: number, isSeenInShdb: boolean): Promise<Round> {
    const bytes = this.canvas(sample).image
    const image = openOrRefuse(bytes)
    if (image === undefined) return { sample, bytes: bytes.length, walked: undefined }
    const walked = walk(image, bytes.length)
    if (isSeenInShdb) await sit(image)
    return { sample, bytes: bytes.length, walked }
  }
}

/** The image; undefined when it is refused as an image is to be refused: by an ImageError that says all. */
export function openOrRefuse(bytes: Uint8Array): Image | undefined {
  try {
    return openImage(bytes, { source: 'hostile.shdump' })
  } catch (error) {
    if (!(error instanceof ImageError)) throw error
    const { source, offset, field, expected, found, message } = error
    const isTold =
      source === 'hostile.shdump' && offset >= 0 && field !== '' && expected !== '' && found !== ''
    if (!isTold || !message.startsWith('Cannot ')) throw new Broken(`refused with "${message}"`)
    return undefined
  }
}

/** The round of a seed alone, in any runtime. */
export async function round(workbench: Workbench, seed: number): Promise<Round> {
  const random = new Random(seed)
  for (let sample = 0; sample < workbench.samples.length; sample++) workbench.canvas(sample).reset()
  return workbench.look(workbench.change(random), random.once(4))
}
