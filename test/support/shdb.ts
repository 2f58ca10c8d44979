// Runs a script through the inspector as `shdb -q -batch -nx -x script.gdb` would, and keeps what it wrote.

import { spawnSync } from 'node:child_process'
import type { Image } from '../../src/image/image.ts'
import { CommandError, type Host, QuitRequest, Runner } from '../../src/inspector/index.ts'

export interface Written {
  readonly stdout: string
  readonly stderr: string
  /** Last line of stderr. */
  readonly error: string
}

/** A host without files whose shell is real; a written log can be read back. */
export function recordingHost(): Host & { stdout: string; stderr: string } {
  const files = new Map<string, string>()
  return {
    stdout: '',
    stderr: '',
    write(text) {
      this.stdout += text
    },
    writeError(text) {
      this.stderr += text
    },
    readText: (path) => files.get(path),
    appendText: (path, text) => files.set(path, (files.get(path) ?? '') + text),
    writeText: (path, text) => files.set(path, text),
    changeDirectory: (path) => path,
    directory: () => '/',
    shell(command, input) {
      const wrapped = command.replace(/^cat (\S+)$/, (whole, path) =>
        files.has(path) ? `printf %s ${quoted(files.get(path) ?? '')}` : whole,
      )
      const result = spawnSync('sh', ['-c', wrapped], { input: input ?? '', encoding: 'utf8' })
      this.stdout += result.stdout
      return { code: result.status ?? 1 }
    },
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

export async function runScript(
  script: readonly string[],
  images: readonly Image[] = [],
): Promise<Written> {
  const host = recordingHost()
  const runner = new Runner(host)
  for (const image of images) runner.session.attach(image)
  try {
    await runner.source(script.join('\n'), 'script.gdb')
  } catch (error) {
    if (error instanceof CommandError) host.stderr += `${error.message}\n`
    else if (!(error instanceof QuitRequest)) throw error
  }
  const lines = host.stderr.trimEnd().split('\n')
  return { stdout: host.stdout, stderr: host.stderr, error: lines.at(-1) ?? '' }
}
