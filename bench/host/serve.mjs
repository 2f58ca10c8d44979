// Serves build/ with the headers that give a page shared memory, and takes what the bench page reports.

import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
}
const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/** -> { url, report, close() }: report settles with what the page posts. */
export async function serve({ port = 0, say = () => {} } = {}) {
  let reported
  const report = new Promise((resolve) => {
    reported = resolve
  })
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    if (request.method === 'POST') {
      let body = ''
      for await (const part of request) body += part
      response.writeHead(204, ISOLATED).end()
      if (pathname.endsWith('/report')) reported(JSON.parse(body))
      else say(body.slice(0, 500))
      return
    }
    // normalize() leaves no way out of an absolute path.
    const file = join('build', normalize(pathname), pathname.endsWith('/') ? 'index.html' : '')
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404, ISOLATED).end(`Not found: ${pathname}`)
      return
    }
    const type = TYPES[extname(file)] ?? 'application/octet-stream'
    response.writeHead(200, { ...ISOLATED, 'Content-Type': type, 'Cache-Control': 'no-store' })
    createReadStream(file).pipe(response)
  })
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  const url = `http://127.0.0.1:${server.address().port}/bench/`
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url, report, close }
}
