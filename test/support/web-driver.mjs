// WebKitGTK's own driver. Plain .mjs: the benchmarks drive it, too, and Node 20 loads no TypeScript.

import { spawn } from 'node:child_process'
import { createServer } from 'node:net'

const MINI_BROWSER = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser'

/** One session of WebKitWebDriver, by the few calls of the W3C protocol that are needed. */
export class WebDriver {
  #process
  #base
  #session = ''
  #isGroup

  constructor(child, base, isGroup) {
    this.#process = child
    this.#base = base
    this.#isGroup = isGroup
  }

  /** `display: true`: on one of its own, where the test runs on none. */
  static async start({ binary = MINI_BROWSER, display = false } = {}) {
    const port = await freePort()
    // Without the variable a cross-origin isolated page has no SharedArrayBuffer here; Safari itself turns it on.
    const env = { ...process.env, JSC_useSharedArrayBuffer: '1' }
    const [command, ...words] = [...(display ? ['xvfb-run', '-a'] : []), 'WebKitWebDriver']
    const options = { stdio: 'ignore', env, detached: display }
    const child = spawn(command, [...words, `--port=${port}`], options)
    const failed = new Promise((_, reject) => child.once('error', reject))
    const driver = new WebDriver(child, `http://127.0.0.1:${port}`, display)
    await Promise.race([failed, driver.#untilReady()])
    const browser = { binary, args: ['--automation'] }
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': browser } }
    const session = await driver.#call('POST', '/session', { capabilities })
    driver.#session = session.sessionId
    return driver
  }

  async open(url) {
    await this.#call('POST', `/session/${this.#session}/url`, { url })
  }

  url() {
    return this.#call('GET', `/session/${this.#session}/url`)
  }

  /** Of an expression, in the page; a promise is waited for. */
  evaluate(expression) {
    const script = `return (${expression})`
    return this.#call('POST', `/session/${this.#session}/execute/sync`, { script, args: [] })
  }

  /** Base64 of a PNG. */
  screenshot() {
    return this.#call('GET', `/session/${this.#session}/screenshot`)
  }

  async close() {
    await this.#call('DELETE', `/session/${this.#session}`).catch(() => {})
    // With the display that it was started on, if it was.
    if (this.#isGroup) process.kill(-this.#process.pid)
    else this.#process.kill()
  }

  async #untilReady() {
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

  async #call(method, path, body) {
    const content = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = await fetch(this.#base + path, { method, ...content })
    const { value } = await response.json()
    if (value?.error) throw new Error(`WebKitWebDriver ${path}: ${value.error}: ${value.message}`)
    return value
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
