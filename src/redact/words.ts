// What becomes of a text: a pseudonym, nothing, or itself without what the rules match. Remembers what was hidden, and what
// was shown, so that what is hidden here and shown there is found.

import type { Privacy } from '../privacy/formats.ts'
import { Pseudonyms, SECRET } from '../privacy/pseudonym.ts'
import type { Match } from './rules.ts'

/** Shorter ones are in half of all words. */
const HIDDEN_MIN = 4
const KEY_BYTES = 32
const LEFT_MAX = 10

/** A text that was hidden in one place, and stands in another. */
export interface Left {
  readonly text: string
  /** `the object of a life in list "users"`. */
  readonly where: string
}

export class Words {
  readonly #pseudonyms: Pseudonyms
  readonly #matches: readonly Match[]
  readonly #hidden = new Set<string>()
  readonly #shown = new Map<string, string>()

  constructor(matches: readonly Match[], key: string | Uint8Array | undefined) {
    this.#matches = matches
    this.#pseudonyms = new Pseudonyms(key ?? crypto.getRandomValues(new Uint8Array(KEY_BYTES)))
  }

  /** Undefined where it may stay what it is. `isText`: no number, whose digits are in many texts. */
  of(text: string, level: Privacy, where: string, isText = true): string | undefined {
    if (level !== 'public') return this.#hide(text, level, isText)
    const replaced = this.#matched(text, isText)
    if (isText || replaced !== text) this.show(replaced, where)
    return replaced === text ? undefined : replaced
  }

  show(text: string, where: string): void {
    if (!this.#shown.has(text)) this.#shown.set(text, where)
  }

  #hide(text: string, level: Privacy, isText: boolean): string {
    if (isText && text.length >= HIDDEN_MIN) this.#hidden.add(text)
    return level === 'secret' ? SECRET : this.#pseudonyms.of(text)
  }

  #matched(text: string, isText: boolean): string {
    let now = text
    for (const { pattern, level } of this.#matches) {
      if (level === 'public') continue
      now = now.replace(pattern, (match) => (match === '' ? '' : this.#hide(match, level, isText)))
    }
    return now
  }

  /** What was hidden, and is still there in what is shown: one of each place, of the first few. */
  left(): readonly Left[] {
    const byBeginning = new Map<string, string[]>()
    for (const text of this.#hidden) {
      const beginning = text.slice(0, HIDDEN_MIN)
      const others = byBeginning.get(beginning)
      if (others === undefined) byBeginning.set(beginning, [text])
      else others.push(text)
    }
    const found = new Map<string, Left>()
    for (const [text, where] of this.#shown) {
      for (let at = 0; at + HIDDEN_MIN <= text.length; at++) {
        for (const hidden of byBeginning.get(text.slice(at, at + HIDDEN_MIN)) ?? []) {
          if (text.startsWith(hidden, at)) found.set(where, { text: hidden, where })
        }
        if (found.size >= LEFT_MAX) return [...found.values()]
      }
    }
    return [...found.values()]
  }
}
