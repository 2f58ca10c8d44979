// Serves the example on http://127.0.0.1:8080/, or the port that is given, with what an isolated page needs: two headers, and no
// inline script. "plain" behind the port leaves the two headers out.
//
//   node examples/browser-tabs/serve.mjs [PORT] [plain]
//
// An application with a bundler imports 'struct-history' as it is. Here the names are put in by the server.

import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'

const [port = '8080', plain] = process.argv.slice(2)
const here = fileURLToPath(new URL('.', import.meta.url))
const library = fileURLToPath(new URL('../../build/', import.meta.url))
const NAMES = {
  "'struct-history'": "'/library/index.js'",
  "'struct-history/page'": "'/library/web/live/index.js'",
}
const TYPES = { html: 'text/html', mjs: 'text/javascript', js: 'text/javascript', css: 'text/css' }
const isolated = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

const server = createServer(({ url = '/' }, response) => {
  const path = url.replace(/[?#].*/, '')
  const [, inLibrary] = /^\/library\/((?:[\w-]+\/)*[\w-]+\.js)$/.exec(path) ?? []
  const [, own = 'index.html'] = /^\/([\w-]+\.(?:mjs|html|css))$/.exec(path) ?? []
  try {
    const file = inLibrary ? library + inLibrary : here + (path === '/' ? 'index.html' : own)
    let text = readFileSync(file, 'utf8')
    if (!inLibrary) {
      for (const [name, place] of Object.entries(NAMES))
        text = text.replace(`from ${name}`, `from ${place}`)
    }
    response.writeHead(200, {
      'Content-Type': `${TYPES[/\.(\w+)$/.exec(file)?.[1] ?? '']}; charset=utf-8`,
      'Content-Security-Policy':
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'",
      ...(plain ? {} : isolated),
    })
    response.end(text)
  } catch {
    response.writeHead(404).end('not found\n')
  }
})
server.listen(Number(port), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/`)
})
