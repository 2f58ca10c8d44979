// What a check answers: who did what to which object, where it is proven, and how sure that is.

/** Kinds of findings, likeliest causes of others first: of two that are equally sure, the earlier is told first. */
export const KINDS = [
  'double-release',
  'lost-update',
  'unref-below-zero',
  'end-while-referenced',
  'double-end',
  'slot-reused',
  'use-after-end',
  'log-after-last-unref',
  'count-mismatch',
  'missed-handover',
  'never-released',
  'leak',
  'rare-path',
] as const

export type Kind = (typeof KINDS)[number]

/** One thing that went wrong in the life of one object. */
export interface Finding {
  readonly kind: Kind
  /** Name of the list. */
  readonly list: string
  /** As it is shown: `0x7f95acf6ea60`, or the string itself. */
  readonly object: string
  /** How likely it is a fault, 0 to 1. What another finding of the same life explains counts for less. */
  readonly confidence: number
  /** Indexes of the events that prove it, the first to go wrong first. Empty where it is their absence. */
  readonly events: readonly number[]
  /** Names of the threads that logged them, each once, in their order. */
  readonly threads: readonly string[]
  /** One sentence or two, for a reader who has only this. */
  readonly text: string
  /** Which life of the object: its handle, as in `history #16777217`. */
  readonly history: number
  /** Source of the image. */
  readonly image: string
}

/** A finding while it is made: events by their place in the columns. */
export interface Clue {
  readonly kind: Kind
  readonly confidence: number
  readonly events: readonly number[]
  /** Place of the earliest event that went wrong, of which all that comes later may be a consequence. */
  readonly root: number
  readonly text: string
  /** Threads that logged none of the events, and are named all the same. */
  readonly threads?: readonly string[]
}
