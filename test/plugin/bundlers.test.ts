// The proof: what a bundler emits of a program with statements is, byte for byte, what it emits of the same program
// written without.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type * as Plugins from '../../src/plugin/index.ts'
import { bundled, bundlers } from './bundle.mjs'
import { corpus } from './corpus.ts'

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
