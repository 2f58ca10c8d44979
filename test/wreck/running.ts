// Programs in every runtime of these suites: started, waited for, and killed without leaving anything behind.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
// @ts-expect-error Plain JavaScript, for the scripts.
import { IMPORTERS, RUNTIMES } from '../../scripts/runtimes.mjs'
import { openImage } from '../../src/inspect.ts'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const LIBRARY = join(ROOT, 'build/index.js')

/** What npm calls deno is a program that starts it: killed, it leaves it behind. */
const [denoStarter, ...denoWords] = IMPORTERS.deno as [string, ...string[]]
export const deno = execFileSync(denoStarter, ['eval', 'console.log(Deno.execPath())'], {
  cwd: ROOT,
  encoding: 'utf8',
}).trim()

/** Node 26 maps files by node:ffi, Node 20 to 24 by koffi, Deno and Bun by their own. */
export const COMMANDS: Record<string, readonly string[]> = {
  ...IMPORTERS,
  deno: [deno, ...denoWords],
  node22: RUNTIMES.node22.command,
  node24: RUNTIMES.node24.command,
}

const WAIT_MS = 45_000
const running = new Set<ChildProcess>()

export const sleep = (milliseconds: number) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

export function killAll(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** `said` waits for a word on its stdout. */
export function start(runtime: string, args: readonly string[], cwd = ROOT) {
  const [command, ...words] = COMMANDS[runtime] as [string, ...string[]]
  const child = spawn(resolve(ROOT, command), [...words, ...args], {
    cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  })
  running.add(child)
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (bytes) => {
    stdout += bytes
  })
  child.stderr.on('data', (bytes) => {
    stderr += bytes
  })
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((end) =>
    child.once('close', (code) => {
      running.delete(child)
      end({ code, stdout, stderr })
    }),
  )
  const said = async (word: string) => {
    const deadline = performance.now() + WAIT_MS
    while (!stdout.includes(word)) {
      if (child.exitCode !== null || performance.now() > deadline)
        throw new Error(`${runtime} did not say "${word}": ${stdout}${stderr}`)
      await sleep(2)
    }
  }
  return { child, ended, said }
}

/** Runs in `folder` a program whose text is given, with Recorder imported. */
export function program(
  folder: string,
  runtime: string,
  text: string,
  library = LIBRARY,
  cwd = ROOT,
) {
  const file = join(folder, `program-${Math.random()}.mjs`)
  writeFileSync(file, `import { Recorder } from ${JSON.stringify(library)}\n${text}`)
  return start(runtime, [file], cwd)
}

export const imageOf = (file: string) => openImage(readFileSync(file), { source: file })

/** The recorders that were set aside in a folder, the oldest first. */
export const evidenceIn = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.shdump'))
    .sort()

/** All processes below one. */
export function descendantsOf(root: number): readonly number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')
      parents.set(Number(name), Number(fields[1]))
    } catch {
      // It has ended meanwhile.
    }
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid) ?? 0
    return parent === root || (parent > 1 && isBelow(parent))
  }
  return [...parents.keys()].filter((pid) => pid !== process.pid && isBelow(pid))
}
