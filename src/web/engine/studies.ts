// What all lives tell together: read once into columns, checked once, and looked through by every view that asks for more
// than one life. Of one engine; forgotten when images come or go.

import { judging, lifeOf, studying } from '../../check/check.ts'
import type { Finding } from '../../check/finding.ts'
import type { Family, Life } from '../../check/lives.ts'
import type { Usual } from '../../check/usual/usual.ts'
import { verdictOf } from '../../check/why.ts'
import type { Image } from '../../image/image.ts'
import { type Call, Cancelled, driven, type Engine } from './engine.ts'
import type { Progress, RowFinding, Study } from './protocol.ts'

export class Studies {
  readonly #engine: Engine
  #job: Job | undefined

  constructor(engine: Engine) {
    this.#engine = engine
    engine.onChange(() => {
      if (this.#job) this.#job.isStale = true
      this.#job = undefined
    })
  }

  /** The lives of all images; whoever asks first starts the reading, and all wait for the same. */
  async studied(call: Call): Promise<readonly Usual[]> {
    this.#job ??= start(this.#engine)
    const job = this.#job
    const told = (progress: Progress): void => call.progress(progress)
    job.listeners.add(told)
    try {
      return await job.result
    } finally {
      job.listeners.delete(told)
    }
  }

  async families(call: Call): Promise<readonly Family[]> {
    return (await this.studied(call)).map(({ family }) => family)
  }

  async study(call: Call): Promise<Study> {
    const studied = await this.studied(call)
    const total = studied.reduce((sum, { family }) => sum + family.lives.length, 0)
    let judged = 0
    const steps = judging(studied)
    const checked = await driven(
      (function* () {
        for (;;) {
          const { done, value } = steps.next()
          if (done) return value
          judged = value
          call.progress({ what: 'Checking all lives', done: total + judged, total: 2 * total })
          yield
        }
      })(),
      call,
    )
    const { findings, lives, events, notTold, notRead } = checked
    return {
      ...columnsOf(this.#engine.images, studied, findings),
      lives,
      events,
      notTold,
      notRead,
    }
  }

  async why(call: Call, image: Image, handle: number): Promise<string> {
    const history = image.history(handle)
    if (history === undefined) return ''
    const found = lifeOf(await this.studied(call), image, history)
    if (found === undefined) return ''
    return (await driven(verdictOf(found.life, found.usual, found.number), call)).text
  }
}

interface Job {
  readonly result: Promise<readonly Usual[]>
  readonly listeners: Set<(progress: Progress) => void>
  isStale: boolean
}

function start(engine: Engine): Job {
  const { images } = engine
  const total = images.reduce(
    (sum, image) => sum + image.lists().reduce((n, list) => n + list.histories().length, 0),
    0,
  )
  const listeners = new Set<(progress: Progress) => void>()
  const job = { listeners, isStale: false }
  const steps = studying(images)
  const result = (async () => {
    const call = engine.background()
    for (let read = 0; ; ) {
      const { done, value } = steps.next()
      if (done) return value
      read = Math.max(read, value)
      for (const told of listeners)
        told({ what: 'Reading all lives', done: read, total: 2 * total })
      await call.breathe()
      if (job.isStale) throw new Cancelled('other images are open now')
    }
  })()
  // Whoever waits is told; nobody may wait any more.
  result.catch(() => {})
  return Object.assign(job, { result })
}

function columnsOf(
  images: readonly Image[],
  studied: readonly Usual[],
  findings: readonly Finding[],
) {
  const rowOf = new Map<Image, Map<number, number>>()
  let count = 0
  for (const image of images) {
    const rows = new Map<number, number>()
    rowOf.set(image, rows)
    for (const list of image.lists())
      for (const { handle } of list.histories()) rows.set(handle, count++)
  }
  const confidence = new Float32Array(count)
  const finding = new Int32Array(count).fill(-1)
  const lasted = new Float64Array(count).fill(Number.NaN)
  const lost = new Uint32Array(count)
  for (const { family } of studied) {
    for (const life of family.lives) {
      const row = rowOf.get(life.source.image)?.get(life.history.handle)
      if (row === undefined) continue
      if (life.to > life.from)
        lasted[row] = (family.t[life.to - 1] as number) - life.history.created
      if (!life.whole)
        for (const gap of life.history.gaps()) lost[row] = (lost[row] as number) + gap.count
    }
  }
  const bySource = new Map(images.map((image) => [image.source, image]))
  const placed: RowFinding[] = []
  for (const each of findings) {
    const image = bySource.get(each.image)
    const row = image && rowOf.get(image)?.get(each.history)
    if (row === undefined) continue
    const place = placed.push({ ...each, row }) - 1
    if (each.confidence <= (confidence[row] as number)) continue
    confidence[row] = each.confidence
    finding[row] = place
  }
  return { findings: placed, confidence, finding, lasted, lost }
}

/** The life with this handle, in the columns. */
export function lifeIn(
  families: readonly Family[],
  image: Image,
  handle: number,
): Life | undefined {
  for (const { lives } of families) {
    const found = lives.find(
      ({ history, source }) => history.handle === handle && source.image === image,
    )
    if (found) return found
  }
  return undefined
}
