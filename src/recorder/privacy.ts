// What may be stored of the arguments of which format, in this thread.

import {
  type ArgumentLevels,
  expectPrivacy,
  type FormatPrivacy,
  HOLD_FORMAT,
  levelsOf,
  type Privacy,
  withoutSite,
} from '../privacy/formats.ts'
import { Pseudonyms, SECRET } from '../privacy/pseudonym.ts'
import { textOfArgument } from './arguments.ts'

/** Of each thread its own, as `redact`. */
export interface PrivacyOptions {
  /** The format as log() is given it, and what its arguments are: `'login of %s from %s': ['pseudonym', 'secret']`. */
  readonly formats?: Readonly<Record<string, FormatPrivacy>>
  /** What the arguments of all other formats are. Default: 'public'. */
  readonly others?: Privacy
  /** What owners of holds are. Default: as `others`. */
  readonly owners?: Privacy
  /**
   * Of the pseudonyms, at least 16 bytes, text or bytes; without it there are none. Images whose recorders had one key show
   * one pseudonym for one value.
   */
  readonly key?: string | Uint8Array
}

export const TRIGGER_FORMAT = '%s of %s, handle %d'

/** Formats that are remembered; those made at run time are endless. */
const REMEMBERED_MAX = 4096

export class FormatsPrivacy {
  readonly #declared: ReadonlyMap<string, ArgumentLevels>
  readonly #others: ArgumentLevels
  readonly #pseudonyms: Pseudonyms | undefined
  readonly #known = new Map<string, ArgumentLevels | undefined>()

  /** @throws {TypeError | RangeError} */
  constructor(options: PrivacyOptions) {
    const { formats = {}, others = 'public', owners = others, key } = options
    expectPrivacy('privacy of others', others)
    expectPrivacy('privacy of owners', owners)
    const own: [string, FormatPrivacy][] = [
      [HOLD_FORMAT, ['public', 'public', owners]],
      [TRIGGER_FORMAT, [others, 'public', 'public']],
    ]
    const all = [...own, ...Object.entries(formats)]
    this.#declared = new Map(all.map(([format, given]) => [format, levelsOf(format, given)]))
    this.#others = levelsOf('', others)
    this.#pseudonyms = key === undefined ? undefined : new Pseudonyms(key)
    const isNamed = [...this.#declared.values(), this.#others].some(
      ({ levels, rest }) => rest === 'pseudonym' || levels.includes('pseudonym'),
    )
    if (isNamed && this.#pseudonyms === undefined)
      throw new TypeError("privacy needs a key where something is a 'pseudonym'")
  }

  /** Undefined where all its arguments are public. */
  of(format: string): ArgumentLevels | undefined {
    if (this.#known.has(format)) return this.#known.get(format)
    const given = this.#declared.get(withoutSite(format)) ?? this.#others
    const isPublic = given.rest === 'public' && given.levels.every((level) => level === 'public')
    const levels = isPublic ? undefined : given
    if (this.#known.size < REMEMBERED_MAX) this.#known.set(format, levels)
    return levels
  }

  /** What is stored in the place of the argument; itself where it is public. */
  shown({ levels, rest }: ArgumentLevels, place: number, value: unknown): unknown {
    const level = levels[place] ?? rest
    if (level === 'public') return value
    return level === 'secret' || this.#pseudonyms === undefined
      ? SECRET
      : this.#pseudonyms.of(textOfArgument(value))
  }
}
