// What the page asks of the engine that holds the images, and what it answers. Images stay in the engine (a worker, or the
// thread of an application that shows its own recorder); only what is looked at crosses.

import type { Finding } from '../../check/finding.ts'
import type { Event, Gap, Problem, Role, Stats, Thread } from '../../image/image.ts'

/** The methods of the engine. A panel with a worker half adds its own by declaration merging. */
export interface Methods {
  /** Opens files beside those that are open; what cannot be opened is told in `troubles`. */
  open(files: readonly File[]): Opened
  /** Forgets everything that was opened. */
  close(): void
  /** All histories of all images, in columns. */
  rows(): Rows
  /** Reads and checks all lives; reports Progress. */
  study(): Study
  life(image: number, handle: number): LifeView | undefined
  /** The paragraph of `why OBJ`. */
  why(image: number, handle: number): string
  around(moment: Moment): Around
  /** Of the lists of this name; of the first list where there is none. */
  paths(list: string): PathsView | undefined
  threads(): readonly ThreadView[]
  /** What one thread did around a moment. */
  threadEvents(wish: ThreadWish): ThreadEvents
  stats(image: number): StatsView | undefined
}

export interface Progress {
  /** 'Reading conns.shdump' */
  readonly what: string
  readonly done: number
  /** 0: not known. */
  readonly total: number
}

export interface Opened {
  readonly images: readonly ImageView[]
  readonly troubles: readonly Trouble[]
}

/** Why a file was not opened, for people. */
export interface Trouble {
  readonly file: string
  /** One sentence. */
  readonly what: string
  /** What can be done about it, a sentence each. */
  readonly advice: readonly string[]
  /** The reader's own words. */
  readonly detail: string
}

export interface ImageView {
  /** Place among the images that are open. */
  readonly number: number
  /** Name of the file or process; of one in a log, as the log calls it. */
  readonly source: string
  /** Names of the files that it was read from. */
  readonly files: readonly string[]
  /** The recorder's name. */
  readonly name: string
  readonly pid: number
  /** Wall clock of t = 0, milliseconds since 1970. */
  readonly started: number
  readonly coarse: boolean
  readonly size: number
  readonly budget: number
  /** What it was found in, and what is missing, a sentence each. */
  readonly description: readonly string[]
  readonly warnings: readonly string[]
  readonly lists: readonly ListView[]
  readonly threads: readonly Thread[]
  readonly verbs: readonly { readonly name: string; readonly role: Role }[]
}

export interface ListView {
  readonly number: number
  readonly name: string
  readonly histories: number
  readonly window: number
  readonly pushed: number
  readonly evicted: number
  readonly enabled: boolean
}

export const ENDED = 1
export const RELEASED = 2
export const PINNED = 4

/** One row a history: those of the first image first, each list's oldest first. */
export interface Rows {
  readonly count: number
  readonly image: Uint16Array
  /** Number of the list in its image. */
  readonly list: Uint16Array
  readonly handle: Float64Array
  readonly object: readonly string[]
  /** Events ever logged. */
  readonly events: Uint32Array
  readonly ref: Uint16Array
  /** ENDED, RELEASED, PINNED */
  readonly flags: Uint8Array
  /** Microseconds since the recorder began. */
  readonly created: Float64Array
  /** Place in `threadNames`. */
  readonly thread: Uint16Array
  readonly threadNames: readonly string[]
}

/** What a check says of a row; rows that it has nothing against have confidence 0. */
export interface Study {
  readonly findings: readonly RowFinding[]
  /** By row: the highest confidence, 0 to 1. */
  readonly confidence: Float32Array
  /** By row: place of the likeliest finding in `findings`, or -1. */
  readonly finding: Int32Array
  /** By row: microseconds from push to the last event. */
  readonly lasted: Float64Array
  /** By row: events that are missing. */
  readonly lost: Uint32Array
  readonly lives: number
  readonly events: number
  readonly notTold: number
  readonly notRead: number
}

export interface RowFinding extends Finding {
  readonly row: number
}

export interface LifeView {
  readonly image: number
  readonly list: string
  readonly handle: number
  readonly object: string
  readonly created: number
  readonly thread: string
  readonly ref: number
  readonly ended: boolean
  readonly pinned: boolean
  readonly len: number
  readonly events: readonly Event[]
  readonly gaps: readonly Gap[]
  /** Other lives of the same object in the same image, oldest first, itself among them. */
  readonly lives: readonly number[]
}

/** An event, and how much of the time before and after it. */
export interface Moment {
  readonly image: number
  readonly handle: number
  readonly index: number
  /** Microseconds before and after. */
  readonly span: number
  /** At most the nearest so many. */
  readonly max: number
  readonly list?: string
}

export interface Neighbour {
  readonly image: number
  readonly list: string
  readonly handle: number
  readonly object: string
  readonly event: Event
  /** Microseconds from the moment. */
  readonly offset: number
}

export interface Around {
  readonly events: readonly Neighbour[]
  /** Further ones in the span. */
  readonly hidden: number
  /** What may be missing there, a sentence each. */
  readonly missing: readonly string[]
}

/** A step of the tree of distinct lives. */
export interface Step {
  /** Verbs that all of them took in a row: `TCP_REF`, `POLL x10-99`. */
  readonly names: readonly string[]
  readonly lives: number
  /** Lives that end here. */
  readonly ends: number
  readonly example: { readonly image: number; readonly handle: number } | undefined
  readonly next: readonly Step[]
  /** Lives of branches that were left out here, the rarest. */
  readonly more: number
}

export interface PathsView {
  readonly list: string
  readonly lives: number
  readonly distinct: number
  readonly notWhole: number
  readonly leftOut: number
  readonly root: Step
}

export interface ThreadView {
  /** Over all images; -1 where it logged nothing that is left. */
  readonly number: number
  readonly image: number
  readonly name: string
  readonly pid: number
  readonly tid: number
  readonly runtime: string
  readonly joined: number
  readonly events: number
  readonly lives: number
  readonly first: number
  readonly last: number
}

export interface ThreadWish {
  /** Its ThreadView's. */
  readonly thread: number
  /** Microseconds since the recorder of its image began: the events nearest to it. Absent: the last ones. */
  readonly at?: number
  readonly max: number
}

export interface ThreadEvents {
  /** Offsets from `at`, or from the last. */
  readonly events: readonly Neighbour[]
  /** Further ones. */
  readonly hidden: number
}

export interface StatsView {
  readonly stats: Stats
  readonly problems: readonly Problem[]
}

// ---------------------------------------------------------------------------------------------------------------------
// On the wire

export type ToEngine =
  | { readonly call: number; readonly method: string; readonly given: readonly unknown[] }
  | { readonly cancel: number }

export type FromEngine =
  | { readonly call: number; readonly result: unknown }
  | { readonly call: number; readonly progress: unknown }
  | { readonly call: number; readonly error: string; readonly isCancelled: boolean }

/** Half of a channel: a worker, its scope, or a MessagePort. */
export interface Port {
  postMessage(message: unknown, transfer?: Transferable[]): void
  onmessage: ((event: MessageEvent) => void) | null
}
