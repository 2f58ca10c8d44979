// What the library hands out, and what each thing answers when the list is switched off: which is also what is left of a
// use in the place of a value.

/**
 * What an expression is, as far as the library is concerned: one of its things, nothing (null, undefined), or anything
 * else. A thing without a name of its own is OPAQUE: ours, and we know no more.
 */
export type Kind = string

/** Not written yet; below all others. */
export const UNKNOWN: Kind = ''
export const NOTHING: Kind = 'nothing'
export const OTHER: Kind = 'other'
const OPAQUE: Kind = 'thing of the library'
export const NAMESPACE: Kind = 'namespace'
const RECORDER_CLASS: Kind = 'class Recorder'
const RECORDER: Kind = 'recorder'
export const LIST: Kind = 'list'
export const HISTORY: Kind = 'history'
export const VERBS: Kind = 'verbs'
export const VERB: Kind = 'verb'
const HISTORIES: Kind = 'histories'
/** A value that the library answers when it is switched off, as source text. */
const CONSTANT = 'constant '
const METHOD = 'method '
/** A module of the project, as a namespace. */
export const MODULE = 'module '

const constant = (text: string): Kind => CONSTANT + text
const method = (result: Kind): Kind => METHOD + result

const MEMBERS: Record<Kind, Record<string, Kind>> = {
  [RECORDER_CLASS]: { join: method(RECORDER), open: method(RECORDER) },
  [RECORDER]: {
    verbs: method(VERBS),
    list: method(LIST),
    imports: method(constant('{}')),
    // In AssemblyScript.
    verb: method(VERB),
  },
  [LIST]: {
    push: method(HISTORY),
    at: method(HISTORY),
    histories: method(HISTORIES),
    flush: method(constant('0')),
    destroy: method(constant('undefined')),
    enabled: constant('false'),
  },
  [HISTORY]: {
    log: method(constant('false')),
    ref: method(constant('false')),
    unref: method(constant('false')),
    events: method(constant('[]')),
    flush: method(constant('0')),
    handle: constant('0'),
    list: LIST,
    hold: method(OPAQUE),
    holdAt: method(OPAQUE),
  },
}

/** Members that a thing has beyond those above: of one that is only known by the name of a property, nothing else is. */
const FURTHER: Record<Kind, readonly string[]> = {
  [RECORDER]: ['name', 'share', 'snapshot', 'dump', 'dumpSync', 'stats'],
  [LIST]: ['name', 'window', 'maxEvents', 'maxText', 'autoLog', 'backtrace', 'coalesce', 'sample'],
  [VERB]: ['name', 'id', 'enabled'],
}

const TYPES: Record<string, Kind> = {
  Recorder: RECORDER,
  List: LIST,
  History: HISTORY,
  Verb: VERB,
  Ticket: OPAQUE,
}

/** Entries that record nothing are tools in their own right: a program that opens images must go on doing so. */
const NOT_RECORDING = /^\/(inspect|plugin|package\.json)/

/** Whether an import of this specifier is one of the recording library: of npm, JSR, or of a name that the user told. */
export function isLibrary(specifier: string, aliases: readonly string[]): boolean {
  if (aliases.includes(specifier)) return true
  const match = /^(?:npm:\/?|jsr:\/?)?(?:@struct-history\/)?struct-history(?:@[^/]+)?(\/.*)?$/.exec(
    specifier,
  )
  return match !== null && !NOT_RECORDING.test(match[1] ?? '')
}

export function exportKind(name: string): Kind {
  if (name === 'recorder') return RECORDER
  return name === 'Recorder' ? RECORDER_CLASS : OPAQUE
}

/** What a value of this type is: only of these can a program get one from the recorder. */
export function typeKind(name: string): Kind {
  return TYPES[name] ?? OTHER
}

export function isOurs(kind: Kind): boolean {
  return kind !== UNKNOWN && kind !== NOTHING && kind !== OTHER && !kind.startsWith(MODULE)
}

/** What `thing.name` is; UNKNOWN when such a thing has no such member. */
export function memberKind(kind: Kind, name: string | undefined, isByProperty: boolean): Kind {
  if (kind === NAMESPACE) return name === undefined ? OPAQUE : exportKind(name)
  if (kind === VERBS) return VERB
  if (kind.startsWith(METHOD))
    return name === 'bind' ? METHOD + kind : name === 'call' || name === 'apply' ? kind : OPAQUE
  if (kind.startsWith(CONSTANT)) return OTHER
  // What follows a promise of the library is the application's.
  if (kind === OPAQUE && /^(then|catch|finally)$/.test(name ?? '')) return OTHER
  const known = name === undefined ? undefined : MEMBERS[kind]?.[name]
  if (known !== undefined) return known
  const isFurther = kind === OPAQUE || (name !== undefined && FURTHER[kind]?.includes(name))
  return isFurther || !isByProperty ? OPAQUE : UNKNOWN
}

/** What a call of it answers. */
export function resultKind(kind: Kind): Kind {
  return kind.startsWith(METHOD) ? kind.slice(METHOD.length) : OPAQUE
}

export function instanceKind(kind: Kind): Kind {
  return kind === RECORDER_CLASS ? RECORDER : OPAQUE
}

export function elementKind(kind: Kind): Kind {
  return kind === HISTORIES ? HISTORY : OPAQUE
}

/** What stands for a value of this kind when the library is gone; undefined when nothing can. */
export function offValue(kind: Kind): string | undefined {
  if (kind.startsWith(CONSTANT)) return kind.slice(CONSTANT.length)
  return kind === HISTORIES ? '[]' : undefined
}

/** The least kind that covers both. */
export function joined(a: Kind, b: Kind): Kind {
  if (a === b || b === UNKNOWN) return a
  if (a === UNKNOWN) return b
  if (a === OTHER || b === OTHER) return OTHER
  if (a === NOTHING) return b
  if (b === NOTHING) return a
  if (a.startsWith(MODULE) || b.startsWith(MODULE)) return OTHER
  return OPAQUE
}

/** For messages: "a list". */
export function described(kind: Kind): string {
  if (kind.startsWith(METHOD)) return 'a method of the library'
  if (kind.startsWith(CONSTANT)) return 'an answer of the library'
  if (kind === RECORDER_CLASS) return 'the class Recorder'
  if (kind === NAMESPACE) return 'the library'
  if (kind === HISTORIES) return 'the histories of a list'
  if (kind === VERBS) return 'a set of verbs'
  return `a ${kind}`
}
