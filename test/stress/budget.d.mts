import type { Recorder } from '../../src/index.ts'
import type { openImage } from '../../src/inspect.ts'
import type { spawnWorker } from '../support/platform.ts'

export interface Verdict {
  readonly figures: readonly (readonly [string, number | string])[]
  readonly faults: readonly string[]
  readonly growths: number
}

export function fillBudget(
  library: {
    Recorder: typeof Recorder
    openImage: typeof openImage
    spawnWorker: typeof spawnWorker
  },
  given: {
    readonly budget: string
    readonly threads: number
    readonly times: number
    readonly pinEvery: number
    readonly seed: number
    readonly deadlineMs?: number
  },
  say?: (text: string) => void,
): Promise<Verdict>
