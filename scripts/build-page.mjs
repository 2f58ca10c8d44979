// src/web/ -> build/page/: index.html with page.js, page.css and worker.js beside it, for a server; and shdb.html, one file
// that holds all of them and works from a disk.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const SOURCE = 'src/web'
export const PAGE_FOLDER = 'build/page'

/** What a page may do: nothing but run its own code and wear its own styles. */
const policy = (script, style, connect) =>
  [
    "default-src 'none'",
    `script-src ${script}`,
    `style-src ${style}`,
    `worker-src ${script === "'self'" ? "'self'" : 'blob:'}`,
    'img-src data: blob:',
    'font-src data:',
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')

/** Names and texts of the files. */
export async function buildPage() {
  const page = await bundled('page.tsx')
  const worker = await bundled('worker.ts')
  const styles = (
    await build({
      ...common(),
      entryPoints: [`${SOURCE}/theme.css`],
    })
  ).outputFiles[0].text
  const template = readFileSync(`${SOURCE}/index.html`, 'utf8')
  const fill = (parts) =>
    // By functions: a "$&" in the code is no pattern.
    Object.entries(parts).reduce((text, [word, part]) => text.replace(word, () => part), template)
  const script = inScript(page)
  const inline = inScript(worker)
  const style = styles.replaceAll('</style', '<\\/style')
  const files = {
    'page.js': page,
    'worker.js': worker,
    'page.css': styles,
    'index.html': fill({
      CSP: policy("'self'", "'self'", "'self'"),
      STYLE: '<link rel="stylesheet" href="page.css">',
      SCRIPT: '<script src="page.js"></script>',
    }),
    'shdb.html': fill({
      // A worker of a blob has the policy of its page: its code is not evaluated by a script element.
      CSP: policy(`${hashOf(script)} blob:`, hashOf(style), "'none'"),
      STYLE: `<style>${style}</style>`,
      SCRIPT: `<script id="worker" type="text/plain">${inline}</script>\n<script>${script}</script>`,
    }),
  }
  const size = (name) => `${name} ${(gzipSync(files[name]).length / 1000).toFixed(0)} kB gzipped`
  return { files, what: `${size('shdb.html')}, ${size('page.js')}, ${size('worker.js')}` }
}

const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

const common = () => ({
  bundle: true,
  minify: true,
  format: 'iife',
  target: ['es2022', 'chrome110', 'firefox115', 'safari16.4'],
  platform: 'browser',
  charset: 'utf8',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  write: false,
  logLevel: 'silent',
})

async function bundled(entry) {
  const { outputFiles } = await build({ ...common(), entryPoints: [`${SOURCE}/${entry}`] })
  return outputFiles[0].text
}

/** No text of the program may end the element that it stands in, or begin a comment there. */
const inScript = (text) => text.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')
