// What the inspector asks of whoever runs it: the terminal program and the web page each hand over their own functions.

import type { Image } from '../image/image.ts'

export interface Host {
  write(text: string): void
  writeError(text: string): void
  /** What write() gets is shown by a terminal that knows colors. */
  readonly styled?: boolean
  /** Opens an image by its name; throws an ImageError or a sentence. */
  open?(name: string): Image
  /** Undefined: there is no such file. */
  readText?(path: string): string | undefined
  appendText?(path: string, text: string): void
  /** Names in a folder, those of folders with a slash behind them; none where it cannot be read. */
  list?(folder: string): readonly string[]
  writeText?(path: string, text: string): void
  /** Runs a shell command; its standard input, if any, is `input`. */
  shell?(command: string, input?: string): { code: number | undefined; signal?: number }
  changeDirectory?(path: string): string
  directory?(): string
  /** The commands that were typed, oldest first; `dropped` older ones are gone. */
  typed?(): { lines: readonly string[]; dropped: number }
  /** Lets timers, keys and signals be served during a long command. */
  breathe?(): Promise<void>
  /** Asks and waits, where a person is there. Undefined: nobody is. */
  ask?: ((question: string) => Promise<boolean>) | undefined
}
