// Firefox: its content process while it runs, and the core of it. Chromium: why there is nothing in its core.

import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import puppeteer, { type Browser } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openProcess } from '../../src/cli/process.ts'
import type { Image } from '../../src/inspect.ts'
import { type IsolatedPage, serveIsolated } from '../support/isolated-page.ts'
import { coreIn, Folder, shdb } from './programs.ts'
import { descendantsOf } from './running.ts'

const PAGE = `<!doctype html><title>page</title><script type="module">
import { Recorder } from '/index.js'
const recorder = new Recorder({ name: 'page', budget: '4MiB' })
const { OPEN, SEND } = recorder.verbs({ OPEN: +1, SEND: 0 })
const history = recorder.list('sockets').push(0x7f95acf6ea60)
history.log(OPEN, 'open %s', 'wss')
for (let i = 0; i < 20; i++) history.log(SEND, 'send %d', i)
globalThis.kept = history
document.title = crossOriginIsolated ? 'ready' : 'not isolated'
</script>`

/** Without these Firefox catches its own signals, and its content process sits where it may write no file. */
const ENVIRONMENT = 'export MOZ_CRASHREPORTER_DISABLE=1 MOZ_DISABLE_CONTENT_SANDBOX=1'

let served: IsolatedPage
let url = ''
beforeAll(async () => {
  served = await serveIsolated(PAGE)
  url = served.url
})
afterAll(() => served.close())

const folders: Folder[] = []
const browsers: Browser[] = []
afterAll(async () => {
  for (const each of browsers) await each.close().catch(() => {})
  for (const each of folders) each.remove()
})

/** The browser with a page that records, its working directory a folder for cores. */
async function opened(
  browser: 'firefox' | 'chrome',
  executable: string,
): Promise<{ folder: Folder; browser: Browser }> {
  const folder = new Folder()
  folders.push(folder)
  const program = folder.file('browser')
  writeFileSync(
    program,
    `#!/bin/bash\n${ENVIRONMENT}\nulimit -c unlimited && cd ${folder.path} && exec ${executable} "$@"\n`,
  )
  chmodSync(program, 0o755)
  const started = await puppeteer.launch({
    browser,
    executablePath: program,
    headless: true,
    ...(browser === 'chrome' && { args: ['--no-sandbox', '--disable-gpu', '--disable-breakpad'] }),
  })
  browsers.push(started)
  const page = await started.newPage()
  await page.goto(url)
  await page.waitForFunction('document.title !== "page"')
  expect(await page.title()).toBe('ready')
  return { folder, browser: started }
}

/** The process that has the page, and its image. */
async function pageOf(browser: Browser): Promise<{ pid: number; image: Image }> {
  const reasons: string[] = []
  for (const pid of descendantsOf(browser.process()?.pid ?? 0)) {
    try {
      const { images } = await openProcess(pid)
      const image = images.find((each) => each.name === 'page')
      if (image !== undefined) return { pid, image }
    } catch (error) {
      reasons.push(String(error))
    }
  }
  throw new Error(`No process has the page.\n${reasons.join('\n')}`)
}

async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      if (readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z')) return
    } catch {
      return
    }
    await new Promise((done) => setTimeout(done, 50))
  }
}

describe('Firefox', () => {
  test('its content process is looked at while it runs, and its core opened after kill -ABRT', async () => {
    const { folder, browser } = await opened('firefox', '/usr/bin/firefox-esr')
    const { pid, image } = await pageOf(browser)
    expect(image.find(0x7f95acf6ea60)[0]?.events().at(-1)?.log).toBe('send 19')
    process.kill(pid, 'SIGABRT')
    await gone(pid)
    const core = coreIn(folder, `Firefox's process ${pid}`)
    const { out, err, code } = shdb(['-ex', 'info target', '-ex', 'history 0x7f95acf6ea60', core])
    expect({ err, code }).toEqual({ err: '', code: 0 })
    expect(out).toMatch(/recorder "page"/)
    expect(out).toMatch(/terminated with signal SIGABRT/)
    expect(out).toMatch(/21 events, nothing lost/)
    expect(out).toMatch(/"send 19"/)
    expect(out).toContain(`at 0x${image.base.toString(16)}\n`)
  }, 90_000)
})

describe('Chromium', () => {
  test('its page is looked at while it runs; its core lacks the memory, which is said', async () => {
    const { folder, browser } = await opened('chrome', '/usr/bin/chromium')
    const { pid, image } = await pageOf(browser)
    expect(image.find(0x7f95acf6ea60)[0]?.events().at(-1)?.log).toBe('send 19')
    process.kill(pid, 'SIGSEGV')
    await gone(pid)
    const core = coreIn(folder, `Chromium's process ${pid}`)
    const { err, code } = shdb(['-ex', 'info target', core])
    expect(code).toBe(1)
    expect(err).toMatch(/^No recorder in .*, x86-64 core of `.*chromium.*', process \d+, /)
    expect(err).toMatch(/Chromium keeps the memory of its pages out of cores/)
  }, 90_000)
})
