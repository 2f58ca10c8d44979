// Which histories the table shows, and in which order: sorted once for each order, filtered as one types.

import { computed, type ReadonlySignal } from '@preact/signals'
import { ENDED, PINNED, RELEASED, type Rows, type Study } from '../engine/protocol.ts'
import type { App } from '../store.ts'

/** By what one can sort; with `-` in front, the other way round. */
export const SORTS = ['finding', 'object', 'events', 'ref', 'state', 'lasted', 'created'] as const
export type Sort = (typeof SORTS)[number]

export function stateOf(flags: number): string {
  const state = flags & ENDED ? 'ended' : flags & RELEASED ? 'released' : 'live'
  return flags & PINNED ? `${state}, pinned` : state
}

/** Rows in the order that is chosen, those that are filtered out left out. */
export function orderOf(app: App): ReadonlySignal<Uint32Array> {
  const sorted = computed(() => {
    const rows = app.rows.value
    return rows === undefined
      ? new Uint32Array(0)
      : sortedRows(rows, app.study.value, app.sort.value)
  })
  return computed(() => {
    const rows = app.rows.value
    return rows === undefined ? sorted.value : filtered(app, rows, sorted.value)
  })
}

function sortedRows(rows: Rows, study: Study | undefined, sort: string): Uint32Array {
  const isReversed = sort.startsWith('-')
  const by = sort.replace('-', '') as Sort
  const order = Uint32Array.from({ length: rows.count }, (_, row) => row)
  if (by === 'object') {
    const { object } = rows
    // As numbers where they are addresses: 0x9 stands before 0x10.
    const compare = (one: string, other: string): number =>
      one.startsWith('0x') && other.startsWith('0x') && one.length !== other.length
        ? one.length - other.length
        : one < other
          ? -1
          : one > other
            ? 1
            : 0
    order.sort((one, other) => compare(object[one] as string, object[other] as string))
  } else {
    const key = keysOf(rows, study, by)
    if (key === undefined) return isReversed ? order.reverse() : order
    // Of equal ones, the older stands first: sort() is stable.
    order.sort((one, other) => (key[one] as number) - (key[other] as number))
  }
  return isReversed ? order.reverse() : order
}

/** The smallest stands first; undefined: they are in that order. */
function keysOf(rows: Rows, study: Study | undefined, by: Sort): ArrayLike<number> | undefined {
  switch (by) {
    case 'finding':
      return study && Float32Array.from(study.confidence, (each) => -each)
    case 'events':
      return Float64Array.from(rows.events, (each) => -each)
    case 'ref':
      return Float64Array.from(rows.ref, (each) => -each)
    case 'state':
      return rows.flags
    case 'lasted':
      return study && Float64Array.from(study.lasted, (each) => (Number.isNaN(each) ? 1 : -each))
    case 'created':
      return rows.created
    default:
      return undefined
  }
}

/** Words that look at no text. */
export const WORDS: Readonly<Record<string, string>> = {
  'is:finding': 'something is wrong with it',
  'is:lost': 'events of it are missing',
  'is:live': 'not ended, not released',
  'is:ended': 'an end verb was logged',
  'is:pinned': 'held beyond the window',
}

type Test = (row: number) => boolean

function filtered(app: App, rows: Rows, sorted: Uint32Array): Uint32Array {
  const tests = testsOf(app, rows)
  if (tests.length === 0) return sorted
  const shown = new Uint32Array(sorted.length)
  let count = 0
  for (const row of sorted) {
    if (tests.every((test) => test(row))) shown[count++] = row
  }
  return shown.subarray(0, count)
}

function testsOf(app: App, rows: Rows): Test[] {
  const tests: Test[] = []
  const list = app.list.value
  const study = app.study.value
  const lists = app.images.value.map((image) => new Map(image.lists.map((l) => [l.number, l.name])))
  if (list !== '') {
    const numbers = lists.map(
      (names) => new Set([...names].filter(([, name]) => name === list).map(([number]) => number)),
    )
    tests.push((row) => numbers[rows.image[row] as number]?.has(rows.list[row] as number) === true)
  }
  for (const word of app.find.value.toLowerCase().split(/\s+/)) {
    if (word !== '') tests.push(wordTest(word, rows, study))
  }
  return tests
}

function wordTest(word: string, rows: Rows, study: Study | undefined): Test {
  const { flags, object, thread, threadNames } = rows
  switch (word) {
    case 'is:finding':
      return (row) => (study?.confidence[row] ?? 0) > 0
    case 'is:lost':
      return (row) => (study?.lost[row] ?? 0) > 0
    case 'is:live':
      return (row) => ((flags[row] as number) & (ENDED | RELEASED)) === 0
    case 'is:ended':
      return (row) => ((flags[row] as number) & ENDED) !== 0
    case 'is:pinned':
      return (row) => ((flags[row] as number) & PINNED) !== 0
  }
  const threads = threadNames.map((name) => name.toLowerCase().includes(word))
  const kinds = study?.findings.map(({ kind }) => kind.includes(word)) ?? []
  return (row) =>
    (object[row] as string).toLowerCase().includes(word) ||
    threads[thread[row] as number] === true ||
    kinds[study?.finding[row] ?? -1] === true
}
