// The page as somebody uses it who was given a dump: real browsers, the built file from the disk, by mouse and by keyboard.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { check } from '../../src/check/check.ts'
import { openImage } from '../../src/inspect.ts'
import { Dumps } from './dumps.ts'
import { VICTIM } from './recorded.mjs'
import { BROWSERS, until, type Visitor, visit } from './visitor.ts'

const PAGE = pathToFileURL('build/page/shdb.html').href
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const DEADLINE_MS = 180_000
const victim = `0x${VICTIM.toString(16)}`

const dumps = new Dumps()
let race = ''
let demo = { path: '', object: '' }
beforeAll(() => {
  race = dumps.ofRace()
  demo = dumps.ofDemo()
}, DEADLINE_MS)
afterAll(() => dumps.remove())

/** What the check says of the object that the engine's crash names. */
const culprit = () =>
  check(openImage(readFileSync(demo.path))).find(({ object }) => object === demo.object)

const text = (page: Visitor, selector: string) =>
  page.evaluate<string>(
    `[...document.querySelectorAll(${JSON.stringify(selector)})].map((each) => each.textContent.replace(/\\s+/g, ' ').trim()).join('\\n')`,
  )
const shows = (page: Visitor, selector: string, what: string) =>
  until(
    page,
    `[...document.querySelectorAll(${JSON.stringify(selector)})].some((each) => each.textContent.includes(${JSON.stringify(what)}))`,
  )
const hash = (page: Visitor) =>
  page.evaluate<string>('location.hash').then((all) => new URLSearchParams(all.slice(1)))

/** A page of its own, with these files open and checked. */
async function opened(page: Visitor, files: readonly string[], link = ''): Promise<void> {
  // By its address alone a page is not loaded anew.
  await page.goto('about:blank')
  await page.goto(`${PAGE}${link}`)
  await until(page, `document.querySelector('input[type=file]') !== null`)
  if (files.length === 0) return
  await page.choose(...files)
  await shows(page, '.checking', ' event')
}

