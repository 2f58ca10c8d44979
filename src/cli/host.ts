// The inspector's host on a machine with files, a shell and a terminal or a pipe.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Host } from '../inspector/index.ts'
import { CommandError } from '../inspector/index.ts'
import { append, changeDirectory, inHome, overwrite, readText, reason } from './files.ts'
import { openFile } from './open.ts'
import { writeError, writeOut } from './output.ts'
import { openProcess, processNumber } from './process.ts'
import { hasColors } from './terminal.ts'

export function systemHost(): Host {
  return {
    write: writeOut,
    writeError,
    styled: hasColors(),
    open: (name, breathe) => openFile(name, { breathe }),
    attach: (pid, breathe) => openProcess(processNumber(pid), { breathe }),
    readText(path) {
      try {
        return readText(path)
      } catch (error) {
        throw new CommandError(`${path}: ${reason(error)}`)
      }
    },
    list: listFolder,
    appendText: (path, text) => guarded(path, () => append(path, text)),
    writeText: (path, text) => guarded(path, () => overwrite(path, text)),
    shell(command, input) {
      const shell = process.env.SHELL || '/bin/sh'
      const result = run(shell, command, input)
      if (result.error !== undefined && result.status === null && result.signal === null) {
        throw new CommandError(`Cannot run ${shell}: ${result.error.message}`)
      }
      const signal = result.signal === null ? undefined : constants.signals[result.signal]
      return { code: result.status ?? undefined, ...(signal !== undefined && { signal }) }
    },
    changeDirectory(path) {
      return guarded(path, () => changeDirectory(path))
    },
    directory: () => process.cwd(),
    // One turn of the event loop: keys and signals are served.
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  }
}

function run(shell: string, command: string, input: string | undefined) {
  if (input !== undefined && 'Deno' in globalThis) return runOnFile(shell, command, input)
  return spawnSync(shell, command === '' ? [] : ['-c', command], {
    stdio: [input === undefined ? 'inherit' : 'pipe', 'inherit', 'inherit'],
    ...(input !== undefined && { input }),
  })
}

/** Deno 2.9 loses how a command ended that did not read all of its input; of a file it need not. */
function runOnFile(shell: string, command: string, input: string) {
  const folder = mkdtempSync(join(tmpdir(), 'shdb-'))
  try {
    const file = join(folder, 'output')
    writeFileSync(file, input, { mode: 0o600 })
    const script = 'exec "$0" -c "$1" < "$2"'
    return spawnSync('/bin/sh', ['-c', script, shell, command, file], { stdio: 'inherit' })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(inHome(folder), { withFileTypes: true }).map((each) =>
      each.isDirectory() ? `${each.name}/` : each.name,
    )
  } catch {
    return []
  }
}

function guarded<T>(path: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw new CommandError(`${path}: ${reason(error)}`)
  }
}
