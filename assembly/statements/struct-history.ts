// What recorder.imports() hands over: the core's functions, on the recorder's memory, and what only JavaScript knows. asc
// names the module of an import by its file: this one's name is the module's.

/** Logs until the next look at the runtime's clock; JavaScript sets it to 0 when the clock stands still. */
export declare let left: i32

export declare function readWord(address: usize): u32
export declare function writeWord(address: usize, value: u32): void
export declare function count(counter: u32): void
export declare function claimString(bytes: u32, spared: u32): usize
export declare function commitString(address: usize): u32
export declare function defineVerb(name: u32, role: u32, flags: u32): i32
export declare function findList(name: u32): usize
export declare function createList(
  name: u32,
  window: u32,
  maxEvents: u32,
  maxText: u32,
  flags: u32,
  isOff: u32,
): usize
export declare function claimHistory(
  list: usize,
  what: u32,
  low: u32,
  high: u32,
  bytes: u32,
  thread: u32,
  time: f64,
): usize
export declare function openHistory(list: usize, history: usize, thread: u32): u32
export declare function push(
  list: usize,
  what: u32,
  low: u32,
  high: u32,
  thread: u32,
  time: f64,
): f64
export declare function resolve(list: usize, number: u32, generation: u32): usize
export declare function ref(history: usize, generation: u32): u32
export declare function unref(history: usize, generation: u32, thread: u32): u32
export declare function log(
  history: usize,
  generation: u32,
  what: u32,
  packed: u32,
  word0: u32,
  word1: u32,
  word2: u32,
  time: f64,
): u32
export declare function logFolding(
  history: usize,
  generation: u32,
  what: u32,
  packed: u32,
  word0: u32,
  word1: u32,
  word2: u32,
  time: f64,
): u32
export declare function claimWithText(
  history: usize,
  generation: u32,
  what: u32,
  packed: u32,
  bytes: u32,
  time: f64,
): usize
export declare function commitText(event: usize): void

/** The number of the thread that this instance runs in. */
export declare function thread(): u32
/** Moves the coarse clock; answers after how many logs to look again. */
export declare function look(): i32
/** The time of an event whose recorder has the precise clock. */
export declare function stamp(): f64
/** How many pushes of a list with these flags are passed over before the next that is taken, and that one. */
export declare function draw(flags: u32): u32
/** Whether strings must not be stored as they are. */
export declare function redacts(): u32
/** Whether arguments of some formats must not be stored. */
export declare function isPrivate(): u32
/** Which arguments of this format must not: bit n is the argument n. */
export declare function hidden(format: u32): u32
/** An event that ends a life in a list with `autoLog` was recorded. */
export declare function ended(list: usize, history: usize, generation: u32): void
