// shdb web: what it serves, to whom, and that it serves nothing else.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'
import { asked, type Served, served } from './served.ts'

let folder = ''
let dump = ''
let bytes = new Uint8Array()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'web-'))
  const recorder = new Recorder({ name: 'proxy' })
  const { REF } = recorder.verbs({ REF: +1 })
  recorder.list('TCP con').push(0x10).log(REF, 'connect, (%d)', 1)
  dump = await recorder.dump(join(folder, 'conns.shdump'))
  bytes = new Uint8Array(readFileSync(dump))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(['node20', 'deno', 'bun'] as const)('shdb web in %s', (runtime) => {
  let server: Served
  let port = ''
  let secret = ''
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    asked(server.url, path, { method, headers: { Host: `127.0.0.1:${port}`, ...headers } })

  beforeAll(async () => {
    server = await served(runtime, dump)
    port = server.url.port
    secret = server.url.pathname
  })
  afterAll(() => server.end())

  test('prints an address on loopback, with a secret in it', () => {
    expect(server.said).toMatch(/^conns\.shdump: http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/\n/)
  })

  test('serves the page, with the headers of an isolated page without inline script', async () => {
    const { status, headers, body } = await get(secret)
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(headers['cross-origin-opener-policy']).toBe('same-origin')
    expect(headers['cross-origin-embedder-policy']).toBe('require-corp')
    expect(headers['cross-origin-resource-policy']).toBe('same-origin')
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['referrer-policy']).toBe('no-referrer')
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toMatch(/script-src 'self';/)
    expect(policy).toMatch(/style-src 'self';/)
    expect(headers['set-cookie']).toBeUndefined()
    expect(body.toString()).toContain('<link rel="shdb-image" href="image/0" title="conns.shdump">')
  })

  test('serves the bytes of the images', async () => {
    const { status, headers, body } = await get(`${secret}image/0`)
    expect(status).toBe(200)
    expect(Number(headers['content-length'])).toBe(bytes.length)
    expect(Buffer.compare(body, bytes)).toBe(0)
    expect(openImage(new Uint8Array(body)).name).toBe('proxy')
  })

  test('serves ranges of an image', async () => {
    const range = async (text: string) => get(`${secret}image/0`, { Range: `bytes=${text}` })
    const some = await range('16-31')
    expect(some.status).toBe(206)
    expect(some.headers['content-range']).toBe(`bytes 16-31/${bytes.length}`)
    expect([...some.body]).toEqual([...bytes.subarray(16, 32)])
    expect([...(await range('-8')).body]).toEqual([...bytes.subarray(-8)])
    expect((await range(`${bytes.length - 4}-`)).body).toHaveLength(4)
    expect((await range(`${bytes.length}-`)).status).toBe(416)
  })

  test('HEAD gets no body', async () => {
    const { status, headers, body } = await get(`${secret}image/0`, {}, 'HEAD')
    expect([status, body.length]).toEqual([200, 0])
    expect(Number(headers['content-length'])).toBe(bytes.length)
  })

  test.each([
    ['the root', '/'],
    ['no secret', '/image/0'],
    ['a wrong secret', `/${'x'.repeat(32)}/image/0`],
    ['an empty secret', '//image/0'],
    ['the secret in the query', '/image/0?SECRET'],
  ])('refuses %s', async (_, path) => {
    const { status, body } = await get(path.replace('SECRET', secret.replaceAll('/', '')))
    expect(status).toBe(403)
    expect(body.toString()).toMatch(/^Refused: /)
  })

  test.each([
    ['a foreign host', { Host: 'evil.example:80' }],
    ['a foreign host of our port', { Host: 'evil.example:PORT' }],
    ['another port of this host', { Host: '127.0.0.1:1' }],
    ['a foreign origin', { Origin: 'https://evil.example' }],
    ['the origin of another port', { Origin: 'http://127.0.0.1:1' }],
    ['a file of the browser', { Origin: 'null' }],
    ['another site', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }],
    [
      'a frame of another port',
      {
        'Sec-Fetch-Site': 'same-site',
        'Sec-Fetch-Mode': 'navigate',
        'Sec-Fetch-Dest': 'iframe',
      },
    ],
  ])('refuses %s, although it knows the secret', async (_, headers) => {
    const sent = Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', port)])
    const { status, body } = await get(`${secret}image/0`, Object.fromEntries(sent))
    expect([status, body.includes('proxy')]).toEqual([403, false])
  })

  test('a link to the page may come from anywhere', async () => {
    const { status } = await get(secret, {
      'Sec-Fetch-Site': 'cross-site',
      'Sec-Fetch-Mode': 'navigate',
      'Sec-Fetch-Dest': 'document',
    })
    expect(status).toBe(200)
  })

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('refuses %s', async (method) => {
    const { status, headers } = await get(`${secret}image/0`, {}, method)
    expect(status).toBe(405)
    expect(headers.allow).toBe('GET, HEAD')
  })

  test.each([
    '../cli/shdb.js',
    '..%2fcli%2fshdb.js',
    '%2e%2e/cli/shdb.js',
    '..\\cli\\shdb.js',
    './index.html',
    'x/../index.html',
    '/etc/passwd',
    'image/../../../../../etc/passwd',
    'image/1',
    'image/00000000000',
    'image/-1',
    'image/0/',
    'image/',
    'constructor',
    '__proto__',
    '%00',
  ])('has nothing at %s', async (path) => {
    const { status, body } = await get(secret + path)
    expect(status).toBe(404)
    expect(body.toString()).toBe('There is no such file.\n')
  })
})

