// One build for every runtime (docs/DECISIONS.md, "Entries have no conditions"): whatever conditions a resolver has been told,
// an entry is the same file, with the same types; and it loads in a page and in a worker, or says there what it wants.
// package.test.ts loads each in Node, Deno and Bun.

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type IsolatedPage, serveIsolated } from '../support/isolated-page.ts'
import { type Visitor, visit } from '../web/visitor.ts'
import { type Installed, installPacked, manifest, ROOT } from './installed.ts'

const DEADLINE_MS = 120_000

/** As Node, Deno, Bun, bundlers for pages and for workers, and servers at the edge resolve. */
const CONDITIONS: Readonly<Record<string, readonly string[]>> = {
  node: ['node', 'import', 'module-sync'],
  'node, require': ['node', 'require', 'module-sync'],
  deno: ['deno', 'node', 'import'],
  bun: ['bun', 'node', 'import'],
  browser: ['browser', 'import', 'module'],
  worker: ['worker', 'browser', 'import', 'module'],
  workerd: ['workerd', 'worker', 'browser', 'import'],
}

interface Entry {
  readonly types: string
  readonly default: string
}

let installed: Installed
let entries: readonly (readonly [specifier: string, Entry])[] = []
beforeAll(() => {
  installed = installPacked()
  entries = Object.entries(manifest(installed.package).exports).flatMap(([name, entry]) =>
    typeof entry === 'string'
      ? []
      : [[name.replace(/^\./, 'struct-history'), entry as Entry] as const],
  )
}, DEADLINE_MS)
afterAll(() => installed.remove())

const node = (words: readonly string[]) =>
  spawnSync(process.execPath, words, { cwd: installed.project, encoding: 'utf8' })

