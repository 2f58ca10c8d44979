// The proof: what a bundler emits of a program with statements is, byte for byte, what it emits of the same program
// written without.

import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type * as Plugins from '../../src/plugin/index.ts'
import { bundled, bundlers } from './bundle.mjs'
import { corpus } from './corpus.ts'

const execute = promisify(execFile)

// As it is built: webpack and Rspack load a file of it themselves.
const built = new URL('../../build/plugin/index.js', import.meta.url).href
const plugins: typeof Plugins = await import(/* @vite-ignore */ built)
const programs = corpus()
const names = Object.keys(bundlers) as (keyof typeof Plugins)[]
/** All programs stand in one project, each in a folder of its own. */
const entries = programs.flatMap(({ name, withStatements, without }) =>
  [...withStatements.keys()]
    // A file of which nothing is left is no entry of anyone.
    .filter((file) => /^(app|main|worker)\./.test(file) && without.get(file) !== '')
    .map((file) => `${name}/${file}`),
)
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plugin-'))
  for (const { name, withStatements, without } of programs) {
    for (const [file, text] of withStatements) write(join('with', name, file), text)
    for (const [file, text] of without) write(join('without', name, file), text)
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

function write(file: string, text: string): void {
  const path = join(folder, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

test('the entry exports one plugin for each bundler, and nothing else', () => {
  expect(Object.keys(plugins).sort()).toEqual([...names].sort())
})

describe('compiled out, the output is that of the program written without', () => {
  for (const name of names) {
    for (const minify of [false, true]) {
      test(`${name}${minify ? ', minified' : ''}`, { timeout: 60_000 }, async () => {
        const told: string[] = []
        const plugin = (of: keyof typeof Plugins) =>
          plugins[of]({ onNote: ({ file, text }) => told.push(`${file}: ${text}`) })
        const given = { entries, minify }
        const removed = await bundled(name, { ...given, root: join(folder, 'with'), plugin })
        // webpack and Rspack number the chunk of a worker by the loaders of its files: it has the plugin in both builds.
        const numbersLoaders = name === 'webpack' || name === 'rspack'
        const without = await bundled(name, {
          ...given,
          root: join(folder, 'without'),
          ...(numbersLoaders ? { plugin } : {}),
        })
        expect(removed).toEqual(without)
        expect(Object.values(without).join('')).toContain('remotePort')
        expect(Object.values(removed).join('')).not.toContain('struct-history')
        expect(told).toEqual([])
      })
    }
  }
})

describe('enabled, the library and the call sites are in the output', () => {
  for (const name of names) {
    test(name, { timeout: 60_000 }, async () => {
      const plugin = (of: keyof typeof Plugins) => plugins[of]({ enabled: true })
      const output = await bundled(name, {
        entries,
        minify: true,
        root: join(folder, 'with'),
        plugin,
      })
      const text = Object.values(output).join('')
      expect(text).toContain('struct-history')
      expect(text).toMatch(/service\/app\.js:17:constructor/)
    })
  }
})

test('what is left says so through the bundler', async () => {
  write(
    'left/app.js',
    readFileSync(join(folder, 'with/service/app.js'), 'utf8').replace(
      'server.listen',
      'inspect(recorder)\nserver.listen',
    ),
  )
  const { build } = await import('esbuild')
  const { warnings, outputFiles } = await build({
    absWorkingDir: join(folder, 'left'),
    entryPoints: ['app.js'],
    bundle: true,
    write: false,
    platform: 'node',
    external: ['struct-history'],
    logLevel: 'silent',
    plugins: [plugins.esbuild()],
  })
  expect(
    warnings.map(({ text, location }) => `${location?.file}:${location?.line} ${text}`),
  ).toEqual([
    'app.js:50 struct-history: `recorder`, a recorder, is passed to `inspect()`: left as it is, with all that it needs',
  ])
  expect(outputFiles[0]?.text).toContain('.Recorder({')
})

test('a bundle, minified with call sites, from its push and log to the lines of shdb', {
  timeout: 60_000,
}, async () => {
  write(
    'site/src/conn.ts',
    `import { Recorder } from 'struct-history'
const recorder = new Recorder({ thread: 'main' })
const { REF } = recorder.verbs({ REF: +1 })
const list = recorder.list('TCP con')
class Connection {
  readonly #history = list.push(0x10)
  accept(count: number): void {
    this.#history.log(REF, 'accept, (%d)', count)
  }
}
new Connection().accept(1)
recorder.dumpSync('conn.shdump')
`,
  )
  const root = join(folder, 'site')
  mkdirSync(join(root, 'node_modules'))
  symlinkSync(resolve('.'), join(root, 'node_modules/struct-history'))
  const { build } = await import('esbuild')
  await build({
    absWorkingDir: root,
    entryPoints: ['src/conn.ts'],
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    outfile: 'conn.mjs',
    define: { STRUCT_HIST: '1' },
    plugins: [plugins.esbuild()],
  })
  await execute(process.execPath, ['conn.mjs'], { cwd: root })
  const shdb = resolve('build/cli/shdb.js')
  const commands = ['history -v 0x10', 'info object 0x10'].flatMap((one) => ['-ex', one])
  const words = ['-batch', '-nx', '-q', ...commands, 'conn.shdump']
  const { stdout } = await execute(process.execPath, [shdb, ...words], { cwd: root })
  expect(stdout).toMatch(/"accept, \(1\)"\}\n {4}event 0, by main, at src\/conn\.ts:8:accept; /)
  expect(stdout).toMatch(/nothing lost\n {4}pushed at t = \d+, by main, at src\/conn\.ts:6\n/)
  expect(stdout).toMatch(/^ {2}created {2}t = \d+, by main, at src\/conn\.ts:6$/m)
})

test('the source map of a bundle leads back to the sources with their statements', async () => {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    absWorkingDir: join(folder, 'with'),
    entryPoints: ['service/app.js'],
    bundle: true,
    minify: true,
    write: false,
    sourcemap: 'external',
    outdir: 'out',
    platform: 'node',
    format: 'esm',
    plugins: [plugins.esbuild()],
  })
  const textOf = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? ''
  const map = new TraceMap(textOf('.map'))
  const bundle = textOf('.js')
  const source = readFileSync(join(folder, 'with/service/app.js'), 'utf8').split('\n')
  for (const word of ['remotePort', 'createServer', 'closed', 'listen', 'constructor']) {
    const column = bundle.split('\n')[0]?.indexOf(word) ?? -1
    const from = originalPositionFor(map, { line: 1, column })
    expect(from.source).toMatch(/service\/app\.js$/)
    expect(source[(from.line ?? 0) - 1]?.slice(from.column ?? 0)).toMatch(new RegExp(`^${word}`))
  }
})
