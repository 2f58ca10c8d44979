// Opens a page in the browsers of the system, as the tests do.

import { WebDriver } from '../../test/support/web-driver.mjs'

/** name -> open(url), which answers how to close it. */
export const BROWSERS = {
  async chromium(url) {
    const { chromium } = await import('playwright')
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
    })
    await (await browser.newPage()).goto(url)
    return () => browser.close()
  },
  async firefox(url) {
    const { default: puppeteer } = await import('puppeteer-core')
    const executablePath = '/usr/bin/firefox-esr'
    const browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true })
    await (await browser.newPage()).goto(url)
    return () => browser.close()
  },
  /** Needs an X display: bench/host/runtimes.mjs starts itself under xvfb-run. */
  async webkit(url) {
    const driver = await WebDriver.start()
    await driver.open(url)
    return () => driver.close()
  },
}
