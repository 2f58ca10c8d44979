// The console of the page, typed at in real browsers: shdb as at the terminal, bound to what is selected in the page.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Recorder } from '../../src/index.ts'
import { type Served, served } from './served.ts'
import { BROWSERS, until, type Visitor, visit } from './visitor.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let folder = ''
let server: Served
/** Handles of 0x10 … */
const handles: number[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'console-'))
  const recorder = new Recorder({ name: 'proxy' })
  const { REF, UNREF, DESTROY } = recorder.verbs({ REF: +1, UNREF: -1, DESTROY: 'end' })
  const list = recorder.list('TCP con')
  for (let n = 0; n < 60; n++) {
    const history = list.push(0x10 + n)
    handles.push(history.handle)
    history.log(REF, 'connect, (%d)', 1)
    history.log(UNREF, 'send %d, (%d)', 6, 0)
    history.log(DESTROY, 'type=%d %s', 2, '\x1b[31m<img src=x onerror=alert(1)>')
  }
  server = await served('node20', await recorder.dump(join(folder, 'conns.shdump')))
})
afterAll(async () => {
  await server.end()
  rmSync(folder, { recursive: true, force: true })
})

describe.each(BROWSERS)('the console in %s', (name) => {
  let page: Visitor
  beforeAll(async () => {
    page = await visit(name)
    await page.goto(`${server.url.href}#panel=console`)
    await shows('1 list, 60 histories.')
    await shows('(shdb) ')
  })
  afterAll(() => page.close())

  const screen = () =>
    page.evaluate<string>(
      `[...document.querySelectorAll('.xterm-rows > *')].map((row) => row.textContent.replaceAll('\\u00a0', ' ').trimEnd()).join('\\n').trimEnd()`,
    )
  async function shows(text: string): Promise<void> {
    await until(
      page,
      `[...document.querySelectorAll('.xterm-rows > *')].map((row) => row.textContent.replaceAll('\\u00a0', ' ')).join('\\n').includes(${JSON.stringify(text)})`,
    )
  }
  const inLink = (text: string) => until(page, `location.hash.includes(${JSON.stringify(text)})`)
  const clear = async () => page.press('Control+l')

  test('runs what is typed, in colors', async () => {
    await page.type('print/x 255\r')
    await shows('$1 = 0xff')
    await page.type('history 0x11\r')
    await shows('$4 = {verb = DESTROY')
    expect(await screen()).toContain('"type=2 \\033[31m<img src=x onerror=alert(1)>"}')
    const colored = `[...document.querySelectorAll('.xterm-rows span')].some((each) => /xterm-fg-/.test(each.className))`
    expect(await page.evaluate(colored)).toBe(true)
    expect(await page.evaluate(`document.querySelectorAll('#shdb img').length`)).toBe(0)
  })

  test('what became current there is selected in the page', async () => {
    await inLink(`history=${handles[1]}&event=2`)
    await page.type('event 0x15 0\r')
    await inLink(`history=${handles[5]}&event=0`)
  })

  test('what is selected in the page is current there', async () => {
    await page.evaluate(`location.hash = '#panel=console&history=${handles[7]}&event=1'`)
    await inLink(`history=${handles[7]}&event=1`)
    await clear()
    // The page tells the engine before the key that is typed then.
    await page.type('info event\r')
    await shows('Event 1 of TCP con 0x17')
    await page.type('p $_event.verb\r')
    await shows('= UNREF')
  })

  test('a history that is selected makes its last event current', async () => {
    await page.evaluate(`location.hash = '#panel=console&history=${handles[9]}'`)
    await inLink(`history=${handles[9]}`)
    await clear()
    await page.type('event\r')
    await shows('Event 2 of TCP con 0x19')
  })

  test('completes by Tab and lists by a second', async () => {
    await clear()
    await page.type('info hist')
    await page.press('Tab')
    await shows('(shdb) info histories ')
    await page.press('Control+u')
    await page.type('info l')
    await page.press('Tab')
    await page.press('Tab')
    await shows('lists')
    await page.press('Control+u')
  })

  test('finds what was typed before', async () => {
    await clear()
    await page.press('Control+r')
    await page.type('print/x')
    await shows("(reverse-i-search)`print/x': print/x 255")
    await page.press('Enter')
    await shows('= 0xff')
    await page.press('ArrowUp')
    await page.press('ArrowUp')
    await shows('(shdb) event')
    await page.press('Control+u')
  })

  test('shows pages, and asks for the next', async () => {
    await clear()
    await page.type('info histories\r')
    await shows('--Type <RET> for more')
    expect(await screen()).toContain('0x10')
    await page.type('q\r')
    await shows('Quit')
  })

  test('Ctrl-C ends a command and not the session', async () => {
    await clear()
    await page.type('while 1\rend\r')
    await page.press('Control+c')
    await shows('Quit')
    await page.type('p 6*7\r')
    await shows('= 42')
  })

  test('blocks are typed line by line', async () => {
    await clear()
    await page.type('define twice\rp $arg0 * 2\rend\rtwice 21\r')
    await shows('>end')
    await shows('= 42')
  })

  test('says what there is not', async () => {
    await clear()
    for (const [command, sentence] of [
      ['shell ls', 'There is no shell here.'],
      ['source x.gdb', 'There are no files in the page.'],
      ['target x', 'Files are opened by the page: drop them on it.'],
      ['set logging enabled on', 'There are no files in the page.'],
    ]) {
      await page.type(`${command}\r`)
      await shows(sentence as string)
    }
  })

  test('quit begins anew', async () => {
    await page.type('set $kept = 5\r')
    await page.type('quit\r')
    await shows('1 list, 60 histories.')
    await clear()
    await page.type('p $kept\r')
    await shows('$1 = void')
  })

  test.each(['dark', 'light'])('axe has nothing against it, %s', async (theme) => {
    await clear()
    await page.type('history 0x11\r')
    await shows('"type=2 ')
    for (let i = 0; i < 3; i++) {
      if (await page.evaluate(`document.querySelector('.shdb').dataset.theme === '${theme}'`)) break
      await page.evaluate(`document.querySelector('.bar [aria-label^="Colors"]').click()`)
    }
    await page.evaluate(`${AXE};0`)
    const found = await page.evaluate<string[]>(
      `axe.run('#panel-console', { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 160) + failureSummary).join(' | ')))`,
    )
    expect(found).toEqual([])
    // The bar had the keyboard.
    await page.evaluate(`document.querySelector('.console textarea').focus()`)
  })

  test('Shift-Tab leaves it', async () => {
    const focused = `document.activeElement.closest('.console') !== null`
    expect(await page.evaluate(focused)).toBe(true)
    await page.press('Shift+Tab')
    expect(await page.evaluate(focused)).toBe(false)
  })

  test('nothing went wrong in the page, and its policy refused nothing', () => {
    expect(page.complaints).toEqual([])
  })
})
