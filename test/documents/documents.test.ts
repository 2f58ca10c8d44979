// Every fenced block of every document is run: each page is followed from its top in a folder of its own, as a reader
// would, but for what another test follows (ELSEWHERE in held.ts) and what nothing can run (NOT_RUN, with reasons).
//
// A new block is held as soon as its fence has one of these words; one without is refused:
//
//   js, ts     run by this Node after what it takes for given (GIVEN in programs.ts); below <!-- in a page --> by Chromium
//   sh         lines to type, each with what is said about it two spaces behind (RULES in commands.ts)
//   console    what is typed behind $, (shdb) or (gdb), and what it says; below <!-- image: NAME --> over one of IMAGES in
//              sessions.ts
//   shdb       a script, over an image likewise
//   json, sql, rsyslog, c      read by their own parsers; json NAME becomes a file of that name
//   text       below <!-- a stack of examples/ --> frames that are there (sources.ts); below <!-- printed by: COMMAND -->: lines that it says; else it is in one of the tables of held.ts

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BLOCKS, type Block, ROOT } from './blocks.ts'
import { followed } from './follow.ts'
import { ELSEWHERE, elsewhere, NOT_RUN, notRun } from './held.ts'
import { typeErrors } from './programs.ts'
import { World } from './world.ts'

const DEADLINE_MS = 300_000
const here = (block: Block): boolean =>
  elsewhere(block) === undefined && notRun(block) === undefined
const pages = [...new Set(BLOCKS.filter(here).map(({ page }) => page))]
/** Parts of programs; whole ones have names, and packages of their own. */
const isCode = (block: Block): boolean => ['js', 'ts'].includes(block.language) && block.name === ''

let world: World
beforeAll(async () => {
  world = await World.begin()
}, DEADLINE_MS)
afterAll(() => world?.end())

describe('the blocks of the documents', { timeout: DEADLINE_MS }, () => {
  describe.concurrent('run as their page is followed', () => {
    test.each(pages)('%s', async (page) => {
      const blocks = BLOCKS.filter((block) => block.page === page && here(block))
      expect(await followed(blocks, world)).toEqual([])
    })
  })

  test('of code are of the package as it is', () => {
    const blocks = BLOCKS.filter(isCode)
    expect(blocks.length).toBeGreaterThan(30)
    expect(typeErrors(blocks)).toEqual([])
  })
})

describe('the tables of what is not run here', () => {
  test('name blocks that are there, and tests that read their page', () => {
    for (const [page, begins, held] of [...ELSEWHERE, ...NOT_RUN]) {
      const blocks = BLOCKS.filter((each) => each.page === page)
      const named = blocks.filter(({ text }) => text.trimStart().startsWith(begins))
      expect([page, begins, named.length > 0, held !== '']).toEqual([page, begins, true, true])
    }
    for (const [page, , file] of ELSEWHERE) {
      expect([file, existsSync(join(ROOT, file))]).toEqual([file, true])
      const folder = page.replace('/README.md', '')
      expect([page, readFileSync(join(ROOT, file), 'utf8').includes(folder)]).toEqual([page, true])
    }
  })

  test('are short', () => {
    const count = (isSo: (block: Block) => unknown) => BLOCKS.filter(isSo).length
    console.log(
      `${BLOCKS.length} blocks: ${count(here)} run here, ${count(elsewhere)} by tests of their own, ${count(notRun)} by none`,
    )
    expect(count(notRun)).toBeLessThan(12)
  })
})
