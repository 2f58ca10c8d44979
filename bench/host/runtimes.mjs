// Runs the suite where it is asked for: in this Node, in the other runtimes of the tests, in browsers.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { RUNTIMES } from '../../scripts/runtimes.mjs'
import { BROWSERS } from './browsers.mjs'
import { load } from './machine.mjs'
import { serve } from './serve.mjs'

/** A browser that hangs, or a page that does not load. */
const DEADLINE_MS = 15 * 60_000
/** What `--runtime all` means: those that SPEC names. */
export const ALL = ['node', 'deno', 'bun', 'chromium', 'firefox', 'webkit']

/** name -> the words that run a file in it. */
export const HOSTS = Object.fromEntries([
  ['node', [process.execPath]],
  ...Object.entries(RUNTIMES)
    .filter(([, { project }]) => project === 'host')
    .map(([name, { command }]) => [name, command]),
])

export const NAMES = [...new Set([...Object.keys(HOSTS), ...ALL])]

/** -> { runtime, version, rows, load: [before, after] }; or { runtime, missing }. */
export async function runIn(runtime, what, effort, say) {
  const before = load()
  try {
    const told = BROWSERS[runtime]
      ? await inBrowser(runtime, what, effort, say)
      : await inHost(HOSTS[runtime], what, effort)
    return { runtime, ...told, load: [before, load()] }
  } catch (error) {
    say(`${runtime}: ${error.stack ?? error}`)
    return { runtime, missing: `failed: ${String(error.message ?? error).split('\n')[0]}` }
  }
}

function inHost([program, ...words], what, effort) {
  if (program.includes('/') && !existsSync(program))
    throw new Error(`${program} is not there; node scripts/setup.mjs --for test brings it`)
  return json(program, [...words, 'build/bench/host.js', what, effort])
}

async function inBrowser(name, what, effort, say) {
  // WebKitGTK has no mode without display.
  if (name === 'webkit' && !process.env.DISPLAY)
    return json('xvfb-run', ['-a', 'node', 'bench/host/runtimes.mjs', name, what, effort])
  const { url, report, close } = await serve({ say })
  let closeBrowser = async () => {}
  let timer
  try {
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error('no report in time')), DEADLINE_MS)
    })
    const page = `${url}?report&what=${what}&effort=${effort}`
    const open = BROWSERS[name](page)
    closeBrowser = async () => (await open)()
    await Promise.race([open, late])
    return await Promise.race([report, late])
  } finally {
    clearTimeout(timer)
    await closeBrowser().catch(() => {})
    close()
  }
}

/** What a program prints on its standard output, as JSON; the rest it says to us. */
function json(program, words) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] })
    const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS)
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (part) => {
      text += part
    })
    child.once('error', reject)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      if (code !== 0) reject(new Error(`${program} ended with ${signal ?? `exit code ${code}`}`))
      else resolve(JSON.parse(text))
    })
  })
}

// Under xvfb-run: one browser, its report on standard output.
if (process.argv[1]?.endsWith('bench/host/runtimes.mjs')) {
  const [, , runtime, what, effort] = process.argv
  const told = await inBrowser(runtime, what, effort, (text) => process.stderr.write(`  ${text}\n`))
  process.stdout.write(JSON.stringify(told))
  process.exit(0)
}
