// What `set print …` and `print -option` change about how a value looks.

import type { Style } from './style.ts'

export interface PrintOptions {
  /** Letter after `/`, or '' for the type's own look. */
  readonly format: string
  /** At most so many characters or elements. */
  readonly elements: number
  /** Runs longer than this are folded: `<repeats 12 times>`. */
  readonly repeats: number
  readonly pretty: boolean
  readonly array: boolean
  readonly arrayIndexes: boolean
  readonly nullStop: boolean
  readonly address: boolean
  readonly radix: number
  /** Structures and arrays nested deeper than this are `{...}`. */
  readonly depth: number
  readonly style: Style
  /** Marks where lines may be broken (wrap.ts); whoever asks for it takes the marks out. */
  readonly wraps: boolean
}

/** Collects text, so that what was printed before an error still shows, as in gdb. */
export class Sheet {
  text = ''
  write(text: string): void {
    this.text += text
  }
}