test('a file may have any name', async () => {
  const name = '"><script>alert(1)</script>&amp;\u202e\'.shdump'.replaceAll('/', '|')
  writeFileSync(join(folder, name), bytes)
  const server = await served('node20', join(folder, name))
  const headers = { Host: server.url.host }
  const page = (await asked(server.url, server.url.pathname, { headers })).body.toString()
  const title = /<link rel="shdb-image" href="image\/0" title="([^"]*)">/.exec(page)?.[1] ?? ''
  expect(title).not.toMatch(/[<>&'](?!#\d+;)/)
  const shown = title.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(code))
  expect(shown).toBe(name)
  await server.end()
})

test('serves the file that had the name when it began', async () => {
  const name = join(folder, 'replaced.shdump')
  writeFileSync(name, 'first')
  const server = await served('node20', name)
  rmSync(name)
  writeFileSync(name, 'second')
  const headers = { Host: server.url.host }
  const { body } = await asked(server.url, `${server.url.pathname}image/0`, { headers })
  expect(body.toString()).toBe('first')
  expect(await server.end()).toBe(0)
})

test('-p serves the recorders of a running process, as they are at each request', async () => {
  const program = `
    import { Recorder } from '${pathToFileURL('build/index.js')}'
    const recorder = new Recorder({ name: 'running' })
    const list = recorder.list('jobs')
    process.stdin.on('data', () => {
      list.push('a job')
      console.log('pushed')
    })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program])
  const push = async () => {
    child.stdin.write('push')
    await once(child.stdout, 'data')
  }
  try {
    await push()
    const server = await served('node20', '-p', `${child.pid}`)
    const headers = { Host: server.url.host }
    const histories = async () => {
      const { body } = await asked(server.url, `${server.url.pathname}image/0`, { headers })
      return openImage(new Uint8Array(body)).list('jobs')?.histories().length
    }
    expect(await histories()).toBe(1)
    await push()
    expect(await histories()).toBe(2)
    child.kill()
    await once(child, 'exit')
    const { status, body } = await asked(server.url, `${server.url.pathname}image/0`, { headers })
    expect([status, body.toString()]).toEqual([500, `shdb web: [Process ${child.pid} exited]\n`])
    expect(await server.end()).toBe(0)
  } finally {
    child.kill('SIGKILL')
  }
})

test('--open leads the browser there by a file that only its owner may read', async () => {
  const seen = join(folder, 'seen')
  const tools = mkdtempSync(join(folder, 'tools-'))
  const script = `#!/bin/sh\nf="\${1#file://}"\n{ stat -c %a "$f"; cat "$f"; echo "$1"; } > ${seen}.part; mv ${seen}.part ${seen}\n`
  writeFileSync(join(tools, 'xdg-open'), script, { mode: 0o755 })
  const { PATH } = process.env
  process.env.PATH = `${tools}:${PATH}`
  try {
    const server = await served('node20', '--open')
    for (let i = 0; i < 300 && !existsSync(seen); i++)
      await new Promise((resolve) => setTimeout(resolve, 100))
    const [mode, html = '', argument = ''] = readFileSync(seen, 'utf8').trim().split('\n')
    expect(mode).toBe('600')
    expect(html).toContain(server.url.href)
    expect(argument).not.toContain(server.url.pathname)
    expect(await server.end()).toBe(0)
    expect(existsSync(new URL(argument))).toBe(false)
  } finally {
    process.env.PATH = PATH
  }
})

test('says in a sentence what it cannot serve', () => {
  const said = (...words: string[]) => {
    const run = spawnSync(process.execPath, ['build/cli/shdb.js', 'web', ...words], {
      encoding: 'utf8',
    })
    return [run.status, run.stderr]
  }
  expect(said('nosuch')).toEqual([1, 'shdb web: nosuch: No such file or directory.\n'])
  expect(said(folder)).toEqual([1, `shdb web: ${folder}: Not a regular file.\n`])
  expect(said('-p', 'x')).toEqual([1, 'shdb web: Illegal process-id: x.\n'])
  expect(said('--port', '1')).toEqual([1, "shdb web: unrecognized option '--port'\n"])
})
