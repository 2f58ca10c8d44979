// mountInspector() of 'struct-history/page', in the page of examples/browser-tabs: an application whose workers record, under a
// policy without inline script or style.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BROWSERS, until, type Visitor, visit } from './visitor.ts'

async function example(...words: string[]): Promise<{ url: string; server: ChildProcess }> {
  const serve = 'examples/browser-tabs/serve.mjs'
  const server = spawn(process.execPath, [serve, '0', ...words])
  const [said] = await once(server.stdout, 'data')
  return { url: String(said).trim(), server }
}

/** Expressions in the page. */
const ROOT = `document.querySelector('#histories')?.firstElementChild?.shadowRoot`
const TEXT = `(${ROOT}?.querySelector('.shdb')?.innerText ?? '')`
const STATE = `(${ROOT}?.querySelector('.controls .state')?.textContent ?? '')`
/** Of the list, in the page; as it is shown, and as it is. */
const SHOWN = `Number.parseInt(${ROOT}?.querySelector('.lists button .count')?.textContent.replaceAll(',', '') ?? 0)`
const PUSHED = `recorder.stats().pushed`
const press = (name: string) =>
  `[...${ROOT}.querySelectorAll('button')].find((each) => each.textContent.startsWith(${JSON.stringify(name)})).click()`

