import type { Event, History, Image } from 'struct-history/inspect'

export interface Verdict {
  readonly unpaid: Event | undefined
  readonly paid: Event | undefined
  readonly freed: Event | undefined
  readonly used: Event | undefined
}

export function judge(events: readonly Event[]): Verdict
export function findVictim(image: Image, object: bigint): History | undefined
