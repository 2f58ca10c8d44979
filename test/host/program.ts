// Runs a program in the runtime that runs the tests, and waits for its end.

import { spawn } from 'node:child_process'

export interface Ending {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

const runArguments = 'Deno' in globalThis ? ['run', '-A'] : []

/** Kills it at the deadline, which then shows as signal SIGKILL. */
export function runProgram(file: string, options: string[] = [], deadlineMs = 60_000) {
  return new Promise<Ending>((resolve) => {
    const child = spawn(process.execPath, [...runArguments, file, ...options], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    })
    const deadline = setTimeout(() => child.kill('SIGKILL'), deadlineMs)
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (bytes) => {
      stdout += bytes
    })
    child.stderr.on('data', (bytes) => {
      stderr += bytes
    })
    child.once('close', (code, signal) => {
      clearTimeout(deadline)
      resolve({ code, signal, stdout, stderr })
    })
  })
}
