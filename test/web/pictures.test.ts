// How the page looks, in Chromium and in Firefox, beside pictures that somebody has looked at.

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dumps } from './dumps.ts'
import { DIFFERENCE_MAX, difference } from './pictures.ts'
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
const VIEWS = {
  life: '.verdict.bad',
  around: '.neighbours .row.center',
  paths: '.step',
  threads: '.threads .neighbours .row',
  stats: '.stats .problems, .stats section .fine',
} as const

describe.each(BROWSERS)('in %s', { timeout: DEADLINE_MS }, (browser) => {
  test.each([
    ['light', 1024],
    ['dark', 1280],
  ] as const)('every view looks as it did, %s, %i pixels wide', async (theme, width) => {
    const page = await visit(browser, { width, height: 768, dark: theme === 'dark' })
    try {
      const looks = async (name: string): Promise<void> => {
        const file = join(dumps.folder, `${browser}-${name}-${theme}.png`)
        await page.screenshot(file)
        // Both browsers are held to the same pictures.
        const share = difference(`${name}-${theme}`, file)
        expect(share, name).toBeLessThan(DIFFERENCE_MAX)
      }
      await page.goto(PAGE)
      await until(page, `document.querySelector('.drop') !== null`)
      await looks('welcome')
      for (const [view, sign] of Object.entries(VIEWS)) {
        await page.goto('about:blank')
        await page.goto(`${PAGE}#panel=${view}`)
        await until(page, `document.querySelector('input[type=file]') !== null`)
        await page.choose(race)
        await until(page, `document.querySelector('.checking')?.textContent.includes(' event')`)
        await until(page, `document.querySelector(${JSON.stringify(sign)}) !== null`)
        // Two frames: the canvas is drawn.
        await page.evaluate(
          `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))`,
        )
        await looks(view)
      }
      // The comparison itself tells one view from another.
      const stats = join(dumps.folder, `${browser}-stats-${theme}.png`)
      expect(difference(`life-${theme}`, stats)).toBeGreaterThan(3 * DIFFERENCE_MAX)
    } finally {
      await page.close()
    }
  })
})
