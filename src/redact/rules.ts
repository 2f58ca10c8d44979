// What of an image is to be taken out: by format, verb, list and place of an argument, by kind of name, by what a text matches.

import {
  type ArgumentLevels,
  expectPrivacy,
  type FormatPrivacy,
  HOLD_FORMAT,
  HOLD_START,
  levelsOf,
  type Privacy,
  withoutSite,
} from '../privacy/formats.ts'

/** Of several rules for one argument the first in this order counts: format, owner of a hold, verb, list, others. */
export interface RedactRules {
  /** As the option `privacy` of a recorder. */
  readonly formats?: Readonly<Record<string, FormatPrivacy>>
  /** Arguments of a verb's events: one word for all, or one each, the last one for those that follow. */
  readonly verbs?: Readonly<Record<string, FormatPrivacy>>
  /** Arguments of the events of a list, in the same way. */
  readonly lists?: Readonly<Record<string, FormatPrivacy>>
  /** All other arguments. Default: 'public'. */
  readonly others?: Privacy
  /** Owners of holds. Default: as `others`. */
  readonly owners?: Privacy
  /** What lives are of: in all lists, or by the name of the list. */
  readonly objects?: Privacy | Readonly<Record<string, Privacy>>
  readonly threads?: Privacy
  readonly host?: Privacy
  /** Regular expressions, and what becomes of what matches, in every text and name that is public otherwise. */
  readonly match?: Readonly<Record<string, Privacy>>
  /** Of the pseudonyms, at least 16 bytes. Default: a random one, so that no other image has the same pseudonyms. */
  readonly key?: string | Uint8Array
}

const RULES: readonly string[] = [
  'formats',
  'verbs',
  'lists',
  'others',
  'owners',
  'objects',
  'threads',
  'host',
  'match',
  'key',
] satisfies (keyof RedactRules)[]

export interface Match {
  readonly pattern: RegExp
  readonly level: Privacy
}

export class Rules {
  readonly owners: Privacy
  readonly threads: Privacy
  readonly host: Privacy
  readonly matches: readonly Match[]
  readonly #formats: ReadonlyMap<string, ArgumentLevels>
  readonly #verbs: ReadonlyMap<string, ArgumentLevels>
  readonly #lists: ReadonlyMap<string, ArgumentLevels>
  readonly #others: Privacy
  readonly #objects: Privacy | Readonly<Record<string, Privacy>>

  /** @throws {TypeError | RangeError | SyntaxError} For a rule that is none. */
  constructor(given: RedactRules) {
    for (const name of Object.keys(given)) {
      if (!RULES.includes(name))
        throw new TypeError(`unknown rule "${name}"; there are ${RULES.join(', ')}`)
    }
    this.#others = expectPrivacy('others', given.others ?? 'public')
    this.owners = expectPrivacy('owners', given.owners ?? this.#others)
    this.threads = expectPrivacy('threads', given.threads ?? 'public')
    this.host = expectPrivacy('host', given.host ?? 'public')
    this.#objects = objectLevels(given.objects ?? 'public')
    this.#formats = byName(given.formats, levelsOf)
    this.#verbs = byName(given.verbs, inTurn)
    this.#lists = byName(given.lists, inTurn)
    this.matches = Object.entries(given.match ?? {}).map(([source, each]) => ({
      pattern: expression(source),
      level: expectPrivacy(`what matches ${source}`, each),
    }))
  }

  argument(list: string, verb: string, format: string, place: number): Privacy {
    const bare = withoutSite(format)
    const declared = this.#formats.get(bare)
    if (declared !== undefined) return declared.levels[place] ?? declared.rest
    if (bare === HOLD_FORMAT) return place === 2 ? this.owners : 'public'
    if (bare.startsWith(HOLD_START)) return 'public'
    const named = this.#verbs.get(verb) ?? this.#lists.get(list)
    return named === undefined ? this.#others : (named.levels[place] ?? named.rest)
  }

  object(list: string): Privacy {
    if (typeof this.#objects === 'string') return this.#objects
    return Object.hasOwn(this.#objects, list) ? (this.#objects[list] as Privacy) : 'public'
  }
}

function expression(source: string): RegExp {
  try {
    return new RegExp(source, 'gu')
  } catch (error) {
    throw new SyntaxError(
      `what matches must be a regular expression, got "${source}": ${(error as Error).message}`,
    )
  }
}

function objectLevels(value: unknown): Privacy | Readonly<Record<string, Privacy>> {
  if (typeof value !== 'object' || value === null) return expectPrivacy('objects', value)
  for (const [list, each] of Object.entries(value)) expectPrivacy(`objects of list "${list}"`, each)
  return value as Record<string, Privacy>
}

function byName(
  given: Readonly<Record<string, FormatPrivacy>> = {},
  read: (name: string, value: unknown) => ArgumentLevels,
): ReadonlyMap<string, ArgumentLevels> {
  return new Map(Object.entries(given).map(([name, value]) => [name, read(name, value)]))
}

function inTurn(name: string, value: unknown): ArgumentLevels {
  if (!Array.isArray(value)) return { levels: [], rest: expectPrivacy(`"${name}"`, value) }
  const levels = value.map((each) => expectPrivacy(`"${name}"`, each))
  return { levels, rest: levels.at(-1) ?? 'public' }
}
