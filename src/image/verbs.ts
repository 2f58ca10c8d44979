// Verbs by id: name, role, and whether their events are pinned.

import {
  ROLE_END,
  ROLE_NONE,
  ROLE_REF,
  ROLE_UNREF,
  VERB_BYTES,
  VERB_DEFINED_SHIFT,
  VERB_FLAG_OFF,
  VERB_FLAG_PIN,
  VERB_FLAGS_SHIFT,
  VERB_ROLE_SHIFT,
  VERB_TABLE,
  VERBS_MAX,
} from '../../assembly/layout.ts'
import type { ImageBytes } from './bytes.ts'
import type { Role, Verb } from './image.ts'
import type { Problems } from './problems.ts'
import { VERB_LOST } from './statements.ts'
import type { Strings } from './strings.ts'

// VERB is one u64; these are places in its upper word.
const UPPER_WORD = VERB_BYTES / 2
const ROLE_MASK = 0xff
const FLAGS_SHIFT = VERB_FLAGS_SHIFT - VERB_ROLE_SHIFT
const DEFINED = 2 ** (VERB_DEFINED_SHIFT - VERB_ROLE_SHIFT)

/** Of an event whose statement is lost. */
const LOST: Verb = { id: VERB_LOST, name: '<verb lost>', role: 'none', pin: false, enabled: true }

const ROLES = new Map<number, Role>([
  [ROLE_NONE, 'none'],
  [ROLE_REF, 'ref'],
  [ROLE_UNREF, 'unref'],
  [ROLE_END, 'end'],
])

export class Verbs {
  readonly #bytes: ImageBytes
  readonly #strings: Strings
  readonly #problems: Problems
  readonly #known: Verb[] = []

  constructor(bytes: ImageBytes, strings: Strings, problems: Problems) {
    this.#bytes = bytes
    this.#strings = strings
    this.#problems = problems
  }

  /** Always one: an id that no verb has is shown as `<verb 77>`, VERB_LOST as `<verb lost>`. */
  get(id: number): Verb {
    const known = this.#known[id]
    if (known) return known
    if (id === VERB_LOST) return LOST
    const verb = this.#read(id)
    if (verb) {
      this.#known[id] = verb
      return verb
    }
    this.#problems.add('read an event', {
      offset: VERB_TABLE + id * VERB_BYTES,
      field: 'verb',
      expected: 'a defined one',
      found: `${id}`,
    })
    return { id, name: `<verb ${id}>`, role: 'none', pin: false, enabled: true }
  }

  all(): Verb[] {
    const verbs: Verb[] = []
    for (let id = 0; id < VERBS_MAX; id++) {
      const verb = this.#known[id] ?? this.#read(id)
      if (!verb) break
      this.#known[id] = verb
      verbs.push(verb)
    }
    return verbs
  }

  #read(id: number): Verb | undefined {
    const at = VERB_TABLE + id * VERB_BYTES
    return this.#problems.attempt(`read verb ${id}`, () => {
      const upper = this.#bytes.acquireU32(at + UPPER_WORD, 'VERB_TABLE')
      if ((upper & DEFINED) === 0) return undefined
      // A verb without a name would look like the loss that an event without a verb tells of.
      const name = this.#strings.get(this.#bytes.u32(at, 'VERB_TABLE')) || `<verb ${id}>`
      const role = ROLES.get(upper & ROLE_MASK)
      if (role === undefined)
        this.#problems.add(`read verb ${id}`, {
          offset: at + UPPER_WORD,
          field: 'role',
          expected: `at most ${ROLE_END}`,
          found: `${upper & ROLE_MASK}`,
        })
      const bytes = this.#bytes
      return {
        id,
        name,
        role: role ?? 'none',
        pin: ((upper >>> FLAGS_SHIFT) & VERB_FLAG_PIN) !== 0,
        get enabled() {
          const now = bytes.acquireU32(at + UPPER_WORD, 'VERB_TABLE')
          return ((now >>> FLAGS_SHIFT) & VERB_FLAG_OFF) === 0
        },
      }
    })
  }
}
