// Counters: one per reason why something is missing. Never on the path of an event that is recorded.

import { claim64 } from './shared'

export function count(counter: usize): void {
  claim64(counter, 1)
}
