// One page, cross-origin isolated, with scripts beside it: those of the built library, if nobody says otherwise.

import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface IsolatedPage {
  readonly url: string
  close(): void
}

/** `scriptAt` is given the path of what ends in `.js`; every other path is the page. */
export async function serveIsolated(
  html: string,
  scriptAt: (path: string) => string | Uint8Array = (path) => readFileSync(`build${path}`),
): Promise<IsolatedPage> {
  const server = createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost')
    const isScript = pathname.endsWith('.js')
    response.writeHead(200, {
      'Content-Type': isScript ? 'text/javascript' : 'text/html',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    })
    response.end(isScript ? scriptAt(pathname) : html)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() }
}
