// Programs of every runtime that die as they are told, the cores that they leave, and shdb over them.

import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const TARGET = resolve('test/wreck/target.mjs')
export const OBJECT = '0x7f95acf6ea60'
const SHDB = resolve('build/cli/shdb.js')
const DEADLINE_MILLISECONDS = 120_000

export const RUNTIMES = {
  node20: [resolve('ci/nodes/node_modules/node20/bin/node')],
  node22: [resolve('ci/nodes/node_modules/node22/bin/node')],
  node24: [resolve('ci/nodes/node_modules/node24/bin/node')],
  node26: [resolve('ci/nodes/node_modules/node26/bin/node')],
  // The program itself: what npm calls deno is a script of Node, which signals would meet.
  deno: [resolve(`node_modules/@deno/linux-${process.arch}-glibc/deno`), 'run', '-A'],
  bun: [resolve('node_modules/.bin/bun')],
} as const
export type Runtime = keyof typeof RUNTIMES

export interface Written {
  readonly out: string
  readonly err: string
  readonly code: number | null
}

/** `shdb -q -nx -batch WORDS…`, from the build. */
export function shdb(words: readonly string[], input?: Uint8Array): Written {
  return run([process.execPath, SHDB, '-q', '-nx', '-batch', ...words], input)
}

/** `shdb WORDS…` */
export const shdbCommand = (words: readonly string[]): Written =>
  run([process.execPath, SHDB, ...words])

function run([command = '', ...words]: readonly string[], input?: Uint8Array): Written {
  const { stdout, stderr, status } = spawnSync(command, words, {
    ...(input === undefined ? { stdio: ['ignore', 'pipe', 'pipe'] } : { input }),
    timeout: DEADLINE_MILLISECONDS,
    maxBuffer: 1 << 28,
    env: { ...process.env, NO_COLOR: '1' },
  })
  return { out: String(stdout), err: String(stderr), code: status }
}

export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'wreck-'))
  file(name: string): string {
    return join(this.path, name)
  }
  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

/** Runs a program in a folder until it dies, and gives the core that it left there; or throws with why there is none. */
export async function coreOf(
  folder: Folder,
  command: readonly string[],
  signal?: NodeJS.Signals,
): Promise<string> {
  const child = spawn('bash', ['-c', 'ulimit -c unlimited && exec "$@"', 'bash', ...command], {
    cwd: folder.path,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const deadline = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MILLISECONDS)
  child.stderr.on('data', (text) => {
    said = (said + text).slice(-2000)
  })
  child.stdout.on('data', (text) => {
    if (signal !== undefined && String(text).includes('ready')) child.kill(signal)
  })
  const ending = await new Promise<string>((done) => {
    child.once('close', (code, by) => done(by ?? `exit code ${code}`))
  })
  clearTimeout(deadline)
  return coreIn(folder, `${command.join(' ')} ended by ${ending}. ${said}`)
}

/** The core in a folder. */
export function coreIn(folder: Folder, what: string): string {
  const core = readdirSync(folder.path).find((name) => name.startsWith('core'))
  if (core !== undefined && statSync(folder.file(core)).size > 0) return folder.file(core)
  throw new Error(`No core of ${what}\n${whyNoCore()}`)
}

/** Every setting that decides whether there is one. */
export function whyNoCore(): string {
  const limits = spawnSync('bash', ['-c', 'ulimit -Sc; ulimit -Hc'], { encoding: 'utf8' }).stdout
  const [soft, hard] = limits.split('\n')
  const read = (path: string): string => {
    try {
      return readFileSync(path, 'utf8').trim()
    } catch (error) {
      return String(error)
    }
  }
  return [
    `soft limit ${soft}, hard limit ${hard} (needed: hard unlimited)`,
    `/proc/sys/kernel/core_pattern ${read('/proc/sys/kernel/core_pattern')} (needed: core, in the working directory)`,
    `/proc/self/coredump_filter ${read('/proc/self/coredump_filter')} (needed: bit 0, as in 33)`,
  ].join('\n')
}

export interface Running {
  readonly pid: number
  /** What it printed so far. */
  said(): string
  /** Waits until it printed that. */
  until(text: string): Promise<void>
  end(): Promise<void>
}

/** A program that goes on; resolves when it said that it is ready. */
export async function started(command: readonly string[]): Promise<Running> {
  const [program = '', ...words] = command
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  const waiting: (() => void)[] = []
  child.stdout.on('data', (text) => {
    said += text
    for (const each of waiting.splice(0)) each()
  })
  const ended = new Promise<void>((done) => {
    child.once('close', () => {
      for (const each of waiting.splice(0)) each()
      done()
    })
  })
  const until = async (text: string): Promise<void> => {
    while (!said.includes(text)) {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`${command.join(' ')} ended and said ${JSON.stringify(said)}`)
      }
      await new Promise<void>((done) => waiting.push(done))
    }
  }
  await until('ready')
  return {
    pid: child.pid ?? 0,
    said: () => said,
    until,
    async end() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
