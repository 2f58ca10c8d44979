// The code of the pages as modules: with what surrounds it, and where a page shows one name twice, in braces of its own.

import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { readModule } from '../../src/plugin/module.ts'
import { scratchFolder } from '../support/scratch.ts'
import { type Block, ROOT } from './blocks.ts'

/** What a page's part of a program takes for given, in the order in which it comes to be. */
const GIVEN: Readonly<Record<string, string>> = {
  Recorder: 'library.Recorder',
  recorder: "new library.Recorder({ name: 'proxy', budget: '8MiB' })",
  ticket: 'recorder.share()',
  TCP: "recorder.verbs({ TCP_REF: +1, TCP_UNREF: -1, TCP_DESTROY: 'end' })",
  connections: "recorder.list('TCP con')",
  calls: "recorder.list('call')",
  history: 'connections.push(0x7f95acf6ea60)',
  handle: 'history.handle',
  bytes: 'history.log(TCP.TCP_REF) ? recorder.snapshot() : new Uint8Array()',
  worker: `new (await import('node:worker_threads')).Worker('require("node:worker_threads").parentPort.once("message", () => {})', { eval: true })`,
  token: "'a token'",
  callId: "'b9a7-uuid'",
  request: "{ headers: { 'struct-history-origin': connections.push(1).origin } }",
  forward: '(_request: unknown, _headers: Record<string, string>) => {}',
  env: "{ abort() { throw new Error('abort') } }",
  module: "new WebAssembly.Module((await import('node:fs')).readFileSync('app.wasm'))",
  link: "document.createElement('a')",
  // Of src/web, not of the package.
  registerPanel: `(await import('${ROOT}src/web/panels.ts')).registerPanel`,
  Mine: '() => null',
}
/** Where a page means something else. */
const GIVEN_BY: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'docs/CHECK.md': {
    TCP: "recorder.verbs({ REF: +1, TCP_REF: +1, DESTROY: 'end' })",
    history: 'alike(connections.push(0x7f95acf6ea60), TCP)',
  },
}
const ALIKE = `function alike(history: library.History, { REF, DESTROY }: Record<string, library.Verb>) {
  history.log(REF as library.Verb)
  history.log(DESTROY as library.Verb)
  return history
}`

export const isAssemblyScript = ({ text }: Block): boolean =>
  text.includes("from 'struct-history/assembly'")

/** Names that a module takes from outside of it. */
const freeIn = (text: string): ReadonlySet<string> => readModule('block.ts', text).bindings.free

/** The block as a module of TypeScript; `end` is what it does at last, given the names that were declared for it. */
function moduleOf({ page, text }: Block, end = (_given: readonly string[]) => ''): string {
  const given = { ...GIVEN, ...GIVEN_BY[page] }
  const module = text.replace(/^export default /gm, 'void ')
  const imports = module.match(/^import .*$/gm) ?? []
  const wanted = new Set(freeIn(module))
  // From the last on, for each may take others that come to be before it.
  const declared = Object.entries(given)
    .reverse()
    .filter(([name, value]) => {
      if (!wanted.has(name)) return false
      for (const each of freeIn(`void (${value})`)) wanted.add(each)
      return true
    })
    .reverse()
  return [
    "import * as library from 'struct-history'",
    ...imports,
    ...(wanted.has('alike') ? [ALIKE] : []),
    ...declared.map(([name, value]) => `const ${name} = ${value}`),
    // In braces, where a name may come again.
    '{',
    module.replace(/^import .*$/gm, ''),
    '}',
    end(declared.map(([name]) => name)),
    'export {}',
  ].join('\n')
}

/** What the compiler says against the blocks, each with its place. */
export function typeErrors(blocks: readonly Block[]): readonly string[] {
  const folder = scratchFolder('types')
  try {
    for (const [n, block] of blocks.entries())
      writeFileSync(join(folder, `${n}.ts`), moduleOf(block))
    const compilerOptions = {
      ...{ module: 'nodenext', target: 'es2022', lib: ['es2024', 'dom', 'esnext.disposable'] },
      ...{ types: ['node'], noEmit: true, strict: true, skipLibCheck: true, noImplicitAny: false },
      ...{ allowImportingTsExtensions: true, jsx: 'react-jsx', jsxImportSource: 'preact' },
      typeRoots: [join(ROOT, 'node_modules/@types')],
    }
    const config = { compilerOptions, include: ['*.ts'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const tsc = [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.', '--pretty', 'false']
    const { stdout } = spawnSync('node', tsc, { cwd: folder, encoding: 'utf8' })
    return stdout
      .split('\n')
      .filter((line) => /^\d+\.ts/.test(line))
      .map((line) =>
        line.replace(/^(\d+)\.ts\((\d+),\d+\)/, (_, n) => blocks[Number(n)]?.place ?? ''),
      )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Writes the block as a program for this Node, which leaves what it has recorded in given.shdump; gives the file. */
export async function written(block: Block, folder: string, here: (text: string) => string) {
  const file = join(folder, `${block.place.replace(/\W/g, '-')}.mjs`)
  const dumped = (given: readonly string[]): string =>
    given.includes('recorder') ? "recorder.dumpSync('given.shdump')" : ''
  await bundled(here(moduleOf(block, dumped)), file, {
    platform: 'node',
    target: 'node20',
    packages: 'external',
  })
  return file
}

/** The block for a page, with all that it needs. It says in the title when it has come to its end. */
export async function forPage(block: Block, folder: string): Promise<string> {
  const file = join(folder, 'in-a-page.js')
  await bundled(
    moduleOf(block, () => "document.title = 'done'"),
    file,
    { platform: 'browser' },
  )
  return readFileSync(file, 'utf8')
}

async function bundled(contents: string, outfile: string, options: object): Promise<void> {
  mkdirSync(dirname(outfile), { recursive: true })
  await build({
    stdin: { contents, resolveDir: dirname(outfile), loader: 'ts' },
    bundle: true,
    format: 'esm',
    outfile,
    logLevel: 'silent',
    allowOverwrite: true,
    ...options,
  })
}
