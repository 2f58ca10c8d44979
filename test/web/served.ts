// `shdb web` as a program, in whichever runtime, and requests as no browser would send them.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { RUNTIMES, type Runtime } from '../wreck/programs.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const DEADLINE_MS = 60_000

export interface Served {
  /** As it was printed. */
  readonly url: URL
  readonly said: string
  /** By Ctrl-C; gives the exit code. */
  end(): Promise<number | null>
}

export async function served(runtime: Runtime, ...words: readonly string[]): Promise<Served> {
  const [command = '', ...before] = RUNTIMES[runtime]
  const child = spawn(command, [...before, 'build/cli/shdb.js', 'web', ...words], { cwd: root })
  const said = await untilSaid(child, /Ctrl-C ends it/)
  const address = /http:\S+/.exec(said)?.[0] ?? ''
  return {
    url: new URL(address),
    said,
    async end() {
      const exit = once(child, 'exit')
      child.kill('SIGINT')
      const [code] = (await exit) as [number | null]
      return code
    },
  }
}

async function untilSaid(child: ChildProcess, what: RegExp): Promise<string> {
  let text = ''
  child.stderr?.on('data', (part) => {
    text += part
  })
  const late = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS)
  try {
    for await (const part of child.stdout ?? []) {
      text += part
      if (what.test(text)) return text
    }
  } finally {
    clearTimeout(late)
  }
  throw new Error(`shdb web ended early: ${text}`)
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** `path` goes out as it stands. */
export function asked(
  url: URL,
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: url.port, path, method, headers }
    const sent = request(options, async (response) => {
      const parts: Buffer[] = []
      try {
        for await (const part of response) parts.push(part as Buffer)
      } catch (error) {
        return reject(error)
      }
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(parts),
      })
    })
    sent.once('error', reject).end()
  })
}
