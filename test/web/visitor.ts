// Somebody at a page, in a real browser: the same few calls over playwright (Chromium), puppeteer (Firefox ESR) and the W3C
// protocol (WebKitGTK, which has no keyboard here, and tells nothing of what its console shows).

import { writeFileSync } from 'node:fs'
import { chromium } from 'playwright'
import puppeteer, { type ElementHandle } from 'puppeteer-core'
import { WebDriver } from '../support/web-driver.mjs'

export interface Visitor {
  goto(url: string): Promise<void>
  url(): Promise<string>
  /** Of an expression, in the page. */
  evaluate<Value>(expression: string): Promise<Value>
  type(text: string): Promise<void>
  /** 'Enter', 'Control+r' */
  press(keys: string): Promise<void>
  click(selector: string): Promise<void>
  /** Chooses files in the first field for them. */
  choose(...files: readonly string[]): Promise<void>
  screenshot(file: string): Promise<void>
  /** What the page said went wrong: errors, and what its policy refused. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

export interface Look {
  readonly width?: number
  readonly height?: number
  readonly dark?: boolean
}

export const BROWSERS = ['chromium', 'firefox'] as const
export type BrowserName = (typeof BROWSERS)[number] | 'webkit'

const VISITS = { chromium: inChromium, firefox: inFirefox, webkit: inWebKit }

export const visit = (name: BrowserName, look: Look = {}): Promise<Visitor> => VISITS[name](look)

async function inChromium({ width = 1200, height = 800, dark = false }: Look): Promise<Visitor> {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  })
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
  })
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(`${error}`))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  return {
    complaints,
    goto: async (url) => void (await page.goto(url)),
    url: async () => page.url(),
    evaluate: (expression) => page.evaluate(expression),
    type: (text) => page.keyboard.type(text),
    press: (keys) => page.keyboard.press(keys),
    click: (selector) => page.click(selector),
    choose: (...files) => page.locator('input[type=file]').first().setInputFiles(files),
    screenshot: async (file) => void (await page.screenshot({ path: file })),
    close: () => browser.close(),
  }
}

async function inFirefox({ width = 1200, height = 800, dark = false }: Look): Promise<Visitor> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: '/usr/bin/firefox-esr',
    headless: true,
    extraPrefsFirefox: { 'layout.css.prefers-color-scheme.content-override': dark ? 0 : 1 },
  })
  const page = await browser.newPage()
  await page.setViewport({ width, height })
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(`${error}`))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  return {
    complaints,
    goto: async (url) => void (await page.goto(url)),
    url: async () => page.url(),
    evaluate: <Value>(expression: string) => page.evaluate(expression) as Promise<Value>,
    type: (text) => page.keyboard.type(text),
    async press(keys) {
      const names = keys.split('+') as Parameters<typeof page.keyboard.down>[0][]
      for (const name of names) await page.keyboard.down(name)
      for (const name of names.reverse()) await page.keyboard.up(name)
    },
    click: (selector) => page.click(selector),
    async choose(...files) {
      const field = (await page.$('input[type=file]')) as ElementHandle<HTMLInputElement> | null
      await field?.uploadFile(...files)
    },
    screenshot: async (file) => void (await page.screenshot({ path: file as `${string}.png` })),
    close: () => browser.close(),
  }
}

async function inWebKit(): Promise<Visitor> {
  const driver = await WebDriver.start({ display: true })
  const keyless = async (): Promise<void> => {
    throw new Error('There is no keyboard at WebKitGTK')
  }
  return {
    complaints: [],
    goto: (url) => driver.open(url),
    url: () => driver.url(),
    evaluate: <Value>(expression: string) => driver.evaluate(expression) as Promise<Value>,
    type: keyless,
    press: keyless,
    click: async (selector) =>
      void (await driver.evaluate(`document.querySelector(${JSON.stringify(selector)}).click()`)),
    choose: keyless,
    screenshot: async (file) => writeFileSync(file, await driver.screenshot(), 'base64'),
    close: () => driver.close(),
  }
}

const DEADLINE_MS = 30_000

/** Waits until the expression is true in the page; what it was last, if never. */
export async function until(visitor: Visitor, expression: string): Promise<void> {
  const end = Date.now() + DEADLINE_MS
  for (;;) {
    const value = await visitor.evaluate<unknown>(expression)
    if (value) return
    if (Date.now() > end) throw new Error(`never true: ${expression}; ${visitor.complaints}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