describe.each(BROWSERS)('the page in %s', { timeout: DEADLINE_MS }, (name) => {
  let page: Visitor
  beforeAll(async () => {
    page = await visit(name, { width: 1280, height: 860 })
  }, DEADLINE_MS)
  afterAll(async () => {
    await page.close()
  })

  test('opens dumps of Node, Deno, Bun and a page at once, and finds the same in each', async () => {
    await page.goto('about:blank')
    const own = await dumps.ofPage(page, `${name}.shdump`)
    await opened(page, [...(['node20', 'deno', 'bun'] as const).map((each) => dumps.of(each)), own])
    expect(await text(page, '.open b')).toBe(
      ['node20', 'deno', 'bun', name].map((each) => `${each}.shdump`).join('\n'),
    )
    expect(await text(page, '.lists .count')).toBe('160 histories')
    const rows = (await text(page, '.histories .scroller .row.wrong .c-object')).split('\n')
    expect(rows).toEqual([victim, victim, victim, victim])
    await page.press('5')
    await until(page, `document.querySelector('.stats select') !== null`)
    await page.evaluate(
      `(() => { const select = document.querySelector('.stats select'); select.value = '3'; select.dispatchEvent(new Event('change', { bubbles: true })) })()`,
    )
    await shows(page, '.stats h2', `${name}.shdump`)
    await page.press('4')
    await until(page, `document.querySelectorAll('.threads tbody tr').length === 4`)
    const runtimes = await text(page, '.threads tbody td:nth-of-type(4)')
    expect(runtimes.split('\n').sort()).toEqual(['browser', 'bun', 'deno', 'node'])
  })

  test("finds the demo's culprit by clicks", async () => {
    const cause = culprit()
    await opened(page, [demo.path])
    await page.click('.chip.bad')
    await until(
      page,
      `document.querySelectorAll('.histories .scroller .row:not(.wrong)').length === 0`,
    )
    const wrong = (await text(page, '.histories .scroller .c-object')).split('\n')
    await page.click(`.histories .scroller .row:nth-child(${wrong.indexOf(demo.object) + 1})`)
    await shows(page, '.life h2', demo.object)
    await shows(page, '.verdict', cause?.kind ?? '')
    await shows(page, '.verdict', cause?.text ?? '')
    const last = cause?.events.at(-1) ?? 0
    await page.click(`.proofs button:last-of-type`)
    expect((await hash(page)).get('event')).toBe(`${last}`)
    await shows(page, '.events .row.current .c-index', `${last}`)
    await shows(page, '.record', `#${last} by`)
    await page.click('#tab-around')
    await shows(page, '.neighbours .row.center .c-object', demo.object)
    await page.click('#tab-paths')
    // In a load of which many lives went most of the way with it, its own step is deeper in the tree than is open.
    await until(
      page,
      `(() => {
        const names = [...document.querySelectorAll('.step .names')].map((each) => each.textContent)
        if (names.some((each) => /(^| → )TCP_FAULT$/.test(each))) return true
        for (const closed of document.querySelectorAll('.twist[aria-expanded=false]')) closed.click()
        return false
      })()`,
    )
  })

  test("finds the demo's culprit by the keyboard alone", async () => {
    const cause = culprit()
    await opened(page, [demo.path])
    // Away from it first, the page has selected it already: down, past others that went wrong, to one that did not.
    for (let down = 0; down < 50; down++) {
      const before = (await hash(page)).get('history')
      await page.press('j')
      await until(page, `!location.hash.includes('history=${before}')`)
      if (down > 0 && (await text(page, '.verdict')).includes('Nothing is found wrong')) break
    }
    await shows(page, '.verdict', 'Nothing is found wrong')
    await page.press('n')
    await shows(page, '.verdict', '% sure')
    // There may be others that went wrong.
    while (!(await text(page, '.life h2')).includes(demo.object)) {
      const before = (await hash(page)).get('history')
      await page.press('n')
      await until(page, `!location.hash.includes('history=${before}')`)
      await until(page, `document.querySelector('.events .row.current') !== null`)
    }
    await shows(page, '.verdict', cause?.text ?? '')
    const [first = 0, ...others] = cause?.events ?? []
    await until(page, `location.hash.includes('event=${first}')`)
    for (const index of others) {
      await page.press('.')
      await until(page, `location.hash.includes('event=${index}')`)
      await shows(page, '.events .row.current .c-index', `${index}`)
    }
    await page.press('Shift+ArrowLeft')
    const before = Number((await hash(page)).get('event'))
    expect(before).toBeLessThan(others.at(-1) ?? first)
    await page.press('2')
    await shows(page, '.neighbours .row.center .c-index', `${before}`)
    await page.press('/')
    await page.type(demo.object)
    await until(page, `document.activeElement.matches('[data-search]')`)
    await until(
      page,
      `/^\\d+ of [\\d,]+$/.test(document.querySelector('.search output').textContent)`,
    )
    await page.press('Escape')
    await until(page, `document.activeElement.matches('.histories .grid')`)
    await page.press('End')
    await until(
      page,
      `document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.textContent.includes(${JSON.stringify(demo.object)})`,
    )
    await page.press('?')
    await shows(page, 'dialog', 'Keys and signs')
    await page.press('Escape')
    await until(page, `document.querySelector('dialog') === null`)
  })

  test('Tab reaches every part, and shows where it is', async () => {
    await opened(page, [race])
    await until(page, `document.querySelector('.proofs') !== null`)
    const reached = new Set<string>()
    for (let n = 0; n < 40; n++) {
      await page.press('Tab')
      const at = await page.evaluate<string>(
        `(() => { const it = document.activeElement; if (it === document.body) return ''; const style = getComputedStyle(it); if (it.matches(':focus-visible') && style.outlineStyle === 'none') return 'unseen ' + it.outerHTML.slice(0, 80); return it.closest('[aria-label]')?.getAttribute('aria-label') ?? it.textContent })()`,
      )
      reached.add(at)
    }
    expect([...reached].filter((each) => each.startsWith('unseen'))).toEqual([])
    for (const part of ['Lists', 'Histories', 'Views', 'Verdict', 'Scale', 'Zoom', 'Help'])
      expect([...reached]).toContain(part)
    expect([...reached]).toContain('Events of 0x7f95acf6ea60')
  })

  test('a link shows a colleague with the same file the same', async () => {
    await opened(page, [demo.path])
    await shows(page, '.life h2', demo.object)
    await page.press('3')
    await page.press('g')
    await until(page, `location.hash.includes('event=0')`)
    await page.press('/')
    await page.type('is:finding')
    await until(page, `location.hash.includes('find=is%3Afinding')`)
    const link = await page.evaluate<string>('location.hash')
    await opened(page, [], link)
    await shows(page, '.awaited', demo.path.split('/').at(-1) ?? '')
    await page.choose(demo.path)
    await shows(page, '.checking', ' event')
    expect(await page.evaluate<string>('location.hash')).toBe(link)
    expect(await text(page, '[role=tab][aria-selected=true]')).toContain('Paths')
    await until(page, `/^\\d of /.test(document.querySelector('.search output').textContent)`)
    await page.press('Escape')
    await page.press('1')
    await shows(page, '.life h2', demo.object)
    await shows(page, '.events .row.current .c-index', '0')
  })

  test('shows where events are lost, and what every other life did then', async () => {
    await opened(page, [race])
    await page.press('/')
    await page.type('is:lost')
    await until(page, `document.querySelector('.search output').textContent.startsWith('1 of')`)
    await page.click('.histories .scroller .row')
    await shows(page, '.events .row.gap', '- 2 events lost (#1-#2): they were begun by a thread')
    await shows(page, '.events .row.gap', '- 1 event lost (#4-#4)')
    await shows(page, '.life .facts', '3 lost (unfinished)')
    await page.press('g')
    await page.press('ArrowRight')
    await page.press('2')
    await shows(page, '.neighbours .row', '0x7f95acf6ea60')
    await shows(page, '.neighbours .row', 'b9a7-uuid')
    await shows(page, '.around .note', 'sessions: 4 histories were evicted')
  })

  test('opens a core and a compressed dump, and tells what a core is', async () => {
    await opened(page, [dumps.ofCore(), dumps.zipped()])
    expect(await text(page, '.open b')).toBe('core.4711\nrace.shdump.gz')
    await page.press('5')
    await shows(page, '.stats', "x86-64 core of `proxy', process 4711, terminated with signal")
  })

  test('opens a log with its rotated file as the dump that was exported into it', async () => {
    const told = async () => [
      await text(page, '.life h2'),
      await text(page, '.verdict'),
      await text(page, '.checking'),
      await text(page, '.lists .count'),
      await text(page, '.histories .scroller .row.wrong .c-object'),
    ]
    await opened(page, [demo.path])
    await shows(page, '.life h2', demo.object)
    await until(page, `document.querySelector('.proofs') !== null`)
    const expected = await told()
    const [log, older] = dumps.logOf(demo.path)
    await opened(page, [log, older])
    await shows(page, '.life h2', demo.object)
    await until(page, `document.querySelector('.proofs') !== null`)
    await expect.poll(told).toEqual(expected)
    expect(await text(page, '.open li')).not.toContain('warning')
    expect((await hash(page)).getAll('file')).toEqual(['proxy.log', 'proxy.log.1.gz'])
    for (const [key, sign] of [
      ['2', '.neighbours .row.center'],
      ['3', '.step'],
      ['4', '.threads .neighbours .row'],
    ] as const) {
      await page.press(key)
      await until(page, `document.querySelector(${JSON.stringify(sign)}) !== null`)
    }
    await page.press('5')
    await shows(page, '.stats', 'lines of histories in proxy.log, proxy.log.1.gz')
    await shows(page, '.stats .fine', 'no line is missing')
    // Cut, as by a full disk: what came before the cut is there.
    const packed = readFileSync(older)
    await opened(page, [dumps.file('cut.log.gz', packed.subarray(0, packed.length * 0.6))])
    await page.press('5')
    await shows(page, '.stats', 'cut.log.gz: the gzip stream is broken or cut')
    // Without every tenth line, and with one that is none: what is missing is told, as is a file that is no log.
    const lines = readFileSync(log, 'utf8').split('\n')
    await opened(page, [
      dumps.file('holes.log', lines.filter((_, n) => n % 10 !== 5).join('\n')),
      dumps.file('garbled.log', `[struct-history@32473 run="me"]\n${lines.at(-2)}\n`),
      dumps.file('foreign.log', 'Nov 28 04:12:33 web1 sshd[12]: Accepted publickey\n'),
    ])
    expect(await text(page, '.troubles article h2')).toBe('foreign.log was not opened')
    expect(await text(page, '.troubles article')).toContain(
      'This is neither a dump of struct-history nor a log with histories in it: it looks like text.',
    )
    await shows(page, '.open li', 'warnings')
    await page.press('5')
    await shows(page, '.stats', 'garbled.log: line 1 is no line of a history')
    await shows(page, '.stats .lossy', 'linesMissing')
  })

  test('zstd is opened, or the page says how to undo it', async () => {
    const packed = `${race}.zst`
    execFileSync('zstd', ['-q', '-f', race, '-o', packed])
    await opened(page, [])
    await page.choose(packed)
    const knows = await page.evaluate<boolean>(
      `(() => { try { new DecompressionStream('zstd'); return true } catch { return false } })()`,
    )
    if (knows) await shows(page, '.open b', 'race.shdump.zst')
    else await shows(page, '.troubles', 'Run "zstd -d race.shdump.zst"')
  })

  test('says of what it cannot open what it is and what to do; the rest is opened', async () => {
    const damaged = readFileSync(race)
    damaged.fill(0xa5, 64, 80)
    const empty = dumps.file('empty.shdump', '')
    await opened(page, [])
    await page.choose(empty)
    await shows(page, '.troubles', 'The file is empty.')
    await shows(page, '.troubles', 'look at the size again')
    await page.choose(
      dumps.file('notes.txt', 'Dear colleague, the dump is attached.'),
      dumps.file('picture.png', Buffer.from('89504e470d0a1a0a0000', 'hex')),
      dumps.file('damaged.shdump', damaged),
      dumps.file('cut.shdump', readFileSync(race).subarray(0, 140_000)),
      race,
    )
    await shows(page, '.checking', ' event')
    const said = await text(page, '.troubles article')
    expect(said).toContain(
      'notes.txt was not openedThis is neither a dump of struct-history nor a log with histories in it: it looks like text.',
    )
    expect(said).toContain('it looks like a PNG picture')
    expect(said).toContain('damaged.shdump was not openedThe beginning of this dump is damaged.')
    expect(await text(page, '.open b')).toBe('cut.shdump\nrace.shdump')
    await shows(page, '.open li:first-child .lost', 'warning')
    await page.click('.troubles > button')
    await until(page, `document.querySelector('.troubles') === null`)
  })

  test('reading a core of gigabytes shows how far it is, and is given up by a button', async () => {
    const long = dumps.ofLongCore('core.long', 20 * 2 ** 30)
    await opened(page, [])
    await page.choose(long)
    await shows(page, '.waiting', 'Reading core.long')
    await until(page, `document.querySelector('.waiting progress').value > 0`)
    await page.click('.waiting button')
    await until(page, `document.querySelector('.waiting') === null`)
    await page.choose(race)
    await shows(page, '.checking', ' event')
    expect(await text(page, '.open b')).toBe('race.shdump')
  })

  test('files that are dropped are opened beside those that are open', async () => {
    await opened(page, [race])
    const bytes = readFileSync(dumps.ofCore('core.1')).toString('base64')
    await page.evaluate(`(() => {
      const data = new DataTransfer()
      data.items.add(new File([Uint8Array.from(atob('${bytes}'), (c) => c.charCodeAt(0))], 'core.1'))
      const target = document.querySelector('.shdb')
      for (const kind of ['dragover', 'drop'])
        target.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }))
    })()`)
    await shows(page, '.open', 'core.1')
    expect(await text(page, '.open b')).toBe('race.shdump\ncore.1')
  })

  test('takes no name and no text in a dump for anything but text', async () => {
    await opened(page, [dumps.ofHostile()])
    for (const panel of ['1', '2', '3', '4', '5', '?']) {
      await page.press(panel)
      await page.press('j')
      await until(page, `document.querySelector('.empty') === null`)
      expect(await page.evaluate('globalThis.harmed ?? 0')).toBe(0)
      expect(
        await page.evaluate(
          `document.querySelectorAll('.shdb :is(img, script, iframe, a)').length`,
        ),
      ).toBe(0)
    }
    await page.press('Escape')
    await page.press('1')
    await shows(page, '.life h2', '<img src=x onerror="globalThis.harmed=1">')
    await shows(page, '.events .c-log', '\\033[31m\\n{{constructor}}'.replace('\\n', '\\012'))
    await shows(page, '.events .c-thread', '\\342\\200\\256')
  })

  test('has 100,000 histories open with a few rows in the document', async () => {
    await opened(page, [dumps.ofMany()])
    const inDocument = `document.querySelectorAll('.histories .scroller .row').length`
    expect(await page.evaluate<number>(inDocument)).toBeLessThan(100)
    await shows(
      page,
      '.histories .row.wrong .c-object',
      `0x${(0x7f95acf00000 + 77_777 * 0x250).toString(16)}`,
    )
    await page.click('.histories .grid')
    await page.press('End')
    const last = `0x${(0x7f95acf00000 + 99_999 * 0x250).toString(16)}`
    await shows(page, '.histories .row.current .c-object', last)
    await shows(page, '.life h2', last)
    expect(await page.evaluate<number>(inDocument)).toBeLessThan(100)
    await page.click('.head .c-object button')
    await page.press('Home')
    await page.press('/')
    await page.type('af2b')
    await until(
      page,
      `/^[\\d,]+ of 100,000$/.test(document.querySelector('.search output').textContent)`,
    )
    await until(
      page,
      `[...document.querySelectorAll('.histories .scroller .c-object')].every((each) => each.textContent.includes('af2b'))`,
    )
  })

  test('asks nobody for anything: its policy allows no connection', async () => {
    await opened(page, [race])
    const refused = await page.evaluate<string>(
      `fetch('https://example.com/').then(() => 'went out', (error) => error.name)`,
    )
    expect(refused).toBe('TypeError')
    const policy = await page.evaluate<string>(`document.querySelector('meta[http-equiv]').content`)
    expect(policy).toContain("connect-src 'none'")
    expect(policy).not.toContain("script-src 'unsafe-inline'")
  })

  test('complains of nothing', () => {
    const own = page.complaints.filter((each) => !/example\.com|connect-src/.test(each))
    expect(own).toEqual([])
  })
})

