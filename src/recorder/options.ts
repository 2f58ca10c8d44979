// Every option: its default, its range, and what is said when it is wrong.

import { CHUNK_BYTES, EVENTS_MAX, MAX_TEXT_LIMIT } from '../../assembly/layout.ts'
import type { Event, History, Stats } from '../image/image.ts'
import { flag, integer, known, share, show, text } from './given.ts'
import type { History as OwnHistory } from './history.ts'
import { FormatsPrivacy, type PrivacyOptions } from './privacy.ts'

/** Receives the new events of a history at each flush. What it throws is caught and counted. */
export interface Sink {
  (history: History, events: readonly Event[]): void
  /** Of those of struct-history/sinks: what is called instead, where all of a thread's sinks have it. */
  readonly later?: LaterSink
}

/** A sink that is only told which history, and reads it at another time, or in another thread. */
export interface LaterSink {
  begin(recorder: { readonly memory: WebAssembly.Memory }): void
  /** Events of the places `from` up to `to`; false when it has no room, which it counts. Never throws. */
  take(handle: number, from: number, to: number): boolean
  stats(): Stats
}

/**
 * Is asked after each unref() of this thread; `released` is what unref() answers. true, or a text that says why, fires
 * recorder.trigger(). What it throws is caught and counted.
 */
export type UnrefCheck = (history: OwnHistory, released: boolean) => boolean | string | undefined

/** Is given each text before it is stored, and answers what may be. What throws, or answers no text, stores '[not redacted]'. */
export type Redact = (text: string) => string

/** What a thread, or a process, that joins gives of its own. */
export interface JoinOptions {
  /** Its name. Default: 'main' or 'worker N'. */
  readonly thread?: string
  readonly sinks?: readonly Sink[]
  readonly redact?: Redact
  readonly privacy?: PrivacyOptions
}

/** What is left of a recorder when its process is killed. */
export type Durability = 'none' | 'copied' | 'mapped'

export interface RecorderOptions {
  /** Shown by the inspector; at most 64 bytes. Default: 'recorder'. */
  readonly name?: string
  /**
   * The machine, so that dumps of many can be told apart; at most 4,096 bytes, '' for none. Default: the host's name where
   * the runtime tells it: Node, Bun, and Deno with `--allow-sys=hostname`; else ''.
   */
  readonly host?: string
  /** Most memory ever taken: bytes, or text like '64MiB'. From 512 KiB to 2 GiB. Default: '64MiB'. */
  readonly budget?: number | string
  /** 'coarse' (default): a shared cell kept within about a millisecond; 'precise': the runtime's clock for each event. */
  readonly clock?: 'coarse' | 'precise'
  /** Name of this thread. Default: 'main' or 'worker N'. */
  readonly thread?: string
  /** Where flush() and autoLog write to, in this thread. Default: none. */
  readonly sinks?: readonly Sink[]
  /**
   * Takes secrets out of the arguments that this thread logs: strings, and the JSON of objects; each thread gives its own.
   * Not of formats, names and objects' ids: these are stored as they are. Default: none.
   */
  readonly redact?: Redact
  /**
   * What the arguments of which format are, to this thread: 'public', 'pseudonym' (a keyed hash in their place) or 'secret',
   * before anything of them is stored. `redact` is given what is public. Default: all are public. See docs/SECRETS.md.
   */
  readonly privacy?: PrivacyOptions
  /**
   * A file that lies under the memory, best in /dev/shm: it outlives the process, however that dies, and other processes
   * join the recorder by it. Whoever comes while somebody lives in it joins, with the options it was begun with; else
   * the last one's evidence is kept beside it. Takes all of `budget` at once. Default: none. See docs/PROCESSES.md.
   */
  readonly file?: string
  /**
   * What outlives a process that is killed: 'mapped' (default with `file`): everything, `file` lies under the memory;
   * 'copied': all but the last `interval`, a thread copies into `file` what has changed (in a page, a worker into a file of the
   * page's own, which savedDumps() finds at the next visit); 'best': 'mapped' where the
   * runtime can, else 'copied', said in a warning; 'none' (default without `file`): nothing but dumps. See docs/FAULTS.md.
   */
  readonly durable?: Durability | 'best'
  /** Milliseconds between two copies, from 1 to 60,000. Default: 100. */
  readonly interval?: number
  /** Of the recorders that were in `file` before, so many stay beside it, the last ones. From 0 to 1,000. Default: 4. */
  readonly keep?: number
}

