// The black box of a page, when nobody is asked: its renderer, or the whole browser, is killed by SIGKILL. The next visit, with
// the same profile, reads all but what no pass has seen.

import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { chromium } from 'playwright'
import puppeteer from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openImage } from '../../src/inspect.ts'
import { type IsolatedPage, serveIsolated } from '../support/isolated-page.ts'
import { Folder } from './programs.ts'
import { descendantsOf } from './running.ts'

/**
 * Logs for ever. Its title says how many events two passes have begun and ended after: those no death may lose; and how
 * many there are.
 */
const PAGE = `<!doctype html><title>page</title><script type="module">
import { Recorder } from '/index.js'
import { savedDumps } from '/faults/index.js'
globalThis.saved = async () => Promise.all((await savedDumps()).map(async (dump) => ({
  name: dump.name, reason: dump.reason,
  bytes: btoa(Array.from(await dump.bytes(), (byte) => String.fromCharCode(byte)).join('')),
})))
globalThis.work = () => {
  const recorder = new Recorder({ name: 'page', file: 'page', durable: 'copied', interval: 10, budget: '4MiB' })
  const { SENT } = recorder.verbs({ SENT: 0 })
  const list = recorder.list('work', { window: 1000 })
  let n = 0
  let life
  let mark = { n: 0, copies: 0 }
  setInterval(() => {
    for (let i = 0; i < 20; i++, n++) {
      if (n % 20 === 0) life = list.push(n / 20 + 1)
      if (n % 3 === 0) life.log(SENT, '%s', 'n ' + n)
      else life.log(SENT, 'n %d', n)
    }
    const { copies } = recorder.stats()
    if (copies >= mark.copies + 2) {
      document.title = 'copied ' + mark.n + ' of ' + n
      mark = { n, copies }
    }
  }, 1)
}
document.title = crossOriginIsolated ? 'ready' : 'not isolated'
</script>`

let served: IsolatedPage
let url = ''
beforeAll(async () => {
  served = await serveIsolated(PAGE)
  url = served.url
})
const folder = new Folder()
afterAll(() => {
  served.close()
  folder.remove()
})

interface Visit {
  readonly pid: number
  evaluate<Value>(expression: string): Promise<Value>
  title(): Promise<string>
  close(): Promise<void>
}

const visits = {
  async chromium(profile: string): Promise<Visit> {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-breakpad'],
    })
    const page = await context.newPage()
    await page.goto(url)
    return {
      pid: processWith(profile),
      evaluate: (expression) => page.evaluate(expression),
      title: () => page.title(),
      close: () => context.close(),
    }
  },
  async firefox(profile: string): Promise<Visit> {
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: '/usr/bin/firefox-esr',
      headless: true,
      userDataDir: profile,
    })
    const page = await browser.newPage()
    await page.goto(url)
    return {
      pid: browser.process()?.pid ?? 0,
      evaluate: <Value>(expression: string) => page.evaluate(expression) as Promise<Value>,
      title: () => page.title(),
      close: () => browser.close(),
    }
  },
}

/** The browser's first process, by the folder that it was given. */
function processWith(profile: string): number {
  const found = descendantsOf(process.pid).find((pid) => {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return (
      words.includes(`--user-data-dir=${profile}`) &&
      !words.some((each) => each.startsWith('--type='))
    )
  })
  if (found === undefined) throw new Error(`no process has ${profile}`)
  return found
}

/** What shows pages: processes of their own below the browser's. */
function renderers(pid: number, browser: keyof typeof visits): readonly number[] {
  const mark = browser === 'chromium' ? '--type=renderer' : '-contentproc'
  return descendantsOf(pid).filter((each) => {
    try {
      return readFileSync(`/proc/${each}/cmdline`, 'utf8').includes(mark)
    } catch {
      return false
    }
  })
}

function kill(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It went with another.
    }
  }
}

async function eventually<Value>(read: () => Promise<Value>, isIt: (value: Value) => boolean) {
  for (const end = Date.now() + 60_000; ; ) {
    const value = await read()
    if (isIt(value)) return value
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(value)?.slice(0, 300)}`)
    await new Promise((done) => setTimeout(done, 50))
  }
}

/** How many events no death may lose, and how many there were. */
const told = (title: string) => /^copied (\d+) of (\d+)$/.exec(title)?.slice(1).map(Number)

describe.each(['chromium', 'firefox'] as const)('%s', (browser) => {
  test.each(['renderer', 'browser'] as const)(
    'the %s is killed: the next visit has all but what no pass has seen',
    async (what) => {
      const profile = folder.file(`${browser} ${what}`)
      mkdirSync(profile)
      const visit = await visits[browser](profile)
      const all = [visit.pid, ...descendantsOf(visit.pid)]
      try {
        await eventually(visit.title, (title) => title === 'ready')
        expect(await visit.evaluate('saved()')).toEqual([])
        await visit.evaluate('work()')
        const title = await eventually(visit.title, (each) => (told(each)?.[0] ?? 0) > 2000)
        const [copied = 0] = told(title) ?? []
        kill(
          what === 'browser'
            ? [visit.pid, ...descendantsOf(visit.pid)]
            : renderers(visit.pid, browser),
        )
        if (what === 'renderer') await visit.close().catch(() => {})
        await eventually(
          async () => all.filter(isAlive),
          (alive) => alive.length === 0,
        )
        const again = await visits[browser](profile)
        try {
          await eventually(again.title, (each) => each === 'ready')
          const saved = await eventually(
            () => again.evaluate<{ name: string; reason: string; bytes: string }[]>('saved()'),
            (each) => each.length > 0,
          )
          expect(saved.map(({ reason }) => reason)).toEqual(['the page crashed, or was killed'])
          const image = openImage(Buffer.from(saved[0]?.bytes ?? '', 'base64'))
          const numbers = (image.list('work')?.histories() ?? [])
            .flatMap((life) => life.events())
            .filter(({ verb, log }) => verb !== '' && !log.startsWith('%s'))
            .map(({ log }) => Number(log.slice(2)))
          // The oldest of the window may be about to go.
          const first = numbers[0] === 0 ? 0 : (numbers[0] ?? 0) + 2000
          const wanted = Array.from({ length: Math.max(0, copied - first) }, (_, at) => first + at)
          const there = new Set(numbers)
          expect(wanted.length).toBeGreaterThan(0)
          expect(wanted.filter((n) => !there.has(n))).toEqual([])
        } finally {
          await again.close()
        }
      } finally {
        kill(all.filter(isAlive))
        rmSync(profile, { recursive: true, force: true })
      }
    },
    180_000,
  )
})

function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z')
  } catch {
    return false
  }
}
