// The package as npm would publish it, in the hands of users: of each runtime, of bundlers, of a page without any.

import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { build as viteBuild } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { visit } from '../web/visitor.ts'
import { type Installed, installPacked, manifest, ROOT } from './installed.ts'

const DEADLINE_MS = 120_000
const node = (version: number) => [join(ROOT, `ci/nodes/node_modules/node${version}/bin/node`)]
const bin = (name: string) => join(ROOT, 'node_modules/.bin', name)
const RUNTIMES: Record<string, string[]> = {
  'Node 20': node(20),
  'Node 22': node(22),
  'Node 24': node(24),
  'Node 26': node(26),
  Deno: [bin('deno'), 'run', '-A', '--no-lock', '--node-modules-dir=manual'],
  Bun: [bin('bun'), 'run'],
}

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
const [, tenLines = ''] = /^## Ten lines\n+```js\n([\s\S]*?)^```$/m.exec(readme) ?? []
/** What the ten lines record. */
const RECORDED = ['connect, (1)', 'send 6, (0)', 'type=2', 'tcp_conn_get, (1)']

let installed: Installed
beforeAll(() => {
  installed = installPacked()
  for (const file of ['entries.program.mjs', 'types.program.ts', 'assembly.program.ts'])
    cpSync(join(import.meta.dirname, file), join(installed.project, file))
}, DEADLINE_MS)
afterAll(() => installed.remove())

function run(command: string, words: readonly string[], cwd = installed.project) {
  const { status, stdout, stderr } = spawnSync(command, words, {
    cwd,
    encoding: 'utf8',
    timeout: DEADLINE_MS,
    env: { ...process.env, NO_COLOR: '1' },
  })
  return { status, stdout, stderr }
}

describe('installed from the tarball', { timeout: DEADLINE_MS }, () => {
  test.each(Object.entries(RUNTIMES))(
    '%s runs the ten lines of the README',
    (name, [command = '', ...words]) => {
      const file = `${name.replace(' ', '')}.mjs`
      const dump = `${name.replace(' ', '')}.shdump`
      writeFileSync(join(installed.project, file), tenLines.replace('conns.shdump', dump))
      const ran = run(command, [...words, file])
      expect(ran).toEqual({ status: 0, stdout: `${dump}\n`, stderr: '' })
      expect(existsSync(join(installed.project, dump))).toBe(true)
    },
  )

  test.each(Object.entries(RUNTIMES))('every entry loads in %s', (_, [command = '', ...words]) => {
    const { status, stdout, stderr } = run(command, [...words, 'entries.program.mjs'])
    expect([status, stdout, stderr]).toEqual([0, 'the packed package works\n', expect.anything()])
  })

  test('its types reach a program, whichever way it resolves modules', () => {
    for (const [module, moduleResolution] of [
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ]) {
      const compilerOptions = {
        module,
        moduleResolution,
        noEmit: true,
        strict: true,
        target: 'es2022',
      }
      const config = { files: ['types.program.ts'], compilerOptions }
      writeFileSync(join(installed.project, 'tsconfig.json'), JSON.stringify(config))
      const tsc = run('node', [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.'])
      expect(tsc).toEqual({ status: 0, stdout: '', stderr: '' })
    }
  })

  test('AssemblyScript finds its statements in it, and the transform', () => {
    const asc = run('node', [
      join(ROOT, 'node_modules/assemblyscript/bin/asc.js'),
      ...['assembly.program.ts', '--transform', 'struct-history/plugin/asc'],
      ...['--use', 'STRUCT_HIST=1', '-o', 'assembly.wasm'],
    ])
    expect(asc).toMatchObject({ status: 0, stderr: '' })
    const { length } = readFileSync(join(installed.project, 'assembly.wasm'))
    expect(length).toBeGreaterThan(100)
  })

  test('shdb is a command', () => {
    const shdb = join(installed.package, manifest(installed.package).bin.shdb ?? '')
    expect(run(shdb, ['-batch', '-q', '-nx', '-ex', 'print 6*7']).stdout).toBe('$1 = 42\n')
  })

  test('are the types wrong? No', () => {
    // Sources for another compiler have none.
    const options = ['--pack', '.', '--profile', 'esm-only', '--exclude-entrypoints', './assembly']
    const { status, stdout } = run(bin('attw'), options, ROOT)
    expect([status, stdout]).toEqual([0, expect.stringContaining('🟢 (ESM)')])
  })

  test('holds what its entries name, and no sources, tests or tools', () => {
    const { exports } = manifest(installed.package)
    const named = Object.values(exports).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : Object.values(entry),
    )
    for (const path of named) expect([...installed.files.keys()]).toContain(path.replace('./', ''))
    const strangers = [...installed.files.keys()].filter(
      (path) => !/^(build|docs|assembly|README\.md|LICENSE|CHANGELOG\.md|package\.json)/.test(path),
    )
    expect(strangers).toEqual([])
    expect(
      [...installed.files.keys()].filter((path) => /\.(map|wasm|wat|tgz)$/.test(path)),
    ).toEqual([])
  })
})

/** Kilobytes, minified and zipped, of what a bundler takes of a line; a change beyond them is to be noticed. */
const BUDGETS = {
  "export { Recorder } from 'struct-history'": 49,
  "export { openImage } from 'struct-history/inspect'": 20,
  "export { dumpOnFault } from 'struct-history/faults'": 8,
}
/** All that npm fetches, and all that it unpacks, in kilobytes. */
const PACKED_KB = 1700
const UNPACKED_KB = 6500

/** What is found only in the text of a part. */
const WASM = 'AGFzbQ'
const INSPECTOR = 'Undefined command'
const CHECK = 'was never released'

async function bundled(text: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: text, resolveDir: installed.project, loader: 'js' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
  })
  return outputFiles[0]?.text ?? ''
}

