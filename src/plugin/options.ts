// The options of all bundlers' plugins, and what decides whether the library stays.

import type { Note } from './note.ts'

export interface PluginOptions {
  /**
   * true: the statements stay, and each log says where it stands. false: they go. Default: a `define` of the bundler, then
   * the environment's, of `STRUCT_HIST`; without either they go.
   */
  readonly enabled?: boolean
  /** What an argument of a removed call does (`next()` in `history.log(V, '%d', next())`): still done, or not. Default: 'keep'. */
  readonly sideEffects?: 'keep' | 'drop'
  /** Folder of the project: all sources below it are looked at together. Default: the bundler's root, else the current folder. */
  readonly root?: string
  /** Folders that are not looked into, by name. Default: `dist`, `build`, `out`, `coverage`; `node_modules` and `.…` never are. */
  readonly exclude?: readonly string[]
  /** Further specifiers that mean the library: `#history`, a copy of it. */
  readonly library?: readonly string[]
  /** Is told what was left and why. Default: the bundler's warnings. */
  readonly onNote?: (note: Note) => void
}

export interface Settings {
  readonly enabled: boolean | undefined
  readonly sideEffects: 'keep' | 'drop'
  readonly root: string | undefined
  readonly exclude: ReadonlySet<string>
  readonly library: readonly string[]
  readonly onNote: ((note: Note) => void) | undefined
}

const KEYS = ['enabled', 'sideEffects', 'root', 'exclude', 'library', 'onNote']
const NOT_SOURCES = ['dist', 'build', 'out', 'coverage']
const ACTION = 'Cannot set up the plugin of struct-history'

/** @throws {TypeError} For an option that is unknown or of the wrong type. */
export function settingsOf(options: PluginOptions = {}): Settings {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`${ACTION}: options must be an object, got ${String(options)}`)
  for (const key of Object.keys(options))
    if (!KEYS.includes(key))
      throw new TypeError(`${ACTION}: unknown option "${key}"; there are ${KEYS.join(', ')}`)
  const { enabled, sideEffects = 'keep', root, exclude = NOT_SOURCES, library = [] } = options
  expect('enabled', enabled, 'true or false', (it) => it === undefined || typeof it === 'boolean')
  expect('sideEffects', sideEffects, "'keep' or 'drop'", (it) => it === 'keep' || it === 'drop')
  expect('root', root, 'a folder', (it) => it === undefined || typeof it === 'string')
  expect('exclude', exclude, 'an array of names', isNames)
  expect('library', library, 'an array of specifiers', isNames)
  expect(
    'onNote',
    options.onNote,
    'a function',
    (it) => it === undefined || typeof it === 'function',
  )
  const { onNote } = options
  return { enabled, sideEffects, root, exclude: new Set(exclude), library, onNote }
}

function isNames(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function expect(name: string, value: unknown, wanted: string, is: (value: unknown) => boolean) {
  if (!is(value)) throw new TypeError(`${ACTION}: ${name} must be ${wanted}, got ${String(value)}`)
}

const SWITCH = 'STRUCT_HIST'
const DEFINED_AS = [
  SWITCH,
  `process.env.${SWITCH}`,
  `import.meta.env.${SWITCH}`,
  `globalThis.${SWITCH}`,
]

/** Whether the statements stay: the option, a `define`, the environment, in this order. */
export function isEnabled(
  settings: Settings,
  define: Record<string, unknown> | undefined,
  environment: Record<string, string | undefined>,
): boolean {
  if (settings.enabled !== undefined) return settings.enabled
  for (const name of DEFINED_AS) if (define && name in define) return isOn(define[name])
  return isOn(environment[SWITCH])
}

/** `'"1"'`, as a define quotes it, is 1. */
function isOn(value: unknown): boolean {
  const text = String(value ?? '').replace(/^["'`](.*)["'`]$/, '$1')
  return !/^(|0|false|off|no|undefined|null)$/i.test(text)
}

/** `STRUCT_HIST_SIDE_EFFECTS`, where no option can be given. */
export function sideEffectsOf(
  environment: Record<string, string | undefined>,
): Settings['sideEffects'] {
  return environment.STRUCT_HIST_SIDE_EFFECTS === 'drop' ? 'drop' : 'keep'
}
