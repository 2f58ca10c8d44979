// docs/COMPILE-OUT.md shows each bundler's lines of config: they are run here as they stand, over a program of one file.

import { execFile } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const execute = promisify(execFile)
const ci = resolve('ci/plugin/node_modules')
const fromCi = createRequire(join(ci, '../package.json'))
const PACKAGES: Record<string, string> = {
  'struct-history': resolve('.'),
  esbuild: resolve('node_modules/esbuild'),
  vite: resolve('node_modules/vite'),
  rollup: join(ci, 'rollup'),
  rolldown: join(ci, 'rolldown'),
  webpack: join(ci, 'webpack'),
}
const APP = `import { Recorder } from 'struct-history'

const recorder = new Recorder({ name: 'proxy' })
const { USED } = recorder.verbs({ USED: 0 })
const list = recorder.list('things')
list.push(1).log(USED, 'by %s', 'the program')
console.log('the application')
`
/** File name -> text of each block below the heading. */
const shown = new Map(
  (
    /## Three lines of config\n(.*?)\n## |$/s.exec(
      readFileSync('docs/COMPILE-OUT.md', 'utf8'),
    )?.[1] ?? ''
  )
    .split('```js\n')
    .slice(1)
    .map((part) => {
      const [block = ''] = part.split('```')
      return [/\/\/ (\S+)$/m.exec(block)?.[1] ?? '', block] as const
    }),
)
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plugin-config-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs what the page says in a project of its own; answers what is emitted. */
async function built(config: string, run: (root: string) => Promise<unknown>): Promise<string> {
  const root = join(folder, config)
  const files: Record<string, string> = {
    'src/app.js': APP,
    'src/app.ts': APP,
    'index.html': '<script type="module" src="/src/app.ts"></script>',
    'package.json': '{ "type": "module" }',
    [config]: shown.get(config) ?? '',
  }
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  mkdirSync(join(root, 'node_modules'))
  for (const [name, path] of Object.entries(PACKAGES))
    symlinkSync(path, join(root, 'node_modules', name))
  await run(root)
  const out = join(root, 'dist')
  return readdirSync(out, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.m?js$/.test(file))
    .map((file) => readFileSync(join(out, file), 'utf8'))
    .join('\n')
}

const command =
  (...words: readonly string[]) =>
  (root: string) =>
    execute(process.execPath, words, { cwd: root, env: { ...process.env, STRUCT_HIST: '' } })

/** webpack and Rspack without their command lines, which are packages of their own. */
const packed = (name: string, config: string) => async (root: string) => {
  const loaded = await import(pathToFileURL(fromCi.resolve(name)).href)
  const pack = loaded.rspack ?? loaded.default
  const { default: settings } = await import(
    /* @vite-ignore */ pathToFileURL(join(root, config)).href
  )
  const compiler = pack({ ...settings, context: root, output: { path: join(root, 'dist') } })
  const stats = await new Promise<{ hasErrors(): boolean }>((done, failed) => {
    compiler.run((error: Error | null, result: { hasErrors(): boolean }) =>
      error ? failed(error) : done(result),
    )
  })
  await new Promise((done) => compiler.close(done))
  expect(`${stats.hasErrors() ? stats : ''}`).toBe('')
}

const RUNS: Record<string, (root: string) => Promise<unknown>> = {
  'build.mjs': command('build.mjs'),
  'vite.config.js': command('node_modules/vite/bin/vite.js', 'build'),
  'rollup.config.js': command('node_modules/rollup/dist/bin/rollup', '-c'),
  'rolldown.config.js': command('node_modules/rolldown/bin/cli.mjs', '-c'),
  'webpack.config.mjs': packed('webpack', 'webpack.config.mjs'),
  'rspack.config.mjs': packed('@rspack/core', 'rspack.config.mjs'),
}

describe('docs/COMPILE-OUT.md: three lines of config', () => {
  test('are there for each bundler', () => {
    expect([...shown.keys()].sort()).toEqual(Object.keys(RUNS).sort())
    for (const text of shown.values()) expect(text.trim().split('\n').length).toBeLessThan(4)
  })

  for (const [config, run] of Object.entries(RUNS)) {
    test(`${config} does what it says`, { timeout: 120_000 }, async () => {
      const text = await built(config, run)
      expect(text).toContain('the application')
      expect(text).not.toMatch(/struct-history|Recorder|proxy|things|the program/)
    })
  }
})
