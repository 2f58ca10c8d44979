// Firefox ESR and WebKitGTK as the distribution ships them, as vitest browser providers. vitest's own playwright provider
// drives neither: it wants its patched builds. Opening a page and closing the browser is all that plain suites need.

import { defineBrowserProvider } from '@vitest/browser'
import puppeteer, { type Browser } from 'puppeteer-core'
import { WebDriver } from './web-driver.mjs'

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
export function webkitGtk() {
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
          driver ??= await WebDriver.start()
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
