// docs/RECIPES.md: each program against the real library, asked of what the page tells; shdb then says what the page shows.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createRequire } from 'node:module'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { freePort } from '../support/free-port.ts'
import { scratchFolder } from '../support/scratch.ts'
import { until, visit } from '../web/visitor.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const packages = join(root, 'ci/recipes/node_modules')
const recipes = new Map(
  readFileSync(join(root, 'docs/RECIPES.md'), 'utf8')
    .split(/^## /m)
    .map((text) => [text.slice(0, text.indexOf('\n')), text]),
)
const DEADLINE_MS = 60_000
const LINES_MAX = 25
const TRIES = 3

let home = ''
beforeAll(() => {
  home = scratchFolder('recipes')
  symlinkSync(packages, join(home, 'node_modules'))
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** The programs of a recipe, and the session that it shows. */
function recipeOf(title: string) {
  const blocks = [...(recipes.get(title) ?? '').matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)]
  const programs = blocks
    .filter(([, head = '']) => head.startsWith('js '))
    .map(([, head = '', text = '']) => ({ name: head.slice(3), text }))
  const session = blocks.find(([, , text = '']) => text.startsWith('$ npx shdb '))?.[2] ?? ''
  const [typed = '', ...shown] = session.split('\n')
  const [, command = ''] = /-ex '(.*?)'/.exec(typed) ?? []
  return { programs, command, shown: shown.join('\n') }
}

/** Numbers are those of a run, but for the thread's. */
const shape = (text: string) => text.replace(/0x[0-9a-f]+|(?<!tid = )\b\d+/g, '0')

function shdb(command: string, ...image: readonly string[]): string {
  const words = ['-nx', '-q', '-batch', '-ex', command, ...image]
  const { stdout, stderr } = spawnSync(process.execPath, [packageJson.bin.shdb, ...words], {
    cwd: root,
    encoding: 'utf8',
    timeout: DEADLINE_MS,
  })
  return stdout + stderr
}

interface Service {
  readonly folder: string
  readonly port: number
  readonly child: ChildProcess
}

async function start(title: string): Promise<Service> {
  const { programs } = recipeOf(title)
  const { name = '', text = '' } = programs[0] ?? {}
  expect(programs).toHaveLength(1)
  const folder = mkdtempSync(join(home, 'run-'))
  const port = await freePort()
  writeFileSync(join(folder, name), text.replace(/\b3000\b/, String(port)))
  return { folder, port, child: spawn(process.execPath, [name], { cwd: folder, stdio: 'ignore' }) }
}

/** Once the service listens. */
async function connected(port: number): Promise<Socket> {
  const end = Date.now() + DEADLINE_MS
  for (;;) {
    const socket = connect(port, '127.0.0.1').on('error', () => {})
    const isThere = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true)).once('close', () => resolve(false))
    })
    if (isThere) return socket
    if (Date.now() > end) throw new Error(`nobody listens on ${port}`)
    await wait(50)
  }
}

async function sent(port: number, path: string): Promise<Socket> {
  const socket = await connected(port)
  socket.write(`GET ${path} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n`)
  return socket
}

/** The whole answer, with the connection closed. */
async function answer(port: number, path: string): Promise<string> {
  let said = ''
  for await (const part of await sent(port, path)) said += part
  return said
}

async function ended(child: ChildProcess): Promise<void> {
  const late = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS)
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  clearTimeout(late)
}

/** What shdb says of the one dump that the service has left. */
function shownOf({ folder }: Service, command: string): string {
  const dumps = readdirSync(folder).filter((name) => name.endsWith('.shdump'))
  expect(dumps).toHaveLength(1)
  return shdb(command, join(folder, dumps[0] as string))
}

/**
 * Runs the recipe, has `visitor` ask, ends it with SIGTERM and compares. What the page shows is in time: a client leaves while a
 * database takes its second. Where a busy machine held the client up for longer, the program runs again.
 */
async function follow(title: string, visitor: (port: number, pid?: number) => Promise<void>) {
  const { command, shown } = recipeOf(title)
  let said = ''
  for (let n = 0; n < TRIES && said !== shape(shown); n++) {
    const service = await start(title)
    try {
      await visitor(service.port, service.child.pid)
      service.child.kill('SIGTERM')
      await ended(service.child)
    } finally {
      service.child.kill('SIGKILL')
    }
    said = shape(shownOf(service, command))
  }
  expect(said).toBe(shape(shown))
}

