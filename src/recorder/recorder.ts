// The recorder: begins or joins a memory, hands out lists and verbs, and lets the whole be copied out.

import {
  LIST_FLAG_AUTO_LOG,
  LIST_FLAG_BACKTRACE,
  LIST_FLAG_COALESCE,
  VERBS_MAX,
} from '../../assembly/layout.ts'
import { CoreInstance } from '../core/instance.ts'
import type { Stats } from '../image/image.ts'
import { host } from '../runtime/host.ts'
import { begin, canBeShared, newMemory } from './begin.ts'
import { beginCopied, copierOf } from './copied.ts'
import { show } from './given.ts'
import type { History } from './history.ts'
import { Holds } from './hold.ts'
import { type Imports, importsOf } from './imports.ts'
import { List } from './list.ts'
import { LiveCheck } from './live-check.ts'
import { beginOrJoin, joinFile } from './mapped.ts'
import {
  type Durability,
  type JoinOptions,
  joinSettings,
  type ListOptions,
  listSettings,
  type RecorderOptions,
  type RecorderSettings,
  recorderSettings,
  type Sink,
  type UnrefCheck,
} from './options.ts'
import { sampleBits } from './sampling.ts'
import { expectTicket, type Ticket } from './ticket.ts'
import { type TriggerHandler, Triggers } from './triggers.ts'
import { Verb, type VerbDefinition, verbNumbers } from './verbs.ts'
import { Writer } from './writer.ts'

const ROLE_TEXT: Record<string, string> = { ref: '+1', unref: '-1', none: '0', end: "'end'" }
const ROLE_OF_NUMBER = ['none', 'ref', 'unref', 'end']

/**
 * A flight recorder for objects: one memory with the histories of the last N of each kind, written by any number of
 * threads, none of which ever waits for another.
 *
 * @example
 * const recorder = new Recorder({ name: 'proxy' })
 * const TCP = recorder.verbs({ TCP_REF: +1, TCP_UNREF: -1, TCP_DESTROY: 'end' })
 * const connections = recorder.list('TCP con', { window: 10_000 })
 * const history = connections.push(0x7f95acf6ea60)
 * history.log(TCP.TCP_REF, 'connect, (%d)', 1)
 */
export class Recorder {
  readonly #writer: Writer
  readonly #ticket: Ticket
  readonly #sinks: readonly Sink[]
  readonly #lists = new Map<string, List>()
  readonly #verbs = new Map<string, Verb>()
  #triggers: Triggers | undefined
  #live: LiveCheck | undefined
  #imports: Imports | undefined

  /**
   * Begins a recorder in this thread.
   * @throws {TypeError | RangeError} For an option that is unknown, of the wrong type or out of range.
   */
  constructor(options?: RecorderOptions)
  /** @internal */
  constructor(options: RecorderOptions | undefined, joined: Ticket)
  constructor(options?: RecorderOptions, joined?: Ticket) {
    const settings = joined ? undefined : recorderSettings(options)
    const { thread, sinks, redact, privacy } = settings ?? joinSettings(options)
    const ticket = joined ?? ticketOf(settings as RecorderSettings)
    const instance = new CoreInstance(ticket.memory)
    this.#ticket = ticket
    this.#sinks = sinks
    const name = thread ?? defaultThreadName()
    this.#writer = new Writer(instance, host, ticket, name, redact, privacy)
    for (const { later } of sinks) later?.begin(ticket)
    this.#writer.holds = new Holds(this.#writer, (verbs) => this.verbs(verbs))
  }

  /**
   * Joins the recorder of another thread: the same lists, verbs and histories. Writes nothing but this thread's name.
   * @throws {TypeError} For anything that is not a ticket of share().
   */
  static join(ticket: Ticket, options?: JoinOptions): Recorder {
    return new Recorder(options, expectTicket(ticket))
  }

  /**
   * Joins the recorder that other processes keep in a file, begun there by `new Recorder({ file })`, of whichever runtime.
   * @throws {Error} When there is none, it is of another version, or this runtime cannot map files (see docs/PROCESSES.md).
   */
  static open(path: string, options?: JoinOptions): Recorder {
    joinSettings(options, `open recorder ${show(path)}`)
    return new Recorder(options, joinFile(path))
  }

  /** As it was begun with. */
  get name(): string {
    return this.#ticket.name
  }

  /** The file that lies under its memory, or that it is copied into. */
  get file(): string | undefined {
    return this.#ticket.file
  }

