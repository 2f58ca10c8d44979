// What was typed, now and in former sessions. The file is only ever appended to while sessions run, a line at a time, so
// several at once lose nothing of each other; it is cut when a session begins, beside the file and put in its place.

import {
  appendFileSync,
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { inHome } from './files.ts'

export interface HistorySettings {
  /** '': none. */
  readonly file: string
  /** Lines that are kept; infinite for all. */
  readonly size: number
  readonly save: boolean
  /** How many lines back an equal one is dropped. */
  readonly duplicates: number
}

/** Only the owner reads what was typed. */
const MODE = 0o600
/** A file of more than this is no command history. */
const FILE_BYTES_MAX = 1 << 26

export class CommandHistory {
  readonly #settings: () => HistorySettings
  readonly #lines: string[] = []
  /** Lines of former sessions that were left out: numbers in `show commands` go on from them. */
  #dropped = 0

  constructor(settings: () => HistorySettings) {
    this.#settings = settings
    const { file, size } = settings()
    if (file === '') return
    try {
      this.#lines.push(...load(inHome(file), size))
    } catch {
      // Not there yet, or not ours to read: the session begins without.
    }
  }

  /** Oldest first. */
  get lines(): readonly string[] {
    return this.#lines
  }
  get dropped(): number {
    return this.#dropped
  }

  add(line: string): void {
    const { file, size, save, duplicates } = this.#settings()
    for (let at = this.#lines.length - 1, back = 0; at >= 0 && back < duplicates; at--, back++) {
      if (this.#lines[at] === line) this.#lines.splice(at, 1)
    }
    this.#lines.push(line)
    while (this.#lines.length > size) {
      this.#lines.shift()
      this.#dropped++
    }
    if (!save || file === '' || size === 0) return
    try {
      appendFileSync(inHome(file), `${line}\n`, { mode: MODE })
    } catch {
      // No home to write to: the session goes on without a saved history.
    }
  }
}

function load(path: string, size: number): string[] {
  const file = openSync(path, 'r')
  let bytes: number
  let text: string
  try {
    const what = fstatSync(file)
    if (!what.isFile() || what.size > FILE_BYTES_MAX) return []
    bytes = what.size
    text = readFileSync(file, 'utf8')
  } finally {
    closeSync(file)
  }
  const lines = text.split('\n').filter((each) => each !== '')
  const kept = size === 0 ? [] : lines.slice(-Math.min(size, lines.length))
  if (lines.length > 2 * size && size > 0) replace(path, kept, bytes)
  return kept
}

/** Nothing is lost that another session has appended meanwhile: then the file stays, until next time. */
function replace(path: string, lines: readonly string[], bytes: number): void {
  const beside = `${path}.${process.pid}`
  writeFileSync(beside, `${lines.join('\n')}\n`, { mode: MODE })
  if (statSync(path).size === bytes) renameSync(beside, path)
  else rmSync(beside)
}
