// One page, cross-origin isolated, with the built library beside it.

import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

export interface IsolatedPage {
  readonly url: string
  close(): void
}

export async function serveIsolated(html: string): Promise<IsolatedPage> {
  const server = createServer(({ url: path = '/' }, response) => {
    const isScript = path.endsWith('.js')
    response.writeHead(200, {
      'Content-Type': isScript ? 'text/javascript' : 'text/html',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    })
    response.end(isScript ? readFileSync(`build${path}`) : html)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`
  return { url, close: () => server.close() }
}