describe('for people', { timeout: DEADLINE_MS }, () => {
  test.each([
    ['light', 1024],
    ['dark', 1600],
    ['dark', 1024],
  ] as const)('axe has nothing against any view, %s, %i pixels wide', async (theme, width) => {
    const page = await visit('chromium', { width, height: 820, dark: theme === 'dark' })
    try {
      const audited = async (view: string): Promise<void> => {
        await page.evaluate(`${AXE};0`)
        const found = await page.evaluate<string[]>(
          `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 160) + failureSummary).join(' | ')))`,
        )
        expect([view, found]).toEqual([view, []])
        const wider = await page.evaluate<string[]>(
          `[document.documentElement, ...document.querySelectorAll('.bar, .body > main, aside, [role=tabpanel]:not([hidden]), .tools, .row')].filter((each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX !== 'auto').map((each) => each.className + ' ' + each.scrollWidth + ' > ' + each.clientWidth)`,
        )
        expect([view, wider]).toEqual([view, []])
      }
      await opened(page, [])
      await audited('welcome')
      await page.choose(dumps.file('foreign.txt', 'none'))
      await shows(page, '.troubles', 'foreign.txt')
      await audited('trouble')
      await opened(page, [race, dumps.ofRace('other.shdump')])
      for (const [key, sign] of [
        ['1', '.timeline'],
        ['2', '.neighbours .row.center'],
        ['3', '.step'],
        ['4', '.threads .neighbours .row'],
        ['5', '.stats .problems, .stats .fine'],
      ] as const) {
        await page.press(key)
        await until(page, `document.querySelector(${JSON.stringify(sign)}) !== null`)
        await audited(`panel ${key}`)
      }
      await page.press('?')
      await shows(page, 'dialog', 'Keys and signs')
      await audited('help')
    } finally {
      await page.close()
    }
  })
})
