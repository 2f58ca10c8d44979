// docs/FORMAT.md says what assembly/layout.ts says, number by number: a copy by hand drifts.

import { describe, expect, test } from 'vitest'
import * as layout from '../../assembly/layout.ts'
import page from '../../docs/FORMAT.md?raw'

interface Row {
  readonly name: string
  readonly value: number
  /** NaN where it varies; undefined in a table of values. */
  readonly size: number | undefined
}

const FIELD = /^\| (\w+) \| (\S+) \| `(\w+)` \| \S.* \|$/
const VALUE = /^\| (\w+) \| `(\w+)` \| \S.* \|$/

/** The rows of each table of the page. */
function tables(): Row[][] {
  const found: Row[][] = []
  for (const line of page.split('\n')) {
    if (/^\| (offset|value) \|/.test(line)) found.push([])
    const field = FIELD.exec(line)
    if (field) found.at(-1)?.push(row(field[3], field[1], Number(field[2])))
    const value = VALUE.exec(line)
    if (value) found.at(-1)?.push(row(value[2], value[1], undefined))
  }
  return found
}

function row(name = '', value = '', size: number | undefined): Row {
  return { name, value: Number(value), size }
}

const exported = new Map<string, unknown>(Object.entries(layout))

describe('docs/FORMAT.md', () => {
  test('gives every number of layout.ts exactly once, and no other', () => {
    const named = tables()
      .flat()
      .map(({ name }) => name)
    expect([...named].sort()).toEqual([...exported.keys()].sort())
  })

  test('gives each number its value', () => {
    for (const { name, value } of tables().flat())
      expect([name, value]).toEqual([name, exported.get(name)])
  })

  test('draws no two fields of a structure over each other', () => {
    for (const table of tables()) {
      let end = 0
      for (const { name, value, size } of table) {
        if (size === undefined) continue
        expect([name, value >= end]).toEqual([name, true])
        end = value + (Number.isNaN(size) ? 0 : size)
      }
    }
  })
})
