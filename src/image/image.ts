// What any source of bytes becomes: lists, histories, events. Everything the inspector and the recorder's own events()
// show comes through these shapes; nothing here knows a runtime, a terminal or the Wasm core.

/** What a verb does to the object it is logged on. */
export type Role = 'ref' | 'unref' | 'none' | 'end'

/** One logged action, decoded. */
export interface Event {
  /** Place in its history, from 0. Index order is the order in which the threads logged. */
  readonly index: number
  /** The last place that it takes: index + 1 where equal events were folded into it (`coalesce`), else index. */
  readonly lastIndex: number
  /** How often it was logged in a row: 1, or more where equal events were folded; 0 where `verb` is ''. */
  readonly count: number
  /** Name of the verb; '' where nothing but a trailing loss is told (see `lost`). */
  readonly verb: string
  readonly role: Role
  /** Microseconds since the recorder began: no later than the event, no earlier than the event's before it. */
  readonly t: number
  /** The same of the last one: t where count is 1. */
  readonly last: number
  readonly pid: number
  readonly tid: number
  /** Name of the thread that logged. */
  readonly thread: string
  /** The text: format and arguments, formatted now. */
  readonly log: string
  /** Events missing just before this one (fallen from the middle, unfinished by a dead thread, damaged). 0 = none. */
  readonly lost: number
  /** Logged after an 'end' verb, or after history.unref() released the last reference. */
  readonly late: '' | 'after end' | 'after last unref'
  /** `src/conn.ts:41:accept`: where the call stands, if the program was built with call sites. */
  readonly site?: string
  /** The stack that logged, a frame a line, where the list was made with `backtrace`. */
  readonly backtrace?: string
  /** Where the record stands in the image (offset, plus the image's base address). */
  readonly address: number
}

/** A run of events that are missing from one history. */
export interface Gap {
  readonly from: number
  /** Inclusive. */
  readonly to: number
  readonly count: number
  /**
   * 'fallen': the middle of a long life; 'unfinished': claimed by a thread that never committed; 'damaged'. In histories
   * that come out of a log also 'before the log': one of these, but the log does not say which; and 'in the log': no line.
   */
  readonly cause: 'fallen' | 'unfinished' | 'damaged' | 'before the log' | 'in the log'
}

/** The life of one object. */
export interface History {
  readonly list: List
  /** Number in every thread and in every dump: generation * 2^24 + slot. */
  readonly handle: number
  /** As it was given to push(). */
  readonly object: number | bigint | string
  /** `0x7f95acf6ea60`, or the string itself. */
  readonly objectText: string
  /** Microseconds since the recorder began. */
  readonly created: number
  /** Name of the thread that pushed. */
  readonly thread: string
  /** `src/conn.ts:41:accept`: where the push stands, if the program was built with call sites. */
  readonly site?: string | undefined
  /**
   * Where it began: what push() was given, else an id of this life alone. Lives of one origin, in whichever recorder, are
   * those of one object that went from process to process. Undefined where what was read does not tell.
   */
  readonly origin?: string | undefined
  /** Place among the histories of its list, from 0, ever growing. */
  readonly order: number
  /** References on the history: the pusher's own and those of history.ref(). */
  readonly ref: number
  /** An 'end' verb was logged. */
  readonly ended: boolean
  /** Pushed out of the window, but held by references. */
  readonly pinned: boolean
  /** Places ever taken: by each event one, the lost ones included; by a run of equal events that were folded, two. */
  readonly len: number
  /** Place of the first event that flush() has not written yet. */
  readonly flushOffset: number
  /** Where the record stands in the image (offset, plus the image's base address). */
  readonly address: number
  /** Those that are left, in index order. Decoded at each call. */
  events(): Event[]
  /** What is not left of [0, len), and why. */
  gaps(): Gap[]
}

