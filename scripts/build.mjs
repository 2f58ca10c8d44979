// assembly/ -> build/core*.wasm and src/core/wasm.ts; src/ -> build/**/*.js and *.d.ts; src/web/ -> build/page/. Skips
// what is up to date.
//
//   node scripts/build.mjs [--force]

import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { withLock } from './build-lock.mjs'
import { buildPage, PAGE_FOLDER } from './build-page.mjs'
import { guardWasm } from './guard-wasm.mjs'

const execute = promisify(execFile)
process.chdir(fileURLToPath(new URL('..', import.meta.url)))

const STAMPS = 'build/.stamps.json'
/** bench/build.mjs keeps the first of these folders, build-page.mjs the other. */
const OTHERS_FOLDERS = [join('build', 'bench', '/'), join(PAGE_FOLDER, '/')]
const stamps = process.argv.includes('--force') || !existsSync(STAMPS) ? {} : read(STAMPS)
const failures = []

mkdirSync('build', { recursive: true })
await withLock('build/.lock', async () => {
  await step('core', coreInputs(), coreOutputs(), buildCore)
  const inputs = [
    'package.json',
    'package-lock.json',
    'assembly/layout.ts',
    ...filesUnder('src', /\.(tsx?|css|html)$/),
  ]
  const pages = ['index.html', 'shdb.html'].map((file) => join(PAGE_FOLDER, file))
  await Promise.all([
    step(
      'js',
      inputs,
      entries().map((entry) => entry.out),
      buildJs,
    ),
    step('types', [...inputs, 'tsconfig.json'], [], buildTypes),
    step('page', inputs, pages, writePage),
  ])
  writeFileSync(STAMPS, JSON.stringify(stamps))
})
for (const failure of failures) console.error(failure)
if (failures.length > 0) process.exit(1)

/** Does the work unless neither its inputs nor this folder changed since it last went well. */
async function step(name, inputs, outputs, work) {
  const hash = createHash('sha256')
  for (const file of [...inputs, ...filesUnder('scripts', /build|guard/)]) {
    if (existsSync(file)) hash.update(`${file}\0`).update(readFileSync(file))
  }
  const digest = hash.digest('hex')
  if (stamps[name] === digest && outputs.every((file) => existsSync(file))) return
  const started = performance.now()
  delete stamps[name]
  try {
    const what = await work()
    stamps[name] = digest
    console.log(`build: ${name} ${what}, ${((performance.now() - started) / 1000).toFixed(1)} s`)
  } catch (error) {
    // A tool that failed has said why; node's own message would only repeat it.
    const said = `${error.stdout ?? ''}${error.stderr ?? ''}`
    failures.push(`build: ${name} failed\n${said || error.message}`)
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// The core

function coreInputs() {
  return [
    'asconfig.json',
    'node_modules/assemblyscript/package.json',
    // Not those that are compiled into programs of others.
    ...filesUnder('assembly', /\.ts$/).filter((file) => !/\bstatements\b/.test(file)),
  ]
}

function coreOutputs() {
  return [
    'src/core/wasm.ts',
    ...Object.values(read('asconfig.json').targets).map((target) => target.outFile),
  ]
}

async function buildCore() {
  const { entries: sources, targets } = read('asconfig.json')
  for (const source of sources) {
    if (!existsSync(source)) throw new Error(`${source} is not there yet: no src/core/wasm.ts`)
  }
  const compiled = await Promise.allSettled(
    Object.keys(targets).map(async (target) => {
      const asc = [
        'node_modules/assemblyscript/bin/asc.js',
        '--config',
        'asconfig.json',
        '--target',
        target,
      ]
      const { stdout, stderr } = await execute('node', asc)
      if (stdout + stderr !== '') console.log(`asc ${target}: ${stdout}${stderr}`)
      // Of the bindings only the signatures are of use; nobody may import the glue by mistake.
      rmSync(targets[target].outFile.replace(/\.wasm$/, '.js'), { force: true })
    }),
  )
  // Only now, when no compiler runs any more: the lock is given up with the first error.
  const failed = compiled.find(({ status }) => status === 'rejected')
  if (failed) throw failed.reason
  const core = readFileSync(targets.release.outFile)
  guardWasm(core, targets.release.outFile)
  writeWhenChanged(
    'src/core/wasm.ts',
    `// Generated from assembly/ by scripts/build.mjs.\n\n/** ${core.length} bytes, base64; imports a shared memory. */\nexport const core: string =\n  '${core.toString('base64')}'\n/** The byte of the import that says what memory it is: 3 shared, 1 plain. */\nexport const memoryFlagsAt = ${memoryFlagsAt(core)}\n`,
  )
  return `${core.length} bytes`
}

/** Behind the name of the import and its kind. */
function memoryFlagsAt(core) {
  const at = core.indexOf(Buffer.from('\x06memory\x02', 'latin1')) + '\x06memory\x02'.length
  if (core[at] !== 3) throw new Error('the core does not import a shared memory with a maximum')
  return at
}

// ---------------------------------------------------------------------------------------------------------------------
// The library

/** What package.json promises is what is built: { source: 'src/inspect.ts', out: 'build/inspect.js' }. */
function entries() {
  const { bin, exports, imports } = read('package.json')
  const outs = new Set(JSON.stringify([bin, exports, imports]).match(/build\/[^"]+\.js(?=")/g))
  return [...outs].map((out) => ({ out, source: out.replace(/^build\/(.*)\.js$/, 'src/$1.ts') }))
}

async function buildJs() {
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

async function writePage() {
  const { files, what } = await buildPage()
  for (const [file, text] of Object.entries(files)) writeWhenChanged(join(PAGE_FOLDER, file), text)
  return what
}

async function buildTypes() {
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

// ---------------------------------------------------------------------------------------------------------------------
// Files

function read(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}

function filesUnder(folder, pattern) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
}

/** Leaves the time of an unchanged file alone, for the sake of watchers. */
function writeWhenChanged(file, text) {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** Nothing of an older build may be imported by a newer one. */
function removeOthers(pattern, written) {
  const current = new Set(written)
  for (const file of filesUnder('build', pattern))
    if (!current.has(file) && !OTHERS_FOLDERS.some((folder) => file.startsWith(folder)))
      rmSync(file)
}
