// The code of the documents against the package's types: what a page names is there, and is called as the page calls it.
// Those of README and TUTORIAL are run (test/host); these are parts of programs, with what surrounds them declared.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from './installed.ts'

const DEADLINE_MS = 120_000

/** What the pages' parts of programs take for given. */
const GIVEN: Record<string, string> = {
  recorder: "import('struct-history').Recorder",
  ticket: "import('struct-history').Ticket",
  history: "import('struct-history').History",
  connections: "import('struct-history').List",
  handle: 'number',
  TCP: "Record<string, import('struct-history').Verb>",
  worker: "import('node:worker_threads').Worker",
  bytes: 'Uint8Array',
  element: 'HTMLElement',
  link: 'HTMLAnchorElement',
  build: "typeof import('esbuild').build",
  token: 'string',
  calls: "import('struct-history').List",
  callId: 'string',
  forward: '(request: unknown, headers: Record<string, string>) => void',
  request: '{ headers: Record<string, string> }',
  env: 'Record<string, WebAssembly.ImportValue>',
  module: 'WebAssembly.Module',
  // Of src/web, not of the package.
  registerPanel: '(panel: object) => void',
  Mine: 'object',
  Recorder: "typeof import('struct-history').Recorder",
}

interface Block {
  /** `FAULTS.md:14` */
  readonly place: string
  readonly text: string
}

/** Another language. */
const ASSEMBLYSCRIPT = /from 'struct-history\/assembly'/

const blocks: Block[] = readdirSync(join(ROOT, 'docs'))
  .filter((name) => name.endsWith('.md') && name !== 'TUTORIAL.md')
  .flatMap((name) => {
    const page = readFileSync(join(ROOT, 'docs', name), 'utf8')
    return [...page.matchAll(/^```(?:js|ts)\n([\s\S]*?)^```$/gm)].map(
      ({ 1: text = '', index }) => ({
        place: `${name}:${page.slice(0, index).split('\n').length}`,
        text,
      }),
    )
  })
  .filter(({ text }) => !ASSEMBLYSCRIPT.test(text))

let folder = ''
beforeAll(() => {
  mkdirSync(join(ROOT, 'build'), { recursive: true })
  folder = mkdtempSync(join(ROOT, 'build/.documents-test-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A module of the block, with what it neither imports nor declares; in braces, as pages show one name twice. */
function moduleOf({ text }: Block): string {
  const imports = text.match(/^import .*$/gm) ?? []
  const rest = text.replace(/^import .*$/gm, '').replace(/^export default /gm, 'void ')
  const isNamed = (name: string) =>
    new RegExp(`\\b(?:const|let|import)\\b[^=;\\n]*\\b${name}\\b[^=;\\n]*(?:=|from)`).test(text)
  const given = Object.entries(GIVEN).flatMap(([name, type]) =>
    isNamed(name) ? [] : [`declare const ${name}: ${type}`],
  )
  return [
    ...imports,
    ...given,
    'async function part() {',
    rest,
    '}',
    'void part',
    'export {}',
  ].join('\n')
}

describe('the code of docs/', () => {
  test('is of the package as it is', { timeout: DEADLINE_MS }, () => {
    expect(blocks.length).toBeGreaterThan(20)
    for (const [n, block] of blocks.entries())
      writeFileSync(join(folder, `${n}.ts`), moduleOf(block))
    const compilerOptions = {
      ...{ module: 'nodenext', target: 'es2022', lib: ['es2024', 'dom', 'esnext.disposable'] },
      ...{ types: ['node'], noEmit: true, strict: true, skipLibCheck: true, noImplicitAny: false },
      typeRoots: [join(ROOT, 'node_modules/@types')],
    }
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, include: ['*.ts'] }),
    )
    const tsc = [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.', '--pretty', 'false']
    const { stdout } = spawnSync('node', tsc, { cwd: folder, encoding: 'utf8' })
    const errors = stdout
      .split('\n')
      .filter((line) => /^\d+\.ts/.test(line))
      .map((line) =>
        line.replace(/^(\d+)\.ts\((\d+),\d+\)/, (_, n) => blocks[Number(n)]?.place ?? ''),
      )
    expect(errors).toEqual([])
  })
})