describe('each entry is one file, whoever resolves it', { timeout: DEADLINE_MS }, () => {
  test('there are entries, and each has types', () => {
    expect(entries.length).toBeGreaterThan(9)
    for (const [specifier, entry] of entries)
      expect([specifier, Object.keys(entry)]).toEqual([specifier, ['types', 'default']])
  })

  test.each(Object.entries(CONDITIONS))('esbuild, %s', async (_, conditions) => {
    const { metafile } = await build({
      entryPoints: entries.map(([specifier]) => specifier),
      absWorkingDir: installed.project,
      outdir: 'resolved',
      platform: 'neutral',
      conditions: [...conditions],
      format: 'esm',
      metafile: true,
      write: false,
    })
    const found = Object.values(metafile.outputs).map(({ entryPoint = '' }) => entryPoint)
    const wanted = entries.map(([, entry]) => join('node_modules/struct-history', entry.default))
    expect(found.sort()).toEqual(wanted.sort())
  })

  test.each(Object.entries(CONDITIONS))('Node itself, %s', (_, conditions) => {
    const program = `console.log(JSON.stringify(process.argv.slice(1).map((each) => import.meta.resolve(each))))`
    const told = conditions.map((each) => `--conditions=${each}`)
    const specifiers = entries.map(([specifier]) => specifier)
    const said = node([...told, '--input-type=module', '-e', program, ...specifiers])
    expect(said.stderr).toBe('')
    const wanted = entries.map(([, entry]) => join(installed.package, entry.default))
    const found = (JSON.parse(said.stdout) as string[]).map((url) => new URL(url).pathname)
    expect(found.map((path) => relative(installed.package, path))).toEqual(
      wanted.map((path) => relative(installed.package, path)),
    )
  })

  test.each(Object.entries(CONDITIONS))('the types, %s', (_, customConditions) => {
    const lines = entries.map(
      ([specifier], n) => `import * as entry${n} from '${specifier}'\nvoid entry${n}`,
    )
    writeFileSync(join(installed.project, 'all.ts'), lines.join('\n'))
    const compilerOptions = {
      ...{ module: 'esnext', moduleResolution: 'bundler', target: 'es2022', noEmit: true },
      // Whether they fit each other package.test.ts asks; here where they are found.
      ...{ noCheck: true, types: [], customConditions },
    }
    const config = join(installed.project, 'tsconfig.all.json')
    writeFileSync(config, JSON.stringify({ files: ['all.ts'], compilerOptions }))
    const tsc = [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', config, '--listFiles']
    const { status, stdout } = node(tsc)
    const files = stdout.split('\n')
    expect([status, stdout]).toEqual([0, expect.any(String)])
    for (const [, { types }] of entries)
      expect(files.some((file) => file.endsWith(`struct-history/${types.slice(2)}`))).toBe(true)
  })
})

/** What needs a process says so; what has none of it does its work. */
const SAYS: Readonly<Record<string, RegExp>> = {
  'struct-history/register': /^Error: Cannot record without a line of code: Node >= 20\.16/,
  'struct-history/plugin/register': /^Error: Cannot use struct-history\/plugin: this runtime/,
}
/** What some do there, when they are called. */
const CALLS: Readonly<Record<string, (isPage: boolean) => readonly [string, RegExp]>> = {
  'struct-history': () => [
    `const recorder = new entry.Recorder(); const { A } = recorder.verbs({ A: 0 }); const history = recorder.list('x').push(1); history.log(A, 'by %s', 'me'); return history.events()[0].log`,
    /^by me$/,
  ],
  'struct-history/inspect': () => [
    'return entry.openImage(new Uint8Array(9))',
    /^ImageError: Cannot open an image/,
  ],
  'struct-history/export': () => [`return [...entry.exported('csv', [])].length`, /^\d$/],
  'struct-history/faults': () => [
    `entry.dumpOnFault({ dumpSync() {}, snapshot: () => new Uint8Array() }).remove(); return (await entry.savedDumps()).length`,
    /^0$/,
  ],
  'struct-history/page': (isPage) => [
    `return entry.mountInspector(globalThis.document?.body ?? null, {})`,
    isPage
      ? /^TypeError: Cannot mount the inspector: expected a Recorder/
      : /^TypeError: Cannot mount the inspector: expected an element, got null/,
  ],
  'struct-history/sinks': () => [
    `return typeof entry.historyLog(entry.post('/log')).later`,
    /^object$/,
  ],
  'struct-history/plugin': () => [
    'return entry.rollup().buildStart()',
    /^Error: Cannot use struct-history\/plugin: this runtime has no files/,
  ],
}

describe('each entry where there is no process', { timeout: DEADLINE_MS }, () => {
  let page: IsolatedPage
  let visitor: Visitor
  beforeAll(async () => {
    page = await serveIsolated('<!doctype html><title>entries</title><body></body>', (path) =>
      path === '/worker.js' ? `(${ASKED})()` : readFileSync(join(installed.package, path)),
    )
    visitor = await visit('chromium')
    await visitor.goto(page.url)
  }, DEADLINE_MS)
  afterAll(async () => {
    await visitor?.close()
    page?.close()
  })

  test.each(['a page', 'a worker'])('loads in %s, or says what it wants', async (where) => {
    const isPage = where === 'a page'
    const answers: Record<string, string> = {}
    const wanted: Record<string, unknown> = {}
    for (const [specifier, entry] of entries) {
      const [call, answer] = CALLS[specifier]?.(isPage) ?? ["return 'loaded'", /^loaded$/]
      const asked = JSON.stringify({ url: entry.default.slice(1), call })
      answers[specifier] = await visitor.evaluate<string>(
        isPage
          ? `(${LOADED})(${asked})`
          : `new Promise((done) => { const worker = new Worker('/worker.js', { type: 'module' }); worker.onmessage = ({ data }) => { worker.terminate(); done(data) }; worker.postMessage(${asked}) })`,
      )
      wanted[specifier] = expect.stringMatching(SAYS[specifier] ?? answer)
    }
    expect(answers).toEqual(wanted)
  })
})

/** Imports an entry and calls it; what comes of that as text. */
const LOADED = `async ({ url, call }) => {
  try {
    const entry = await import(url)
    return String(await new (async () => {}).constructor('entry', call)(entry))
  } catch (error) {
    return String(error)
  }
}`
const ASKED = `() => { const loaded = ${LOADED}; onmessage = async ({ data }) => postMessage(await loaded(data)) }`
