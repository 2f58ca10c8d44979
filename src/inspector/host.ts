// What the inspector asks of whoever runs it: the terminal program and the web page each hand over their own functions.

import type { Image } from '../image/image.ts'
import type { Change } from '../image/switches.ts'

/** What a file or a process turned out to hold. */
export interface Found {
  readonly images: readonly Image[]
  /** What it is, a line each, for `info target`. */
  readonly description: readonly string[]
  /** What is missing, a sentence each. */
  readonly warnings: readonly string[]
  /** Where the images are of one that runs. */
  readonly process?: RunningProcess
  /** Where they are of a log that goes on. */
  readonly log?: FollowedLog
}

/** What goes on. Its images are copies: they do not change. */
export interface Live {
  /** The recorder as it is now. Throws a sentence when the process is gone. */
  reread(image: Image): Image
  /** The same for a look at a few lives, whose bytes are fetched then; of no use afterwards. */
  peek<T>(image: Image, look: (now: Image) => T): T
}

export interface RunningProcess extends Live {
  readonly pid: number
  /** Writes into the recorder's memory, while its threads go on. Throws a sentence when that is not allowed. */
  poke(image: Image, changes: readonly Change[]): void
}

export interface FollowedLog extends Live {
  /** Recorders that were not there before. */
  more(): readonly Image[]
  /** Nothing more will come. */
  isOver(): boolean
}

export interface Host {
  write(text: string): void
  writeError(text: string): void
  /** What write() gets is shown by a terminal that knows colors. */
  readonly styled?: boolean
  /** Opens what a file holds; throws an ImageError or a sentence. `breathe` is called while it takes long. */
  open?(name: string, breathe: () => Promise<void>): Promise<Found>
  /** Looks at a running process; throws a sentence. */
  attach?(pid: string, breathe: () => Promise<void>): Promise<Found>
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
  /** Lets so much time go by. */
  pause?(milliseconds: number): Promise<void>
  /** Asks and waits, where a person is there. Undefined: nobody is. */
  ask?: ((question: string) => Promise<boolean>) | undefined
}