describe('docs/RECIPES.md', { timeout: 2 * DEADLINE_MS }, () => {
  test('its programs are short', () => {
    const programs = [...recipes.keys()].flatMap((title) => recipeOf(title).programs)
    expect(programs).toHaveLength(7)
    const lines = (text: string) => text.split('\n').filter((line) => line !== '').length
    for (const { name, text } of programs) expect(lines(text), name).toBeLessThanOrEqual(LINES_MAX)
  })

  test('Express: what a handler does after its client has left', () =>
    follow('Express', async (port) => {
      const impatient = await sent(port, '/order/7?token=1')
      // What came later is answered: so the first is at the database.
      expect(await answer(port, '/none')).toMatch(/^HTTP\/1.1 404/)
      impatient.destroy()
      expect(await answer(port, '/order/8')).toContain('{"id":"8"}')
    }))

  test('Fastify: what a request did before it failed', () =>
    follow('Fastify', async (port) => {
      expect(await answer(port, '/order/7?token=1')).toMatch(/^HTTP\/1.1 500/)
    }))

  test('Hono: a stream goes on without its client', () =>
    follow('Hono', async (port) => {
      const impatient = await sent(port, '/orders')
      for await (const part of impatient) if (String(part).includes('order 1')) break
      expect(await answer(port, '/orders')).toMatch(/order 1[\s\S]*order 2/)
    }))

  test('WebSocket servers: a client that does not read', () =>
    follow('WebSocket servers', async (port, pid) => {
      ;(await connected(port)).destroy()
      const WebSocket = createRequire(join(packages, 'ws/'))('ws')
      const slow = new WebSocket(`ws://127.0.0.1:${port}`)
      await once(slow, 'open')
      slow.send('subscribe')
      slow.pause()
      await expect
        .poll(() => shdb('history 1', '-p', String(pid)), { timeout: DEADLINE_MS, interval: 1000 })
        .toContain('WS_CLOSE')
      slow.on('error', () => {}).terminate()
    }))

  test('Worker threads: a job whose thread has died', async () => {
    const service = await start('Worker threads')
    await ended(service.child)
    expect(service.child.exitCode).toBe(1)
    const { command, shown } = recipeOf('Worker threads')
    expect(shape(shownOf(service, command))).toBe(shape(shown))
    expect(shownOf(service, 'history 1')).toMatch(
      /ended.*\n.*JOB_QUEUED.*\n.*JOB_STEP.*\n.*JOB_DONE/,
    )
  })

  test('A browser app: the next visit brings the dump of the last', async () => {
    const { programs, command, shown } = recipeOf('A browser app')
    const folder = mkdtempSync(join(home, 'run-'))
    const faults = { name: 'faults.mjs', text: `export * from 'struct-history/faults'` }
    const modules = [...programs, faults]
    for (const { name, text } of modules) writeFileSync(join(folder, name), text)
    await build({
      entryPoints: modules.map(({ name }) => join(folder, name)),
      bundle: true,
      format: 'esm',
      outdir: join(folder, 'served'),
      outExtension: { '.js': '.mjs' },
      logLevel: 'error',
    })
    const dump = join(folder, 'uploads.shdump')
    const server = createHttpServer(async (request, response) => {
      const [, script] = /^\/(\w+\.mjs)$/.exec(request.url ?? '') ?? []
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
      response.setHeader('Content-Type', script ? 'text/javascript' : 'text/html')
      if (request.method === 'POST') {
        const parts: Buffer[] = []
        for await (const part of request) parts.push(part)
        writeFileSync(dump, Buffer.concat(parts), { flag: 'wx' })
      }
      response.end(script ? readFileSync(join(folder, 'served', script)) : PAGE)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const page = await visit('chromium')
    try {
      const url = `http://localhost:${port}/`
      await page.goto(url)
      const inspector = `document.querySelector('#histories').firstElementChild?.shadowRoot?.querySelector('.shdb')?.innerText`
      const shows = (what: string) => until(page, `(${inspector} ?? '').includes('${what}')`)
      writeFileSync(join(folder, 'full'), 'full')
      writeFileSync(join(folder, 'empty'), '')
      await page.choose(join(folder, 'full'))
      await shows('ended')
      await page.choose(join(folder, 'empty'))
      await until(
        page,
        `import('/faults.mjs').then((faults) => faults.savedDumps()).then(({ length }) => length)`,
      )
      await page.goto(url)
      await expect.poll(() => existsSync(dump), { timeout: DEADLINE_MS }).toBe(true)
    } finally {
      await page.close()
      server.close()
    }
    expect(shape(shdb(command, dump))).toBe(shape(shown))
    expect(shdb('history 1', dump)).toContain('"hashed"')
  })
})

const PAGE = `<!doctype html><title>Uploads</title><input type="file" id="file"><div id="histories"></div>
<script type="module" src="page.mjs"></script>`
