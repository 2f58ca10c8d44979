import type { Recorder } from '../../src/index.ts'
import type { TestWorker } from '../support/platform.ts'

export interface Row {
  readonly race: string
  readonly outcome: string
  readonly kind: string
  readonly story: string
  readonly count: number
}
export function runRaces(how: {
  Recorder: typeof Recorder
  start: (data: unknown) => Promise<TestWorker>
  rounds: number
  milliseconds: number
  seed: number
  names?: string[]
}): Promise<{ rows: Row[]; image: Uint8Array }>
export function isForbidden(row: Row): boolean
export function table(rows: Row[]): string