/** A family of histories with one gliding window. */
export interface List {
  readonly name: string
  readonly number: number
  /** Where the record stands in the image (offset, plus the image's base address). */
  readonly address: number
  /** How many histories are retained; 0: until the budget ends. */
  readonly window: number
  /** Events kept per history. */
  readonly maxEvents: number
  /** Bytes of text kept per event. */
  readonly maxText: number
  /** False: switched off at run time; in living memory as it is now. */
  readonly enabled: boolean
  /** Its histories are written to the sinks when an 'end' verb is logged. */
  readonly autoLog: boolean
  /** Equal events in a row are folded into one with a count. */
  readonly coalesce: boolean
  /** The share of its objects that is recorded: 1 is all. */
  readonly sample: number
  /** Histories ever pushed. */
  readonly pushed: number
  /** Histories that younger ones pushed out of the window. */
  readonly evictedByWindow: number
  /** Histories within the window that were pushed out for their memory. */
  readonly evictedByBudget: number
  /** Pinned histories that were pushed out for their memory. */
  readonly evictedPinned: number
  /** Events logged to histories that are gone. */
  readonly eventsGone: number
  /** Retained histories, oldest first. */
  histories(): History[]
}

export interface Thread {
  readonly number: number
  readonly name: string
  readonly pid: number
  readonly tid: number
  readonly runtime: 'unknown' | 'node' | 'deno' | 'bun' | 'browser'
  /** Microseconds since the recorder began. */
  readonly joined: number
}

export interface Verb {
  readonly id: number
  readonly name: string
  readonly role: Role
  /** Its events stay when the middle of a long history falls. */
  readonly pin: boolean
  /** False: switched off at run time; in living memory as it is now. */
  readonly enabled: boolean
}

/** Something in the bytes that cannot be believed; the rest is shown. */
export interface Problem {
  /** Offset in the image. */
  readonly offset: number
  readonly field: string
  readonly expected: string
  readonly found: string
  /** The whole sentence. */
  readonly text: string
}

/** The counters of a recorder, by name; the same names as Recorder.stats() returns. */
export type Stats = Record<string, number | boolean | string>

/** How a host's wall clock is to be read; in microseconds. */
export interface HostClock {
  /** Is added to its times. */
  readonly offset: number
  /** How far they may be off then. */
  readonly uncertainty: number
}

/** The bytes of one recorder, opened. */
export interface Image {
  /** File name, `pid 4711`, or 'live'. */
  readonly source: string
  /** The recorder's name. */
  readonly name: string
  /** The recorder's own number, drawn at random when it began: 16 hexadecimal digits. */
  readonly run: string
  readonly pid: number
  /** Name of the machine; '' where it is not known. */
  readonly host: string
  /** Wall clock of t = 0, milliseconds since 1970; with the offset of `hostClock`. */
  readonly started: number
  /** What `shdb merge --clock` was told of its host's wall clock. */
  readonly hostClock: HostClock | undefined
  /**
   * How far the wall clock of an event may be off, microseconds. Without `hostClock` that is against its host's own clock,
   * and how far that one is off, nobody said.
   */
  readonly uncertainty: number
  /** Of the bytes; 0 where there are none, as of histories out of a log. */
  readonly formatVersion: number
  /** Times were taken from a cell that the threads move about every millisecond while they log: older by so much. */
  readonly coarse: boolean
  /** t to which that cell was last moved, by any thread. */
  readonly lastTick: number
  /** Address of the image's first byte where it was recorded; 0 in dump files. */
  readonly base: number
  /** Bytes that the recorder used. */
  readonly size: number
  /** Most bytes that it may use. */
  readonly budget: number
  lists(): List[]
  list(name: string): List | undefined
  threads(): Thread[]
  verbs(): Verb[]
  stats(): Stats
  /** The history with this handle, or undefined. */
  history(handle: number): History | undefined
  /** All histories of this object in all lists, newest last. A number and a bigint of equal value are one object. */
  find(object: number | bigint | string): History[]
  /** What could not be believed so far. Grows as more is read. */
  problems(): readonly Problem[]
  /** The bytes at an address, as many as there are; for `x`. */
  bytes(address: number, length: number): Uint8Array
}