export interface ListOptions {
  /** How many histories to retain: the last so many pushed. 0: until the budget ends. From 0 to 2^31 - 1. Default: 10,000. */
  readonly window?: number
  /** Events kept per history: the first quarter and the last three quarters. From 1 to 50,000. Default: 300. */
  readonly maxEvents?: number
  /** Bytes of text kept per event; cut on a UTF-8 boundary and marked. From 0 to 8,192. Default: 128. */
  readonly maxText?: number
  /** Write each history to the sinks when an 'end' verb is logged. Default: false. */
  readonly autoLog?: boolean
  /** Keep the stack of each event, equal ones once. Costs microseconds per event. Default: false. */
  readonly backtrace?: boolean
  /**
   * Folds equal events in a row (verb, format, arguments, thread) into one with a count and the times of the first and the
   * last, until a flush writes it. Not those of 'end' verbs, nor those that need a text. Default: false.
   */
  readonly coalesce?: boolean
  /**
   * The share of objects to record, above 0 and up to 1: 1/100 is one in a hundred, chosen at random at each push(). Whole
   * lives, in all threads. Default: 1.
   */
  readonly sample?: number
  /** false: starts switched off. Default: true. */
  readonly enabled?: boolean
  /**
   * true: what this thread does to a life that has ended, or has no reference left, fires recorder.trigger() with that
   * history, once a life (docs/CHECK.md). A function: a condition of the application's own, asked after each unref() of this
   * thread. Default: none.
   */
  readonly check?: boolean | UnrefCheck
}

export interface RecorderSettings {
  readonly name: string
  readonly host: string | undefined
  readonly budgetChunks: number
  readonly coarse: boolean
  readonly thread: string | undefined
  readonly sinks: readonly Sink[]
  readonly redact: Redact | undefined
  readonly privacy: FormatsPrivacy | undefined
  readonly file: string | undefined
  readonly durable: Durability | 'best'
  readonly interval: number
  readonly keep: number
}

const CHUNKS_MIN = 8
const CHUNKS_MAX = 32768
const UNITS: Record<string, number> = {
  B: 1,
  KB: 1000,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
}

export function recorderSettings(
  options: RecorderOptions | undefined,
  action = 'create recorder',
): RecorderSettings {
  const given = known(action, options, [
    'name',
    'host',
    'budget',
    'clock',
    'thread',
    'sinks',
    'redact',
    'privacy',
    'file',
    'durable',
    'interval',
    'keep',
  ])
  const name = text(action, 'name', given.name, 'recorder')
  const clock = given.clock ?? 'coarse'
  if (clock !== 'coarse' && clock !== 'precise')
    throw new TypeError(`Cannot ${action}: clock must be 'coarse' or 'precise', got ${show(clock)}`)
  const sinks = given.sinks ?? []
  if (!Array.isArray(sinks) || sinks.some((sink) => typeof sink !== 'function'))
    throw new TypeError(`Cannot ${action}: sinks must be an array of functions, got ${show(sinks)}`)
  const { redact } = given
  if (redact !== undefined && typeof redact !== 'function')
    throw new TypeError(`Cannot ${action}: redact must be a function, got ${show(redact)}`)
  const file = given.file === undefined ? undefined : text(action, 'file', given.file)
  return {
    name,
    host: given.host === undefined ? undefined : text(action, 'host', given.host, ''),
    budgetChunks: Math.floor(bytes(action, given.budget ?? '64MiB') / CHUNK_BYTES),
    coarse: clock === 'coarse',
    thread: given.thread === undefined ? undefined : text(action, 'thread', given.thread, ''),
    sinks,
    redact,
    privacy: privacy(action, given.privacy),
    file,
    durable: durability(action, given.durable, file),
    interval: integer(action, 'interval', given.interval ?? 100, 1, 60_000),
    keep: integer(action, 'keep', given.keep ?? 4, 0, 1000),
  }
}

