// src/ -> build/**/*.js and *.d.ts.

import { execFile } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { coreOutputs } from './build-core.mjs'
import { filesUnder, read, removeOthers, writeWhenChanged } from './build-files.mjs'

const execute = promisify(execFile)

/** What package.json promises is what is built: { source: 'src/inspect.ts', out: 'build/inspect.js' }. */
export function entries() {
  const { bin, exports, imports } = read('package.json')
  const outs = new Set(JSON.stringify([bin, exports, imports]).match(/build\/[^"]+\.js(?=")/g))
  return [...outs].map((out) => ({ out, source: out.replace(/^build\/(.*)\.js$/, 'src/$1.ts') }))
}

export async function buildJs() {
  const { build } = await import('esbuild')
  const absent = entries().filter(({ source }) => !existsSync(source))
  const { outputFiles } = await build({
    entryPoints: entries()
      .map(({ source }) => source)
      .filter((source) => existsSync(source)),
    outbase: 'src',
    outdir: 'build',
    bundle: true,
    // One copy of each class, whichever entry it is reached by.
    splitting: true,
    chunkNames: 'chunks/[hash]',
    format: 'esm',
    // Constants of the format in the place of their names: a name of another module costs a look-up and a check each time.
    minifySyntax: true,
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    // Of packages that have one, the part that needs no runtime.
    conditions: ['browser'],
    charset: 'utf8',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    plugins: [styleSheets(build)],
    // Of packages of the page: browsers have no process.
    define: { 'process.env.NODE_ENV': '"production"' },
    external: ['node:*', '#*', ...Object.keys(read('package.json').dependencies ?? {})],
    write: false,
    logLevel: 'silent',
  })
  const commands = new Set(Object.values(read('package.json').bin ?? {}).map((path) => join(path)))
  const written = outputFiles.map(({ path, text: bundled }) => {
    const file = relative('.', path)
    const isCommand = commands.has(file)
    const text = withoutBareImports(bundled)
    writeWhenChanged(
      file,
      isCommand && !text.startsWith('#!') ? `#!/usr/bin/env node\n${text}` : text,
    )
    if (isCommand) chmodSync(file, 0o755)
    return file
  })
  removeOthers(/\.js$/, written)
  if (absent.length > 0) {
    throw new Error(
      absent.map(({ source, out }) => `${source} is not there yet: no ${out}`).join('\n'),
    )
  }
  return `${written.length} files`
}

/**
 * esbuild also imports, by no name, each chunk that another one imports. Chunks do nothing when they are loaded, as package.json
 * says ("sideEffects"), so bundlers leave such an import out, and warn of it where the package is linked.
 */
function withoutBareImports(text) {
  const [head] = /^(?:#!.*\n)?(?:import\b[^"]*"[^"]*";\n)*/.exec(text)
  return head.replace(/^import "\.[^"]*";\n/gm, '') + text.slice(head.length)
}

/** An imported style sheet is a text, minified, its imports in it: shadow roots adopt it. */
function styleSheets(build) {
  return {
    name: 'style sheets',
    setup(hooks) {
      hooks.onLoad({ filter: /\.css$/ }, async ({ path }) => {
        const options = { entryPoints: [path], bundle: true, minify: true, write: false }
        const { outputFiles } = await build(options)
        return { contents: outputFiles[0].text.trim(), loader: 'text' }
      })
    },
  }
}

export async function buildTypes() {
  const staging = 'build/.types'
  rmSync(staging, { recursive: true, force: true })
  const tsc = [
    'node_modules/typescript/bin/tsc',
    '--noEmit',
    'false',
    '--emitDeclarationOnly',
    '-p',
  ]
  // Errors of type are told by `npm test`; they do not keep anyone from running what is built.
  const count = async (...words) =>
    await execute('node', [...words, '--rootDir', '.', '--outDir', staging]).then(
      () => 0,
      ({ stdout }) => stdout.match(/error TS/g)?.length ?? 1,
    )
  // What has to do with documents is checked with their types; of that, users see the entry alone.
  const errors =
    (await count(...tsc, 'tsconfig.json')) + (await count(...tsc, 'src/web/tsconfig.json'))
  const entry = new Set(
    Object.values(read('package.json').exports).map(({ types }) => join(`${types}`)),
  )
  for (const file of filesUnder(join(staging, 'src/web'), /\.d\.ts$/))
    if (!entry.has(file.replace(join(staging, 'src'), 'build'))) rmSync(file)
  const written = filesUnder(staging, /\.d\.ts$/).map((file) => {
    const inTree = relative(staging, file)
    const out = inTree.startsWith('src/') ? join('build', inTree.slice(4)) : join('build', inTree)
    writeWhenChanged(out, relocated(readFileSync(file, 'utf8'), inTree))
    return out
  })
  rmSync(staging, { recursive: true, force: true })
  removeOthers(/\.d\.ts$/, [
    ...written,
    ...coreOutputs().map((file) => file.replace(/\.wasm$/, '.d.ts')),
  ])
  return `${written.length} files${errors > 0 ? `, with ${errors} type errors (node scripts/test.mjs --only types-src)` : ''}`
}

/** src/ loses its own level on the way to build/, and `.ts` in imports becomes `.js`, as every resolver expects. */
function relocated(text, inTree) {
  return text.replace(/((?:from|import)\s*\(?\s*['"])(\.[^'"]+)(?=['"])/g, (_, head, specifier) => {
    const fromSource =
      inTree.startsWith('src/') && join(dirname(inTree), specifier).startsWith('assembly/')
    const path = fromSource ? specifier.replace('../', '') : specifier
    return head + (path.startsWith('.') ? path : `./${path}`).replace(/\.ts$/, '.js')
  })
}
