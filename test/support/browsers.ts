// Firefox ESR and WebKitGTK as the distribution ships them, as vitest browser providers. vitest's own playwright provider
// drives neither: it wants its patched builds. Opening a page and closing the browser is all that plain suites need.

import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { defineBrowserProvider } from '@vitest/browser'
import puppeteer, { type Browser } from 'puppeteer-core'

const MINI_BROWSER = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser'

interface ProjectWithCommands {
  readonly browser?:
    | { registerCommand(name: string, command: () => Promise<void>): void }
    | undefined
}

/** vitest sets the viewport before each file, and these drivers have no such call. */
function ignoreViewport(project: unknown): void {
  ;(project as ProjectWithCommands).browser?.registerCommand('__vitest_viewport', async () => {})
}

export function firefoxEsr(executablePath = '/usr/bin/firefox-esr') {
  return defineBrowserProvider({
    name: 'firefox-esr',
    options: {},
    providerFactory(project) {
      ignoreViewport(project)
      let browser: Browser | undefined
      return {
        name: 'firefox-esr',
        supportsParallelism: false,
        getCommandsContext: () => ({}),
        async openPage(_session: string, url: string) {
          browser ??= await puppeteer.launch({ browser: 'firefox', executablePath, headless: true })
          const page = await browser.newPage()
          await page.goto(url)
        },
        async close() {
          await browser?.close()
          browser = undefined
        },
      }
    },
  })
}

/** Needs an X display: run vitest under xvfb-run. */
export function webkitGtk(binary = MINI_BROWSER) {
  return defineBrowserProvider({
    name: 'webkitgtk',
    options: {},
    providerFactory(project) {
      ignoreViewport(project)
      let driver: WebDriver | undefined
      return {
        name: 'webkitgtk',
        supportsParallelism: false,
        getCommandsContext: () => ({}),
        async openPage(_session: string, url: string) {
          driver ??= await WebDriver.start(binary)
          await driver.open(url)
        },
        async close() {
          await driver?.close()
          driver = undefined
        },
      }
    },
  })
}

/** One session of WebKitWebDriver, by the few calls of the W3C protocol that are needed. */
class WebDriver {
  readonly #process: ChildProcess
  readonly #base: string
  #session = ''

  private constructor(process: ChildProcess, base: string) {
    this.#process = process
    this.#base = base
  }

  static async start(binary: string): Promise<WebDriver> {
    const port = await freePort()
    // Without the variable a cross-origin isolated page has no SharedArrayBuffer here; Safari itself turns it on.
    const env = { ...process.env, JSC_useSharedArrayBuffer: '1' }
    const child = spawn('WebKitWebDriver', [`--port=${port}`], { stdio: 'ignore', env })
    const failed = new Promise<never>((_, reject) => child.once('error', reject))
    const driver = new WebDriver(child, `http://127.0.0.1:${port}`)
    await Promise.race([failed, driver.#untilReady()])
    const options = { binary, args: ['--automation'] }
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': options } }
    const session = await driver.#call('POST', '/session', { capabilities })
    driver.#session = (session as { sessionId: string }).sessionId
    return driver
  }

  async open(url: string): Promise<void> {
    await this.#call('POST', `/session/${this.#session}/url`, { url })
  }

  async close(): Promise<void> {
    await this.#call('DELETE', `/session/${this.#session}`).catch(() => {})
    this.#process.kill()
  }

  async #untilReady(): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        await this.#call('GET', '/status')
        return
      } catch (error) {
        if (attempt > 100) throw error
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const content = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = await fetch(this.#base + path, { method, ...content })
    const { value } = (await response.json()) as { value: { error?: string; message?: string } }
    if (value?.error) throw new Error(`WebKitWebDriver ${path}: ${value.error}: ${value.message}`)
    return value
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
