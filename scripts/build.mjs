// assembly/ -> build/core*.wasm and src/core/wasm.ts; src/ -> build/**/*.js and *.d.ts; src/web/ -> build/page/. Skips
// what is up to date.
//
//   node scripts/build.mjs [--force]

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildCore, coreInputs, coreOutputs } from './build-core.mjs'
import { filesUnder, read, writeWhenChanged } from './build-files.mjs'
import { buildJs, buildTypes, entries } from './build-library.mjs'
import { withLock } from './build-lock.mjs'
import { buildPage, PAGE_FOLDER } from './build-page.mjs'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

const STAMPS = 'build/.stamps.json'
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

async function writePage() {
  const { files, what } = await buildPage()
  for (const [file, text] of Object.entries(files)) writeWhenChanged(join(PAGE_FOLDER, file), text)
  return what
}
