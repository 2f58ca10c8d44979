// Runs one command to its end or its deadline, and keeps what it said.

import { spawn } from 'node:child_process'

/** -> { ok, seconds, output }. Ends the whole process group at the deadline: browsers swallow a polite SIGTERM. */
export function run(command, args, { seconds = 120, env = {}, cwd = '.' } = {}) {
  const started = performance.now()
  return new Promise((resolve) => {
    const child = spawn('timeout', ['-k', '5', String(seconds), command, ...args], {
      cwd,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const append = (text) => {
      output += text
    }
    child.stdout.setEncoding('utf8').on('data', append)
    child.stderr.setEncoding('utf8').on('data', append)
    const end = (ok, last = '') =>
      resolve({ ok, output: output + last, seconds: (performance.now() - started) / 1000 })
    child.once('error', (error) => end(false, `\nCannot run timeout: ${error.message}`))
    child.once('close', (code, signal) => {
      if (code === 0) end(true)
      else if (code === 124 || code === 137) end(false, `\nEnded at its deadline of ${seconds} s`)
      else end(false, `\n${command} ended with ${signal ?? `exit code ${code}`}`)
    })
  })
}
