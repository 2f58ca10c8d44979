// The server of `shdb web`: the files of the page and the images that were named, to the page alone. What can be asked for
// is a table that is made at the start; no path of a request ever reaches the file system.

import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, relative, sep } from 'node:path'
import { CommandError } from '../inspector/index.ts'
import { messageOf } from '../prompt/run.ts'
import { admitted, newToken, type Refusal } from './web-guard.ts'

/** An image as the page gets it: its bytes are those of a dump, a core, or whatever else the page opens. */
export interface ServedImage {
  readonly name: string
  /** Asked at each request: a running process is looked at again. */
  open(): ServedBytes
  close(): void
}

export interface ServedBytes {
  readonly length: number
  /** Fills `into` from `offset` on; fewer only at the end. */
  read(offset: number, into: Uint8Array): number
}

export interface WebServer {
  /** With the token: whoever has it sees the images. */
  readonly url: string
  close(): Promise<void>
}

const LOOPBACK = '127.0.0.1'
const PART_BYTES = 1 << 20
const INDEX = 'index.html'

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
}

/** No inline script or style, nothing from anywhere else, nothing to anywhere else. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  'img-src data: blob:',
  'font-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
}

/** Serves the page in `folder` with these images until it is closed. The port is one that is free. */
export async function serve(folder: string, images: readonly ServedImage[]): Promise<WebServer> {
  const files = filesOf(folder)
  const token = newToken()
  let port = 0
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      if (response.headersSent) response.destroy()
      else end(response, 500, `shdb web: ${messageOf(error)}\n`)
    })
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
    const path = admitted(request, token, port)
    if (typeof path !== 'string') return refuse(response, path)
    const [, number] = /^image\/(\d{1,9})$/.exec(path) ?? []
    const image = number === undefined ? undefined : images[Number(number)]
    if (image !== undefined) return stream(request, response, image.open())
    const file = files.get(path === '' ? INDEX : path)
    if (file === undefined) return end(response, 404, 'There is no such file.\n')
    if (file === files.get(INDEX)) return send(response, 'html', offering(file, images), request)
    send(response, /\.(\w+)$/.exec(path)?.[1] ?? '', readFileSync(file), request)
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, LOOPBACK, resolve)
  })
  port = (server.address() as AddressInfo).port
  return {
    url: `http://${LOOPBACK}:${port}/${token}/`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
      for (const image of images) image.close()
    },
  }
}

/** Path below the token to the file. */
function filesOf(folder: string): ReadonlyMap<string, string> {
  let names: readonly string[] = []
  try {
    names = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  } catch {}
  const files = new Map(names.map((name) => [relative(folder, name).split(sep).join('/'), name]))
  if (!files.has(INDEX))
    throw new CommandError(
      `The page is not there: no ${join(folder, INDEX)}.  In a checkout, "npm run build" makes it.`,
    )
  return files
}

/** The page, told of the images: it need not ask every other server, or a disk, in vain. */
function offering(file: string, images: readonly ServedImage[]): Uint8Array {
  const links = images.map(
    ({ name }, i) => `<link rel="shdb-image" href="image/${i}" title="${escaped(name)}">\n`,
  )
  const page = readFileSync(file, 'utf8').replace('</head>', (end) => links.join('') + end)
  return new TextEncoder().encode(page)
}

/** Names of files are anybody's texts. */
const escaped = (text: string): string =>
  text.replace(/[^\w .,:@%+=-]/gu, (character) => `&#${character.codePointAt(0)};`)

function refuse(response: ServerResponse, { status, why }: Refusal): void {
  if (status === 405) response.setHeader('Allow', 'GET, HEAD')
  end(response, status, `Refused: ${why}.\n`)
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' })
  response.end(text)
}

function send(
  response: ServerResponse,
  extension: string,
  bytes: Uint8Array,
  { method }: IncomingMessage,
): void {
  response.writeHead(200, {
    'Content-Type': TYPES[extension] ?? 'application/octet-stream',
    'Content-Length': bytes.length,
  })
  response.end(method === 'HEAD' ? undefined : bytes)
}

/** Part by part, as fast as the page takes it: cores have gigabytes. */
async function stream(
  { method, headers }: IncomingMessage,
  response: ServerResponse,
  bytes: ServedBytes,
): Promise<void> {
  const range = rangeOf(headers.range, bytes.length)
  if (range === 'none of it') {
    response.setHeader('Content-Range', `bytes */${bytes.length}`)
    return end(response, 416, 'There are no such bytes.\n')
  }
  const { from, to } = range ?? { from: 0, to: bytes.length }
  response.writeHead(range === undefined ? 200 : 206, {
    'Content-Type': 'application/octet-stream',
    'Content-Length': to - from,
    'Accept-Ranges': 'bytes',
    ...(range !== undefined && { 'Content-Range': `bytes ${from}-${to - 1}/${bytes.length}` }),
  })
  for (let at = from; method !== 'HEAD' && at < to; ) {
    const part = new Uint8Array(Math.min(PART_BYTES, to - at))
    const read = bytes.read(at, part)
    // It was cut meanwhile: a body that is too short tells the page.
    if (read === 0) return void response.destroy()
    at += read
    if (!response.write(part.subarray(0, read))) await drained(response)
    if (response.destroyed) return
  }
  response.end()
}

const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const go = (): void => {
      response.off('drain', go).off('close', go)
      resolve()
    }
    response.on('drain', go).on('close', go)
  })

/** `bytes=A-B`, `bytes=A-`, `bytes=-N`; several at once are answered whole, as is allowed. */
function rangeOf(
  header: string | undefined,
  length: number,
): { from: number; to: number } | 'none of it' | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (first === undefined || last === undefined || first + last === '') return undefined
  const from = first === '' ? Math.max(0, length - Number(last)) : Number(first)
  const to = first === '' || last === '' ? length : Math.min(length, Number(last) + 1)
  return from < to ? { from, to } : 'none of it'
}