describe.each([...BROWSERS, 'webkit'] as const)(
  'mountInspector in %s',
  { timeout: 60_000 },
  (name) => {
    let page: Visitor
    let server: ChildProcess
    let url = ''
    beforeAll(async () => {
      ;({ url, server } = await example())
      page = await visit(name)
      await page.goto(url)
    }, 60_000)
    afterAll(async () => {
      await page.close()
      server.kill()
    })

    test('shows what page and workers record, while they do', async () => {
      expect(await page.evaluate('crossOriginIsolated')).toBe(true)
      await until(page, `${SHOWN} > 5`)
      const before = await page.evaluate<number>(SHOWN)
      await until(page, `${SHOWN} > ${before}`)
      expect(await page.evaluate(STATE)).toBe('● live')
      await page.evaluate(press('Threads'))
      await until(page, `['page', 'hasher 1', 'hasher 2'].every((each) => ${TEXT}.includes(each))`)
      await page.evaluate(press('Life'))
    })

    test('a pause holds what is shown, and no writer', async () => {
      await page.evaluate(press('Pause'))
      await until(page, `${STATE} === '‖ paused'`)
      expect(await page.evaluate('inspector.isPaused')).toBe(true)
      await page.evaluate('inspector.refresh().then(() => 1)')
      const [shown, pushed] = [
        await page.evaluate<number>(SHOWN),
        await page.evaluate<number>(PUSHED),
      ]
      await until(page, `${PUSHED} > ${pushed} + 60`)
      expect(await page.evaluate(SHOWN)).toBe(shown)
      await page.evaluate(press('Look now'))
      await until(page, `${SHOWN} > ${shown}`)
    })

    test('Check pauses and names the culprit', async () => {
      await until(page, `${PUSHED} > 130`)
      await page.evaluate('inspector.resume()')
      await page.evaluate(press('Check'))
      await until(page, `${STATE} === '‖ paused' && /use-after-end/.test(${TEXT})`)
      // The likeliest is selected, and its life is shown with who did what.
      await until(page, `/cancelled by the user/.test(${TEXT}) && /after end/.test(${TEXT})`)
      await page.evaluate('inspector.resume()')
    })

    test('a life that is selected goes on to be shown', async () => {
      await until(page, `${STATE} === '● live'`)
      expect(await page.evaluate(TEXT)).toContain('cancelled by the user')
    })

    test('no style goes in or out', async () => {
      const inside = (what: string) =>
        page.evaluate(`getComputedStyle(${ROOT}?.querySelector('.controls button')).${what}`)
      expect(await inside('backgroundColor')).not.toBe('rgb(255, 105, 180)')
      expect(await inside('fontSize')).toBe('13px')
      const outside = `getComputedStyle(document.querySelector('h1')).fontSize`
      expect(await page.evaluate(outside)).toBe('30px')
      expect(await page.evaluate('document.adoptedStyleSheets.length')).toBe(0)
      expect(await page.evaluate('document.styleSheets.length')).toBe(1)
      expect(await page.evaluate('location.hash')).toBe('')
    })

    test.skipIf(name === 'webkit')('has the console, which sees the recorder go on', async () => {
      await page.evaluate(press('Console'))
      const rows = `[...${ROOT}.querySelectorAll('.xterm-rows > *')].map((row) => row.textContent.replaceAll('\\u00a0', ' ')).join('\\n')`
      await until(page, `${rows}.includes('(shdb) ')`)
      await page.type('info threads\r')
      await until(page, `${rows}.includes('hasher 2')`)
      await page.type('watch -max 2 list("uploads")->total_obj\r')
      await until(page, `${rows}.split('New value').length > 2`)
      await page.type('enable list uploads\r')
      await until(page, `${rows}.includes('switches its own lists')`)
      // Of equal width, although the policy refuses what xterm.js would write for it.
      const family = `getComputedStyle(${ROOT}?.querySelector('.xterm-rows')).fontFamily`
      expect(await page.evaluate(family)).toContain('monospace')
      await page.evaluate(press('Life'))
    })

    test('looks no more often than asked, and not where nobody sees it', async () => {
      const looks = `(globalThis.looks ??= 0)`
      await page.evaluate(`(() => {
      const own = recorder.snapshot
      recorder.snapshot = function () { globalThis.looks = ${looks} + 1; return own.call(this) }
    })()`)
      await until(page, `${looks} > 1`)
      await page.evaluate(`document.querySelector('#histories').style.display = 'none'`)
      // The browser tells all who watch with one frame, which may be late; who asked last is told last.
      await page.evaluate(`new Promise((told) => new IntersectionObserver((seen) => {
        if (!seen.at(-1).isIntersecting) told(true)
      }).observe(document.querySelector('#histories').firstElementChild))`)
      const hidden = await page.evaluate<number>(looks)
      const pushed = await page.evaluate<number>(PUSHED)
      await until(page, `${PUSHED} > ${pushed} + 60`)
      expect(await page.evaluate(looks)).toBe(hidden)
      await page.evaluate(`document.querySelector('#histories').style.display = ''`)
      await until(page, `${looks} > ${hidden}`)
    })

    test('two of them stand side by side, and each is unmounted for itself', async () => {
      const mount = `import('/library/web/live/index.js').then(({ mountInspector }) => {
      const place = document.body.appendChild(document.createElement('div'))
      place.id = 'other'
      globalThis.other = mountInspector(place, recorder, { interval: 100, theme: 'dark' })
      return place.firstElementChild.style.height
    })`
      expect(await page.evaluate(mount)).toBe('640px')
      const there = `document.querySelector('#other').firstElementChild?.shadowRoot.querySelectorAll('.histories [role=row]').length ?? 0`
      await until(page, `${there} > 5`)
      await page.evaluate('other.unmount()')
      await page.evaluate('other.unmount()')
      expect(await page.evaluate(`document.querySelector('#other').childNodes.length`)).toBe(0)
      const before = await page.evaluate<number>(SHOWN)
      await until(page, `${SHOWN} > ${before}`)
    })

    test('after unmount() nothing looks any more, and the application goes on', async () => {
      await page.evaluate('inspector.unmount()')
      expect(await page.evaluate(`document.querySelector('#histories').childNodes.length`)).toBe(0)
      const looks = await page.evaluate<number>('looks')
      const pushed = await page.evaluate<number>(PUSHED)
      await until(page, `${PUSHED} > ${pushed} + 40`)
      expect(await page.evaluate('looks')).toBe(looks)
    })

    test('does what docs/PAGE.md says', async () => {
      const [, block = ''] = /```js\n([\s\S]*?)```/.exec(readFileSync('docs/PAGE.md', 'utf8')) ?? []
      const body = block
        .replaceAll(/import (\{.*\}) from '(.*)'/g, "const $1 = await import('$2')")
        .replace("'struct-history/page'", "'/library/web/live/index.js'")
        .replace("'struct-history'", "'/library/index.js'")
      expect(block).toContain('mountInspector(')
      const shown = await page.evaluate(
        `(async () => {${body}; await inspector.refresh(); inspector.unmount(); return recorder.name })()`,
      )
      expect(shown).toBe('uploads')
    })

    test('mistakes are told of where they are made', async () => {
      const said = (words: string) =>
        page.evaluate(
          `import('/library/web/live/index.js').then(({ mountInspector }) => mountInspector(${words})).catch((error) => error.name + ': ' + error.message)`,
        )
      expect(await said('null, recorder')).toBe(
        'TypeError: Cannot mount the inspector: expected an element, got null',
      )
      expect(await said('document.body, {}')).toBe(
        'TypeError: Cannot mount the inspector: expected a Recorder, got [object Object]',
      )
      expect(await said('document.body, recorder, { interval: 5 }')).toBe(
        'RangeError: Cannot mount the inspector: interval must be a number of milliseconds >= 100, got 5',
      )
      expect(await said('document.body, recorder, { intervall: 5 }')).toBe(
        'TypeError: Cannot mount the inspector: there is no option "intervall", only interval, theme, paused',
      )
    })

    test('its policy refused nothing', () => {
      expect(page.complaints.filter((each) => !each.includes('favicon'))).toEqual([])
    })

    test('on a page that is not cross-origin isolated it shows what that page records', async () => {
      const plain = await example('plain')
      try {
        await page.goto(plain.url)
        expect(await page.evaluate('crossOriginIsolated')).toBe(false)
        await until(page, `${SHOWN} > 5`)
        const before = await page.evaluate<number>(SHOWN)
        await until(page, `${SHOWN} > ${before}`)
      } finally {
        plain.server.kill()
      }
    })
  },
)
