// A real terminal with a real shdb in it, driven by tmux: keys go in, what the screen shows comes out.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { scratchFolder } from '../support/scratch.ts'

const DEADLINE_MILLISECONDS = 45_000
const POLL_MILLISECONDS = 40

export interface Given {
  /** Home of the session: its command history and .shdbinit. */
  readonly home: string
  /** The program as it was bundled. */
  readonly program: string
  readonly parameters: readonly string[]
  readonly columns?: number
  readonly rows?: number
  readonly environment?: Readonly<Record<string, string>>
}

/** Bundles shdb into a new folder inside the repository, where its packages are found. */
export async function bundled(): Promise<{ folder: string; program: string }> {
  const folder = scratchFolder('terminal')
  const program = join(folder, 'shdb.mjs')
  await build({
    entryPoints: [join(import.meta.dirname, '../../src/cli/shdb.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
  })
  return { folder, program }
}

/** This runtime's way to run a file. */
function runtime(): string {
  const { execPath, versions } = process
  // Quiet: or Deno itself draws, and erases, what it does with packages.
  return 'deno' in versions ? `'${execPath}' run -A -q` : `'${execPath}'`
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

export class Terminal {
  readonly #folder = mkdtempSync(join(tmpdir(), 'shdb-tmux-'))
  readonly #socket = join(this.#folder, 'socket')
  readonly #raw = join(this.#folder, 'raw')

  constructor({ home, program, parameters, columns = 80, rows = 24, environment = {} }: Given) {
    const variables = { HOME: home, TERM: 'xterm-256color', NO_COLOR: '', ...environment }
    const words = Object.entries(variables).map(([name, value]) => quoted(`${name}=${value}`))
    const shdb = `${runtime()} ${[program, ...parameters].map(quoted).join(' ')}`
    // Starts when all that it writes is recorded; what it ends with is shown.
    const script = `trap : INT; read go; env ${words.join(' ')} ${shdb}; echo "exit $?"; sleep 1000`
    this.#tmux(
      ...['-f', '/dev/null', 'new-session', '-d', '-x', `${columns}`, '-y', `${rows}`],
      `exec sh -c ${quoted(script)}`,
    )
    this.#tmux('pipe-pane', '-o', `cat >> ${quoted(this.#raw)}`)
    this.press('Enter')
  }

  /** Characters, as they are. */
  type(text: string): void {
    this.#tmux('send-keys', '-l', '--', text)
  }

  /** A whole line. */
  enter(text: string): void {
    this.type(text)
    this.press('Enter')
  }

  /** tmux's names: `C-c`, `Tab`, `M-b`, `Up`. */
  press(...keys: string[]): void {
    this.#tmux('send-keys', '--', ...keys)
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-x', `${columns}`, '-y', `${rows}`)
  }

  /** What stands there now, without the empty lines below. */
  screen(): string {
    return this.#tmux('capture-pane', '-p', '-J').trimEnd()
  }

  /** The same with its colors as codes. */
  colors(): string {
    return this.#tmux('capture-pane', '-p', '-e', '-J').trimEnd()
  }

  /** Column and row of the cursor, from 0. */
  cursor(): [number, number] {
    const text = this.#tmux('display-message', '-p', '#{cursor_x} #{cursor_y}')
    return text.trim().split(' ').map(Number) as [number, number]
  }

  /** Every byte that was written to the terminal. */
  raw(): string {
    return readFileSync(this.#raw, 'utf8')
  }

  /** Waits until the screen shows it; throws with what it shows instead. */
  async until(wanted: RegExp | string): Promise<string> {
    const isThere = (screen: string): boolean =>
      typeof wanted === 'string' ? screen.includes(wanted) : wanted.test(screen)
    const end = Date.now() + DEADLINE_MILLISECONDS
    for (;;) {
      const screen = this.screen()
      if (isThere(screen)) return screen
      if (Date.now() > end) throw new Error(`Never seen: ${wanted}. The screen:\n${screen}`)
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS))
    }
  }

  /** An empty prompt is the last thing on the screen: the command is done. */
  prompt(): Promise<string> {
    return this.until(/(^|\n)\(shdb\)$/)
  }

  close(): void {
    // A server whose shell died is gone already.
    spawnSync('tmux', ['-S', this.#socket, 'kill-server'], { stdio: 'ignore' })
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #tmux(...words: string[]): string {
    const { TMUX: _, ...environment } = process.env
    const { status, stdout, stderr, error } = spawnSync('tmux', ['-S', this.#socket, ...words], {
      encoding: 'utf8',
      env: { ...environment, LC_ALL: 'C.UTF-8' },
    })
    if (error !== undefined) {
      throw new Error(
        `Cannot test the prompt: tmux does not run (${error.message}). Install it: apt-get install -y tmux`,
      )
    }
    if (status !== 0) throw new Error(`tmux ${words[0]}: ${stderr}`)
    return stdout
  }
}
