// Verbs: named kinds of event, one number each for all threads of a recorder.

import {
  EVENT_STATEMENT_SHIFT,
  HEADER_VERB_SWITCHES,
  PACKED_END,
  PACKED_THREAD_SHIFT,
  ROLE_END,
  ROLE_NONE,
  ROLE_REF,
  ROLE_UNREF,
  STRAIGHT_THREADS,
  VERB_BYTES,
  VERB_FLAG_OFF,
  VERB_FLAG_PIN,
  VERB_FLAGS_SHIFT,
  VERB_ROLE_SHIFT,
  VERB_TABLE,
} from '../../assembly/layout.ts'
import { digitsOf, plainStatement } from '../image/statements.ts'
import { show } from './given.ts'
import type { Writer } from './writer.ts'

/** What a verb does to the object: takes a reference, releases one, neither, destroys it. */
export type VerbRole = 1 | -1 | 0 | 'end'

/** A role; or a role and whether events of the verb stay when the middle of a long history falls. */
export type VerbDefinition = VerbRole | { readonly role: VerbRole; readonly pin?: boolean }

/** A string that no application has, so that the comparison with a format is always one of strings. */
const NO_FORMAT_YET = `\0${Math.random()}`

/** Of the formats that a verb remembers, told by their length: a power of two of first places, and as many second ones. */
const PLACES = 32

/** No writer, but an object as they are: compared with anything else, an engine would ask what it is. */
const NOT_STRAIGHT = { isStraight: false } as const

const ROLES: ReadonlyMap<unknown, number> = new Map<VerbRole, number>([
  [1, ROLE_REF],
  [-1, ROLE_UNREF],
  [0, ROLE_NONE],
  ['end', ROLE_END],
])

const OFF = VERB_FLAG_OFF << (VERB_FLAGS_SHIFT - VERB_ROLE_SHIFT)

/** A verb of one recorder; made by recorder.verbs(). */
export class Verb {
  declare readonly name: string
  declare readonly id: number
  /** @internal ROLE_… of the format. */
  declare readonly roleNumber: number
  /** @internal Thread and role, as a log call passes them to the core. */
  declare readonly packed: number
  /** @internal What the core is told where there is no format: STATEMENT in layout.ts. */
  declare readonly plainWhat: number
  /** @internal What its statements begin with, before the format. */
  declare readonly digits: string
  /** @internal The statements of its formats that have been interned, 0 of those that could not be. */
  declare readonly statements: Map<string, number>
  /** The thread, where the core is told it beside a statement; else 0. */
  declare private readonly besides: number
  /** @internal */
  declare readonly owner: Writer
  /** @internal Its owner, as long as it is switched on: log() compares it in any case, so the switch costs nothing there. */
  declare writer: Writer | undefined
  /** The half of its entry in the table that has the flags, in the header chunk. */
  readonly #flags: Uint32Array
  /** @internal The format that this verb was last logged with, and what the core is told then: most call sites repeat. */
  lastFormat: string = NO_FORMAT_YET
  /** Those of before, and what the core is told then: an application's formats are few, and its verbs fewer. */
  private readonly formats: string[] = new Array<string>(2 * PLACES).fill(NO_FORMAT_YET)
  private readonly whats: number[] = new Array<number>(2 * PLACES).fill(0)
  /** @internal */
  declare lastWhat: number
  /** @internal The same, as long as its events may go the straight way: it ends no life, and the clock is the coarse one. */
  declare straightWriter: Writer | typeof NOT_STRAIGHT
  declare private readonly isStraight: boolean

  /** @internal */
  constructor(writer: Writer, name: string, id: number, roleNumber: number) {
    // Next to each other in memory, and to lastFormat: each event needs them.
    this.straightWriter = NOT_STRAIGHT
    this.lastWhat = 0
    this.owner = writer
    this.writer = writer
    const { buffer } = writer.instance.memory
    this.#flags = new Uint32Array(buffer, VERB_TABLE + id * VERB_BYTES + VERB_BYTES / 2, 1)
    this.name = name
    this.id = id
    this.roleNumber = roleNumber
    const { thread } = writer
    this.packed = (thread << PACKED_THREAD_SHIFT) | (roleNumber === ROLE_END ? PACKED_END : 0)
    const isNear = thread < STRAIGHT_THREADS
    this.isStraight = roleNumber !== ROLE_END && writer.clock.isCoarse && isNear
    this.besides = isNear ? thread : 0
    this.digits = digitsOf(id)
    this.statements = new Map()
    this.plainWhat = this.whatOf(plainStatement(id))
    this.lastWhat = this.plainWhat
    writer.addVerb(this)
    this.look()
  }

  /**
   * The run-time switch: false makes log() of this verb record nothing, in this thread at once, in others when they look at
   * the clock next: after about a millisecond of logging.
   */
  get enabled(): boolean {
    return ((this.#flags[0] as number) & OFF) === 0
  }

  set enabled(value: boolean) {
    if (value) Atomics.and(this.#flags, 0, ~OFF)
    else Atomics.or(this.#flags, 0, OFF)
    Atomics.add(new Uint32Array(this.#flags.buffer, HEADER_VERB_SWITCHES, 1), 0, 1)
    this.owner.lookAtVerbs()
  }

  /** @internal */
  look(): void {
    this.writer = this.enabled ? this.owner : undefined
    this.straightWriter = this.enabled && this.isStraight ? this.owner : NOT_STRAIGHT
  }

  /** @internal What the core is told of a statement. Signed: an engine keeps it as an integer then. */
  whatOf(statement: number): number {
    return (statement << EVENT_STATEMENT_SHIFT) | this.besides
  }

  /** @internal */
  remember(format: string, what: number): void {
    const place = format.length & (PLACES - 1)
    this.formats[place + PLACES] = this.formats[place] as string
    this.whats[place + PLACES] = this.whats[place] as number
    this.formats[place] = format
    this.whats[place] = what
    this.lastFormat = format
    this.lastWhat = what
  }

  /** @internal Makes a format that it remembers the last one. Formats are constants: the comparison is one of pointers. */
  recalls(format: unknown): boolean {
    if (typeof format !== 'string') return false
    let place = format.length & (PLACES - 1)
    if (this.formats[place] !== format) {
      place += PLACES
      if (this.formats[place] !== format) return false
    }
    this.lastFormat = format
    this.lastWhat = this.whats[place] as number
    return true
  }
}

/** Role and flags as the format numbers them. */
export function verbNumbers(name: string, definition: unknown): { role: number; flags: number } {
  const isObject = typeof definition === 'object' && definition !== null
  const { role, pin } = isObject
    ? (definition as { role?: unknown; pin?: unknown })
    : { role: definition, pin: false }
  const number = ROLES.get(role)
  if (number === undefined)
    throw new TypeError(
      `Cannot define verb "${name}": its role must be +1, -1, 0 or 'end', got ${show(role)}`,
    )
  return { role: number, flags: pin === true ? VERB_FLAG_PIN : 0 }
}
