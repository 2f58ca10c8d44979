// What every detector is: one life, and what is usual in its list, in; what is wrong with it out.

import type { Clue } from '../finding.ts'
import type { Family, Life } from '../lives.ts'
import type { Usual } from '../usual/usual.ts'

export type Detector = (life: Life, usual: Usual, number: number) => readonly Clue[]

/** `#14 TCP_UNREF "send 6, (#)" by tcp worker 3`, where `long`; else without the text. */
export function eventName(family: Family, at: number, long = false): string {
  const { verbName, template } = family.keys[family.key[at]]
  const text = long && template !== '' ? ` "${template}"` : ''
  return `#${family.index[at]} ${verbName}${text} by ${family.threadName(at)}`
}

/** `TCP_UNREF "send #, (#)"`: a line of the program. */
export function keyName(family: Family, id: number): string {
  const { verbName, template } = family.keys[id]
  return template === '' ? verbName : `${verbName} "${template}"`
}

/** `#3, #5 and #7`. */
export function listed(names: readonly string[]): string {
  if (names.length <= 1) return names[0] ?? ''
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** Sure by so much of `most` as `share` lies above `none`. */
export function scaled(most: number, share: number, none: number): number {
  return most * Math.max(0, Math.min(1, (share - none) / (1 - none)))
}
