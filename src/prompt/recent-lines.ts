// What was typed in this sitting, where nothing is kept beyond it.

import type { TypedLines } from './prompt.ts'

const KEPT = 1000

export class RecentLines implements TypedLines {
  readonly lines: string[] = []
  dropped = 0

  add(line: string): void {
    this.lines.push(line)
    if (this.lines.length <= KEPT) return
    this.lines.shift()
    this.dropped++
  }
}
