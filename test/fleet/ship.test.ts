// Dumps on their way to real servers: of a process that fails, by a process that outlives it.

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import type { IncomingMessage, Server } from 'node:http'
import { createServer as createSecure } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from 's3rver'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

const SHDB = join(import.meta.dirname, '../../build/cli/shdb.js')
const PROGRAM = join(import.meta.dirname, 'fault.program.mjs')
const PATIENCE_MS = 60_000

let folder: string
let dumps: string
let secure: Server
/** What the server answers next, by turns; then 200. */
let answers: (number | 'never')[] = []
let received: { method: string; path: string; headers: IncomingMessage['headers']; body: Buffer }[]

function take(request: IncomingMessage, answer: (status: number) => void): void {
  const parts: Buffer[] = []
  request.on('data', (part) => parts.push(part))
  request.on('end', () => {
    const { method = '', url: path = '', headers } = request
    const next = answers.shift() ?? 200
    if (next === 200) received.push({ method, path, headers, body: Buffer.concat(parts) })
    if (next !== 'never') answer(next)
  })
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ship-'))
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject].concat([
      ...['-keyout', 'key.pem', '-out', 'ca.pem'],
    ]),
    { cwd: folder, stdio: 'ignore' },
  )
  const [key, cert] = ['key.pem', 'ca.pem'].map((name) => readFileSync(join(folder, name)))
  secure = createSecure({ key, cert }, (request, response) =>
    take(request, (status) => response.writeHead(status).end()),
  )
  secure.listen(0)
  await once(secure, 'listening')
})
afterAll(() => {
  secure.closeAllConnections()
  secure.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  dumps = mkdtempSync(join(folder, 'dumps-'))
  answers = []
  received = []
})

const port = (server: Server): number => (server.address() as AddressInfo).port
const base = () => `https://localhost:${port(secure)}`
const ca = () => join(folder, 'ca.pem')

function fail(ship: object) {
  const options = JSON.stringify({ directory: dumps, file: 'proxy', ship })
  return spawnAside(process.execPath, [PROGRAM, options])
}

/** Not spawnSync: the server is in this process. */
async function spawnAside(command: string, argv: readonly string[], env: object = {}) {
  const child = spawn(command, argv, { env: { ...process.env, ...env } })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (text) => {
    stdout += text
  })
  child.stderr.on('data', (text) => {
    stderr += text
  })
  const [status] = await once(child, 'close')
  return { status, stdout, stderr }
}

const shdb = (argv: readonly string[], env = {}) =>
  spawnAside(process.execPath, [SHDB, 'ship', ...argv], env)

const dumpIn = () => readdirSync(dumps).find((name) => name.endsWith('.shdump')) as string

