// What Tab found, in columns as GNU readline lists it.

import { fitted, widthOf } from '../inspector/index.ts'

const GAP = 2
/** Where the last word of a line begins, for the list only. */
const BREAKS = /(?:->|[\s()[\]{}+*%&|^!=<,;?:.@"'/])(?=[^/]|$)/g

/** Below each other first, rows of equal columns. `typed`: what they all go on from. */
export function columnsOf(words: readonly string[], width: number, typed: string): string[] {
  const shared = sharedBreak(words, typed)
  const names = words.map((each) => fitted(each.slice(shared), Math.max(1, width - 1)))
  const wide = Math.max(...names.map(widthOf)) + GAP
  const count = Math.max(1, Math.floor(width / wide))
  const height = Math.ceil(names.length / count)
  return Array.from({ length: height }, (_, row) =>
    names
      .filter((_each, at) => at % height === row)
      .map((each) => each + ' '.repeat(wide - widthOf(each)))
      .join('')
      .trimEnd(),
  )
}

/** What all begin with need not be told of each. */
function sharedBreak(words: readonly string[], typed: string): number {
  const start = commonStart([...words, typed])
  let end = 0
  for (const match of start.matchAll(BREAKS)) end = match.index + match[0].length
  return end
}

export function commonStart(words: readonly string[]): string {
  let [common = ''] = words
  for (const each of words) while (!each.startsWith(common)) common = common.slice(0, -1)
  return common
}
