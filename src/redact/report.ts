// What was changed, and what could not be kept.

import type { Left } from './words.ts'

/** Counts, of one image. */
export interface RedactReport {
  readonly events: number
  readonly lives: number
  /** Arguments, each time that they stood in an event; `matched`: of which a part was taken out. */
  readonly arguments: {
    readonly secret: number
    readonly pseudonym: number
    readonly matched: number
  }
  readonly objects: number
  /** Formats that were changed: for the owner of a hold, or for what matched. */
  readonly formats: number
  /** Names of threads, lists, verbs, of the host and of the recorder. */
  readonly names: number
  /** Pseudonyms of texts of which the recorder had kept only the beginning: of equal texts, cut at another place, another. */
  readonly cutPseudonyms: number
  /** Events and lives that are not whole, and whose bytes were left behind. */
  readonly eventsLeftOut: number
  readonly livesLeftOut: number
  /** Texts that are not whole, or whose new arguments have no room where the old ones stood: shown as `<text lost>`. */
  readonly textsLeftOut: number
  /** What could not be believed in the given image: what that hides is left behind. */
  readonly problems: number
  /** What was hidden in one place and is still there in another; the first ten places. */
  readonly left: readonly Left[]
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] extends object ? Writable<T[Key]> : T[Key] }
export type Report = Writable<Omit<RedactReport, 'left'>>

export const newReport = (): Report => ({
  events: 0,
  lives: 0,
  arguments: { secret: 0, pseudonym: 0, matched: 0 },
  objects: 0,
  formats: 0,
  names: 0,
  cutPseudonyms: 0,
  eventsLeftOut: 0,
  livesLeftOut: 0,
  textsLeftOut: 0,
  problems: 0,
})