async function until(what: () => boolean): Promise<void> {
  const end = Date.now() + PATIENCE_MS
  while (!what()) {
    if (Date.now() > end) throw new Error(`not within ${PATIENCE_MS} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

const isShipped = () => readdirSync(dumps).some((name) => name.endsWith('.shipped'))

describe('dumpOnFault({ ship })', () => {
  test('ships by TLS what a process left that is gone by then, and does not mask why it failed', async () => {
    const { status, stderr } = await fail({
      ...{ url: `${base()}/in/{host}/{day}/{name}?key=hidden`, ca: ca(), remove: false },
      headers: { authorization: 'Bearer secret' },
    })
    expect(status).not.toBe(0)
    expect(stderr).toMatch(/dumped .*; process \d+ ships it to https:\S+\?…\n/)
    expect(stderr).toContain('Error: the failure')
    expect(stderr).not.toMatch(/hidden|secret/)
    await until(isShipped)
    const name = dumpIn()
    expect(received).toHaveLength(1)
    expect(received[0]).toMatchObject({
      method: 'PUT',
      headers: {
        authorization: 'Bearer secret',
        'content-length': `${statSync(join(dumps, name)).size}`,
      },
    })
    expect(received[0]?.path).toMatch(
      new RegExp(`^/in/[^/]+/\\d{4}-\\d\\d-\\d\\d/${name.replaceAll('.', '\\.')}\\?key=hidden$`),
    )
    expect(received[0]?.body.equals(readFileSync(join(dumps, name)))).toBe(true)
    const mark = readFileSync(join(dumps, `${name}.shipped`), 'utf8')
    expect(JSON.parse(mark).url).toMatch(/\?…$/)
    expect(statSync(join(dumps, `${name}.shipped`)).mode & 0o777).toBe(0o600)
  })

  test('tries again while the server fails', async () => {
    answers = [503, 429]
    await fail({ url: `${base()}/{name}`, ca: ca() })
    await until(isShipped)
    expect(received).toHaveLength(1)
  })

  test('ships at the next start what could not be shipped', async () => {
    const nobody = 'https://127.0.0.1:1/{name}'
    const { stderr } = await fail({ url: nobody, retries: 0 })
    expect(stderr).toContain('Error: the failure')
    await until(() => readdirSync(dumps).length === 1)
    const first = dumpIn()
    expect(isShipped()).toBe(false)
    await fail({ url: `${base()}/{name}`, ca: ca() })
    await until(() => received.length === 2)
    expect(received.map(({ path }) => path)).toContain(`/${first}`)
  })

  test('says at once what can never work', async () => {
    const told = async (ship: object) => (await fail(ship)).stderr
    expect(await told({ url: 'http://dumps.example.com/{name}' })).toContain(
      'TypeError: Cannot dump on fault: ship.url must be https, or http to this machine',
    )
    expect(await told({ url: `${base()}`, colour: 1 })).toContain('unknown option "ship.colour"')
  })

  test('never masks: a command that is not there is told of, and the dump is there', async () => {
    const { status, stderr } = await fail({ url: `${base()}/{name}`, command: ['/nosuch/shdb'] })
    expect(status).not.toBe(0)
    expect(stderr).toMatch(/dumped .*not shipped: its process did not start/)
    expect(stderr).toContain('Error: the failure')
    expect(existsSync(join(dumps, dumpIn()))).toBe(true)
  })
})

describe('shdb ship', () => {
  const write = (name: string, bytes: Uint8Array | string = 'a dump') =>
    writeFileSync(join(dumps, name), bytes)

  test('ships a folder, once each, and removes if so told', async () => {
    for (const name of ['a.shdump', 'b.shdump.gz', 'note.txt']) write(name)
    const argv = [
      '--url',
      `${base()}/{name}`,
      '--ca',
      ca(),
      '--method',
      'POST',
      '--header',
      'X-A: b',
    ]
    expect(await shdb([...argv, dumps])).toMatchObject({ status: 0, stderr: '' })
    expect(received.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /a.shdump',
      'POST /b.shdump.gz',
    ])
    expect(received[0]?.headers['x-a']).toBe('b')
    await shdb([...argv, dumps])
    expect(received).toHaveLength(2)
    write('c.shdump')
    await shdb([...argv, '--remove', dumps])
    expect(existsSync(join(dumps, 'c.shdump'))).toBe(false)
  })

  test('is bounded in time and size, and gives up where it is refused', async () => {
    write('a.shdump', Buffer.alloc(2 ** 20 + 1))
    const argv = ['--url', `${base()}/{name}`, '--ca', ca(), dumps]
    expect((await shdb(['--max-size', '1', ...argv])).stderr).toContain('more than 1 (--max-size)')
    answers = ['never']
    expect(await shdb(['--timeout', '1', ...argv])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/not shipped: no answer within/),
    })
    answers = [403]
    expect((await shdb(argv)).stderr).toMatch(/not shipped: the server answered 403\n/)
    expect(received).toEqual([])
    expect(readdirSync(dumps)).toEqual(['a.shdump'])
  })

  test('trusts no certificate that nobody vouches for', async () => {
    write('a.shdump')
    const { status, stderr } = await shdb(['--url', `${base()}/{name}`, '--retries', '0', dumps])
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/not shipped: self-signed certificate/),
    })
    expect(received).toEqual([])
  })

  test('signs for S3', async () => {
    const store = new S3rver({
      ...{ port: 0, address: '127.0.0.1', silent: true, directory: join(folder, 's3') },
      configureBuckets: [{ name: 'dumps', configs: [] }],
    })
    const { port: at } = (await store.run()) as AddressInfo
    try {
      const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, n) => n % 251))
      write('a b.shdump', bytes)
      const argv = ['--url', `http://127.0.0.1:${at}/dumps/{host}/{name}`, '--region', 'us-east-1']
      // This server looks at the request's shape and the key's name, not at the signature, which aws4fetch makes.
      const keys = { AWS_ACCESS_KEY_ID: 'nobody', AWS_SECRET_ACCESS_KEY: 'S3RVER' }
      expect(await shdb([...argv, '--retries', '0', dumps], keys)).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/the server answered 403/),
      })
      const right = { ...keys, AWS_ACCESS_KEY_ID: 'S3RVER' }
      expect(await shdb([...argv, dumps], right)).toMatchObject({ status: 0, stderr: '' })
      const kept = readdirSync(join(folder, 's3/dumps'), { recursive: true }).map(String)
      const object = kept.find((name) => name.endsWith('a b.shdump._S3rver_object'))
      expect(object && readFileSync(join(folder, 's3/dumps', object)).equals(bytes)).toBe(true)
    } finally {
      await store.close()
    }
  })

  test('says what is wrong with what it is told', async () => {
    const first = async (...argv: string[]) => (await shdb(argv)).stderr.split('\n')[0]
    expect(await first()).toBe('shdb ship: expected a dump or a folder of dumps')
    expect(await first(dumps)).toBe("shdb ship: option '--url' is required")
    expect(await first('--url', 'https://a/{what}', dumps)).toMatch(
      /the URL has \{what\}, expected \{name\} \{host\}/,
    )
    expect(await first('--url', 'ftp://a/', dumps)).toMatch(
      /the URL must be https, or http to this/,
    )
    expect(await first('--url', 'https://a/', '--timeout', '0', dumps)).toMatch(/from 1 to 86400/)
  })
})
