// shdb at a prompt: the session with somebody at the terminal.

import type { Runner } from '../inspector/index.ts'
import { Prompt, type Terminal } from '../prompt/prompt.ts'
import { CommandHistory } from './command-history.ts'
import { openFile } from './open.ts'
import { writeError, writeOut } from './output.ts'
import { PlainReader } from './plain-reader.ts'
import { canEdit, canErase } from './terminal.ts'
import { TerminalEditor } from './terminal-editor.ts'

const terminal: Terminal = {
  write: writeOut,
  writeError,
  get showsErrors() {
    return process.stderr.isTTY === true
  },
  get canErase() {
    return canErase()
  },
  size: () => ({ columns: process.stdout.columns || 0, rows: process.stdout.rows || 0 }),
  reader: (typing) => (canEdit() ? new TerminalEditor(typing) : new PlainReader()),
}

/** Runs what is typed until quit. `began` gets the prompt, for the signal of Ctrl-C. */
export async function interact(runner: Runner, began: (prompt: Prompt) => void): Promise<void> {
  const { host, settings } = runner.session
  const typed = new CommandHistory(() => ({
    file: settings.text('history filename'),
    size: settings.limit('history size'),
    save: settings.is('history save'),
    duplicates: settings.limit('history remove-duplicates'),
  }))
  const prompt = new Prompt(runner, terminal, typed)
  // A pipe that nobody writes to would hold the prompt for good.
  host.open = (name, breathe) => openFile(name, { mayWait: false, breathe })
  const onResize = (): void => prompt.resized()
  process.stdout.on('resize', onResize)
  began(prompt)
  try {
    await prompt.run()
  } finally {
    process.stdout.off('resize', onResize)
    prompt.end()
  }
}
