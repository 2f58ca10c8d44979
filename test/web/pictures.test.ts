// How the page looks, in Chromium and in Firefox, beside pictures that somebody has looked at.

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dumps } from './dumps.ts'
import { DIFFERENCE_MAX, difference, differenceOf } from './pictures.ts'
import { BROWSERS, until, visit } from './visitor.ts'

const PAGE = pathToFileURL('build/page/shdb.html').href
const DEADLINE_MS = 120_000

const dumps = new Dumps()
let race = ''
beforeAll(() => {
  race = dumps.ofRace()
})
afterAll(() => dumps.remove())

/** What has to be there before the picture is taken. */
const SIGNS = {
  life: '.verdict.bad',
  around: '.neighbours .row.center',
  paths: '.step',
  threads: '.threads .neighbours .row',
  stats: '.stats .problems, .stats section .fine',
} as const
type View = keyof typeof SIGNS

const VIEWS: Record<(typeof BROWSERS)[number], readonly View[]> = {
  chromium: ['life', 'around', 'paths', 'threads', 'stats'],
  // Nothing but the engine that draws is another.
  firefox: ['life', 'stats'],
}

describe.each(BROWSERS)('in %s', { timeout: DEADLINE_MS }, (browser) => {
  test.each([
    ['light', 1024],
    ['dark', 1280],
  ] as const)('every view looks as it did, %s, %i pixels wide', async (theme, width) => {
    const page = await visit(browser, { width, height: 768, dark: theme === 'dark' })
    const file = (name: string): string => join(dumps.folder, `${browser}-${name}-${theme}.png`)
    const looks = async (name: string): Promise<void> => {
      await page.screenshot(file(name))
      const share = difference(`${browser}-${name}-${theme}`, file(name))
      expect(share, name).toBeLessThan(DIFFERENCE_MAX)
    }
    try {
      await page.goto(PAGE)
      await until(page, `document.querySelector('.drop') !== null`)
      await looks('welcome')
      for (const view of VIEWS[browser]) {
        await page.goto('about:blank')
        await page.goto(`${PAGE}#panel=${view}`)
        await until(page, `document.querySelector('input[type=file]') !== null`)
        await page.choose(race)
        await until(page, `document.querySelector('.checking')?.textContent.includes(' event')`)
        await until(page, `document.querySelector(${JSON.stringify(SIGNS[view])}) !== null`)
        // Two frames: the canvas is drawn.
        await page.evaluate(
          `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))`,
        )
        await looks(view)
      }
      // The comparison itself tells one view from another.
      expect(differenceOf(file('life'), file('stats'))).toBeGreaterThan(DIFFERENCE_MAX)
    } finally {
      await page.close()
    }
  })
})