  /** What is left of it when its process is killed: see the option. */
  get durable(): Durability {
    return this.#ticket.durable
  }

  /**
   * Names the kinds of event, with what each does to the object: +1 takes a reference, -1 releases one, 0 neither,
   * 'end' destroys it. The same name again gives the same verb, in every thread.
   * @throws {TypeError} For a role that is none of these, or other than the verb has already.
   * @throws {RangeError} Beyond 1024 verbs.
   */
  verbs<const Definitions extends Record<string, VerbDefinition>>(
    definitions: Definitions,
  ): { readonly [Name in keyof Definitions]: Verb } {
    if (typeof definitions !== 'object' || definitions === null)
      throw new TypeError(
        `Cannot define verbs: expected an object of names and roles, got ${show(definitions)}`,
      )
    const verbs: Record<string, Verb> = {}
    for (const [name, definition] of Object.entries(definitions))
      verbs[name] = this.#verb(name, definition)
    return verbs as { readonly [Name in keyof Definitions]: Verb }
  }

  /**
   * The list of this name: made now, or by any thread before, then with the options it was made with.
   * @throws {TypeError | RangeError} For a wrong option, or when the budget has no room for the window.
   */
  list(name: string, options?: ListOptions): List {
    const settings = listSettings(name, options)
    const { core } = this.#writer
    const id = this.#writer.intern(settings.name)
    if (id === 0)
      throw new RangeError(
        `Cannot create list ${show(name)}: the string area of the recorder is full`,
      )
    let address = core.findList(id) >>> 0
    if (address === 0) {
      const flags =
        (settings.autoLog ? LIST_FLAG_AUTO_LOG : 0) |
        (settings.backtrace ? LIST_FLAG_BACKTRACE : 0) |
        (settings.coalesce ? LIST_FLAG_COALESCE : 0) |
        sampleBits(settings.sample)
      address =
        core.createList(
          id,
          settings.window,
          settings.maxEvents,
          settings.maxText,
          flags,
          settings.enabled ? 0 : 1,
        ) >>> 0
      if (address === 0)
        throw new RangeError(
          `Cannot create list ${show(name)}: the budget of ${this.#writer.image().budget} bytes has no room for a window of ${settings.window}, or there are 255 lists already`,
        )
    }
    const list = this.#hold(settings.name, address)
    if (settings.check === true) list.watch(this.#liveCheck())
    else if (settings.check) this.#check(list, settings.check)
    return list
  }

  /**
   * What another thread needs to join: post it with postMessage or workerData.
   * @throws {Error} Where memory cannot be shared: a page that is not cross-origin isolated.
   */
  share(): Ticket {
    if (!canBeShared(this.#ticket.memory))
      throw new Error(
        `Cannot share recorder ${show(this.name)}: this page is not cross-origin isolated, so its memory stays in one thread; serve it with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp`,
      )
    return this.#ticket
  }

  /**
   * What a Wasm module written in AssemblyScript with `struct-history/assembly` imports, to record into this recorder, in this
   * thread: `WebAssembly.instantiate(bytes, { env, ...recorder.imports() })`. See docs/ASSEMBLYSCRIPT.md.
   */
  imports(): Imports {
    this.#imports ??= importsOf(this.#writer, (address, handle) => {
      const named = this.#writer.image().lists()
      const name = named.find((list) => list.address === address)?.name
      if (name !== undefined) this.#hold(name, address).at(handle)?.flush()
    })
    return this.#imports
  }

  /** A whole image, copied while writers go on: what struct-history/inspect and shdb open. */
  snapshot(): Uint8Array<ArrayBuffer> {
    const bytes = this.#writer.instance.bytes()
    const copy = new Uint8Array(bytes.length)
    copy.set(bytes)
    return copy
  }

  /**
   * Writes an image to a new file that only its owner may read, and answers its path. Never over another file.
   * @throws {Error} When there is a file of that name, it cannot be written, or there are no files (browsers).
   */
  async dump(path: string): Promise<string> {
    return this.dumpSync(path)
  }

  /** As dump(), before it returns: for handlers of a process that is about to end. */
  dumpSync(path: string): string {
    if (typeof path !== 'string' || path === '')
      throw new TypeError(
        `Cannot dump recorder ${show(this.name)}: expected a file's path, got ${show(path)}`,
      )
    try {
      host.writeNewFile(path, this.snapshot())
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error
      throw new Error(
        `Cannot dump recorder ${show(this.name)} to "${path}": the file exists, and a dump never overwrites another`,
        {
          cause: error,
        },
      )
    }
    return path
  }

  /** Every counter: what was recorded, and how much is missing for which reason. */
  stats(): Stats {
    const { memory, durable } = this.#ticket
    const shared = canBeShared(memory)
    const copier = copierOf(memory)
    return {
      ...this.#writer.image().stats(),
      ...summed(this.#sinks),
      ...(copier ? { copies: copier.passes, copiesFailed: copier.failures } : {}),
      durable,
      shared,
      threading: shared ? 'shared' : 'single thread: SharedArrayBuffer is not available here',
    }
  }

  /**
   * Tells that a condition of the application's own came true: `recorder.trigger('refs below zero', history)`. The reason,
   * and what it is about, becomes an event of the list 'struct-history triggers', where every dump shows it; then
   * dumpOnFault(), when it watches this recorder in this thread, dumps at most once per interval. Answers the path of the
   * dump, undefined when none was written. Any thread. Never throws.
   */
  trigger(reason: string, history?: History): string | undefined {
    return this.#triggering().fire(typeof reason === 'string' ? reason : show(reason), history)
  }

  /** Calls back at each trigger() of this thread, after it was recorded; answers how to stop. What it throws is counted. */
  onTrigger(handler: TriggerHandler): () => void {
    return this.#triggering().on(handler)
  }

  #triggering(): Triggers {
    this.#triggers ??= new Triggers(this, this.#writer)
    return this.#triggers
  }

  #liveCheck(): LiveCheck {
    this.#live ??= new LiveCheck(this.#writer, (kind, history) => {
      this.trigger(`${kind} in ${history.list.name}`, history)
    })
    return this.#live
  }

  #check(list: List, check: UnrefCheck): void {
    list.onUnref = (history, released) => {
      try {
        const found = check(history, released)
        if (found) this.trigger(found === true ? `check of ${list.name}` : found, history)
      } catch {
        this.#writer.reject()
      }
    }
  }

  #hold(name: string, address: number): List {
    const held = this.#lists.get(name)
    if (held?.address === address) return held
    const list = new List(name, this.#writer, this.#sinks, address)
    this.#lists.set(name, list)
    return list
  }

  #verb(name: string, definition: unknown): Verb {
    const { role, flags } = verbNumbers(name, definition)
    const held = this.#verbs.get(name)
    const verb = held ?? this.#defineVerb(name, role, flags)
    const is = held ? ROLE_OF_NUMBER[held.roleNumber] : this.#writer.image().verbs()[verb.id]?.role
    if (is !== ROLE_OF_NUMBER[role])
      throw new TypeError(
        `Cannot define verb "${name}": its role is ${ROLE_TEXT[is ?? 'none']} already, got ${ROLE_TEXT[ROLE_OF_NUMBER[role] as string]}`,
      )
    this.#verbs.set(name, verb)
    return verb
  }

  #defineVerb(name: string, role: number, flags: number): Verb {
    const id = this.#writer.intern(name)
    if (id === 0)
      throw new RangeError(`Cannot define verb "${name}": the string area of the recorder is full`)
    const number = this.#writer.core.defineVerb(id, role, flags)
    if (number < 0)
      throw new RangeError(
        `Cannot define verb "${name}": a recorder holds at most ${VERBS_MAX} verbs`,
      )
    return new Verb(this.#writer, name, number, role)
  }
}

/** Of sinks that count; of several, the sums. */
function summed(sinks: readonly Sink[]): Stats {
  const sums: Stats = {}
  for (const { later } of sinks) {
    for (const [name, value] of Object.entries(later?.stats() ?? {})) {
      const before = sums[name]
      const areNumbers = typeof value === 'number' && typeof before === 'number'
      sums[name] = areNumbers ? before + value : value
    }
  }
  return sums
}

function defaultThreadName(): string {
  if (host.isMainThread) return 'main'
  return host.tid === undefined ? 'worker' : `worker ${host.tid}`
}

function ticketOf(settings: RecorderSettings): Ticket {
  const { file, durable, interval, budgetChunks } = settings
  if (file === undefined) return begin(newMemory(budgetChunks), settings, 'none')
  if (durable === 'copied') return beginCopied(file, settings)
  try {
    return beginOrJoin(file, settings)
  } catch (error) {
    if (durable !== 'best') throw error
    const copied = beginCopied(file, settings)
    host.warn(`${(error as Error).message}; it is copied every ${interval} ms instead`)
    return copied
  }
}