describe('a bundle', { timeout: DEADLINE_MS }, () => {
  test('of the recorder has no inspector and no check, one of the reader no Wasm', async () => {
    const [recorder, reader] = await Promise.all(Object.keys(BUDGETS).map(bundled))
    // Not toContain: it would print the whole bundle.
    const parts = (text = '') => [WASM, INSPECTOR, CHECK].map((marker) => text.includes(marker))
    expect(parts(recorder)).toEqual([true, false, false])
    expect(parts(reader)).toEqual([false, false, false])
    // The markers are found where their parts are.
    expect(parts(await bundled("export { check } from 'struct-history/inspect'"))[2]).toBe(true)
    expect(parts(readFileSync(join(installed.package, 'build/page/shdb.html'), 'utf8'))[1]).toBe(
      true,
    )
  })

  test('of the package where it is linked, as in a workspace, comes without a warning', async () => {
    const { warnings } = await build({
      stdin: {
        contents: `export { Recorder } from './build/index.js'
          export { openImage } from './build/inspect.js'`,
        resolveDir: ROOT,
      },
      bundle: true,
      write: false,
      format: 'esm',
      logLevel: 'silent',
    })
    expect(warnings).toEqual([])
  })

  test.each(Object.entries(BUDGETS))('%s is at most %d kB', async (line, most) => {
    const kilobytes = gzipSync(await bundled(line)).length / 1000
    console.log(`${line}: ${kilobytes.toFixed(1)} kB`)
    expect(kilobytes).toBeLessThan(most)
  })

  test('the package is small to fetch and to keep', () => {
    const unpacked = [...installed.files.values()].reduce((sum, bytes) => sum + bytes, 0) / 1000
    const packed = installed.packedBytes / 1000
    console.log(`packed ${packed.toFixed(0)} kB, unpacked ${unpacked.toFixed(0)} kB`)
    expect(packed).toBeLessThan(PACKED_KB)
    expect(unpacked).toBeLessThan(UNPACKED_KB)
  })
})

describe('in a page', { timeout: DEADLINE_MS }, () => {
  /** The ten lines, but for the last: a page has no files. */
  const inPage = tenLines.replace(
    /^console\.log.*$/m,
    'document.title = JSON.stringify(history.events().map((event) => event.log))',
  )

  test('a plain <script type=module> runs the ten lines, over an import map', async () => {
    const map = { imports: { 'struct-history': '/node_modules/struct-history/build/index.js' } }
    const html = `<!doctype html><script type="importmap">${JSON.stringify(map)}</script><script type="module">${inPage}</script>`
    expect(await titleOf(html)).toEqual(RECORDED)
  })

  test('as Vite bundles it', async () => {
    writeFileSync(join(installed.project, 'page.js'), inPage)
    await viteBuild({
      root: installed.project,
      logLevel: 'error',
      build: {
        outDir: 'vite',
        rollupOptions: {
          input: join(installed.project, 'page.js'),
          output: { entryFileNames: 'page.js' },
        },
      },
    })
    expect(
      await titleOf('<!doctype html><script type="module" src="/vite/page.js"></script>'),
    ).toEqual(RECORDED)
  })

  test('as webpack bundles it', async () => {
    writeFileSync(join(installed.project, 'page.js'), inPage)
    const config = {
      mode: 'production',
      entry: './page.js',
      output: { path: join(installed.project, 'webpack'), filename: 'page.js' },
    }
    writeFileSync(
      join(installed.project, 'webpack.mjs'),
      `import { createRequire } from 'node:module'
      const webpack = createRequire(${JSON.stringify(join(ROOT, 'ci/plugin/package.json'))})('webpack')
      webpack({ context: import.meta.dirname, ...${JSON.stringify(config)} }, (error, stats) => {
        if (error ?? stats.hasErrors()) { console.error(error ?? stats.toString()); process.exit(1) }
      })`,
    )
    expect(run(node(22)[0] ?? '', ['webpack.mjs'])).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(await titleOf('<!doctype html><script src="/webpack/page.js"></script>')).toEqual(
      RECORDED,
    )
  })
})

/** Of a page that is served with what lies in the project, in Chromium. */
async function titleOf(html: string): Promise<unknown> {
  const types: Record<string, string> = { '.js': 'text/javascript', '.html': 'text/html' }
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const file = join(installed.project, path)
    response.setHeader('content-type', types[extname(path)] ?? 'text/html')
    if (path === '/') response.end(html)
    else if (existsSync(file)) response.end(readFileSync(file))
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const visitor = await visit('chromium')
  try {
    await visitor.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    const title = await visitor.evaluate<string>(
      'new Promise((done) => { const look = () => document.title ? done(document.title) : setTimeout(look, 20); look() })',
    )
    return JSON.parse(title)
  } finally {
    await visitor.close()
    server.close()
  }
}
