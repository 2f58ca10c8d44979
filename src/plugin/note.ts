// What the plugin says of a place in a file.

/** Something that the user should know of. */
export interface Note {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly text: string
  /** `left`: a use of the library that stays; `effect`: something that an argument of the library does. */
  readonly about: 'left' | 'effect'
}