export function joinSettings(options: JoinOptions | undefined, action = 'join a recorder') {
  const { thread, sinks, redact, privacy } = recorderSettings(
    known(action, options, ['thread', 'sinks', 'redact', 'privacy']),
    action,
  )
  return { thread, sinks, redact, privacy }
}

export function listSettings(name: unknown, options: ListOptions | undefined) {
  const listName = text('create list', 'its name', name)
  const action = `create list ${show(listName)}`
  const given = known(action, options, [
    'window',
    'maxEvents',
    'maxText',
    'autoLog',
    'backtrace',
    'coalesce',
    'sample',
    'enabled',
    'check',
  ])
  if (given.check !== undefined && !['boolean', 'function'].includes(typeof given.check))
    throw new TypeError(
      `Cannot ${action}: check must be true, false or a function, got ${show(given.check)}`,
    )
  return {
    name: listName,
    check: given.check,
    window: integer(action, 'window', given.window ?? 10_000, 0, 2 ** 31 - 1),
    maxEvents: integer(action, 'maxEvents', given.maxEvents ?? 300, 1, EVENTS_MAX),
    maxText: integer(action, 'maxText', given.maxText ?? 128, 0, MAX_TEXT_LIMIT),
    autoLog: flag(action, 'autoLog', given.autoLog ?? false),
    backtrace: flag(action, 'backtrace', given.backtrace ?? false),
    coalesce: flag(action, 'coalesce', given.coalesce ?? false),
    sample: share(action, 'sample', given.sample ?? 1),
    enabled: flag(action, 'enabled', given.enabled ?? true),
  }
}

function durability(action: string, value: unknown, file: string | undefined): Durability | 'best' {
  const given = value ?? (file === undefined ? 'none' : 'mapped')
  if (given !== 'none' && given !== 'copied' && given !== 'mapped' && given !== 'best')
    throw new TypeError(
      `Cannot ${action}: durable must be 'none', 'copied', 'mapped' or 'best', got ${show(value)}`,
    )
  if ((given === 'none') !== (file === undefined))
    throw new TypeError(
      `Cannot ${action}: durable '${given}' ${file === undefined ? 'needs a file' : 'has no file'}`,
    )
  return given
}

function privacy(action: string, value: PrivacyOptions | undefined): FormatsPrivacy | undefined {
  if (value === undefined) return undefined
  try {
    return new FormatsPrivacy(known('declare', value, ['formats', 'others', 'owners', 'key']))
  } catch (error) {
    const { message } = error as Error
    const sentence = `Cannot ${action}: ${message.replace(/^Cannot declare: /, 'privacy: ')}`
    throw error instanceof RangeError ? new RangeError(sentence) : new TypeError(sentence)
  }
}

function bytes(action: string, value: unknown): number {
  let size = Number.NaN
  if (typeof value === 'number') size = value
  else if (typeof value === 'string') {
    const match = /^(\d+(?:\.\d+)?)\s*([KMG]i?B|B)$/.exec(value.trim())
    if (match) size = Number(match[1]) * (UNITS[match[2] as string] as number)
  }
  const wanted = "bytes as a number, or text like '64MiB'"
  if (Number.isNaN(size))
    throw new TypeError(`Cannot ${action}: budget must be ${wanted}, got ${show(value)}`)
  if (size < CHUNKS_MIN * CHUNK_BYTES || size > CHUNKS_MAX * CHUNK_BYTES)
    throw new RangeError(`Cannot ${action}: budget must be from 512KiB to 2GiB, got ${show(value)}`)
  return size
}
