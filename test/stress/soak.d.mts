import type { Recorder } from '../../src/index.ts'
import type { openImage } from '../../src/inspect.ts'
import type { spawnWorker } from '../support/platform.ts'

export function soak(
  library: {
    Recorder: typeof Recorder
    openImage: typeof openImage
    spawnWorker: typeof spawnWorker
  },
  given: {
    readonly threads: number
    readonly livesPerRound: number
    readonly seed: number
    goOn(round: number): boolean
  },
  say?: (text: string) => void,
): Promise<{
  readonly figures: readonly (readonly [string, number | string])[]
  readonly faults: readonly string[]
}>
