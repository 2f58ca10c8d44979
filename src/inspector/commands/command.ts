// A command declares itself: help, apropos, Tab completion and docs/SHDB.md come from these fields alone.

import type { Session } from '../session.ts'

/** gdb's own grouping, as `help` shows it. */
export const GROUPS = {
  data: 'Examining data',
  histories: 'Examining histories',
  files: 'Specifying and examining files',
  status: 'Status inquiries',
  support: 'Support facilities',
  'user-defined': 'User-defined commands',
} as const
export type Group = keyof typeof GROUPS

export interface Command {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly group: Group
  /** One sentence, as `help GROUP` and apropos list it. */
  readonly line: string
  /** What follows that sentence in `help NAME`. */
  readonly help?: string
  /** `info`, `set`, `show`, `set print`: words that may follow. */
  readonly sub?: readonly Command[]
  /** Known by gdb only: where one of ours fits an abbreviation alone, this one does not stand in its way. */
  readonly yields?: boolean
  /** gdb has no such word: an abbreviation that fits one of gdb's stays that one's. */
  readonly isNew?: boolean
  /** Without arguments it goes on where it stopped; so does an empty line after it. */
  readonly goesOn?: boolean
  /** Words that may end the line, for Tab. */
  complete?(session: Session, text: string): readonly string[]
  /** Absent in a prefix that does nothing of its own. */
  run?(session: Session, argument: string): void | Promise<void>
}
