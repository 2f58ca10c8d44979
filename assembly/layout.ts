// THE MEMORY MAP - every byte of a recorder, owned by this file alone. AssemblyScript (the writer) and TypeScript (the
// reader) import it unchanged, so it holds numbers only. docs/FORMAT.md tells the same in tables; a test compares the two.
// Little-endian, naturally aligned. `…Offset` counts from the start of its structure.
//
//   0        64 KiB     128 KiB                                        budget
//   +--------+----------+----------+----------+---  ...  ---+----------+
//   | HEADER | chunk 1  | chunk 2  | chunk 3  |             | chunk n  |   each chunk names its own number and class
//   +--------+----------+----------+----------+---  ...  ---+----------+
//
//   list  --ring-->  history  --entries-->  block of 17 events  --text-->  text block
//
// Every word that a late thread could still compare-and-swap names a generation or a taking, so that its swap fails once
// the memory has moved on to another life.

/** Raised by every change of these bytes. A reader refuses other versions by name. */
export const FORMAT_VERSION = 1

// ---------------------------------------------------------------------------------------------------------------------
// HEADER - chunk 0. The first 128 bytes are written once and covered by HEADER_CHECK; the rest changes all the time.

/** The 16 bytes of the magic, each word XOR-ed with MAGIC_MASK so that no heap or source holds the magic itself. */
export const MAGIC_MASK = 0x5a5a5a5a
export const MASKED_MAGIC_0 = 0x282e29d3 // 89 's' 't' 'r', once unmasked
export const MASKED_MAGIC_1 = 0x772e392f // 'u' 'c' 't' '-'
export const MASKED_MAGIC_2 = 0x2e293332 // 'h' 'i' 's' 't'
export const MASKED_MAGIC_3 = 0x50232835 // 'o' 'r' 'y' '\n'

export const HEADER_MAGIC = 0
/** u32. Written last: zero until the header is complete. */
export const HEADER_VERSION = HEADER_MAGIC + 16
/** u32. Weighted sum of the words of [0, HEADER_STATIC_BYTES), this field and the version taken as zero. */
export const HEADER_CHECK = HEADER_VERSION + 4
/** u32. Chunks that the recorder may take, this one included. */
export const HEADER_BUDGET_CHUNKS = HEADER_CHECK + 4
/** u32. HEADER_FLAG_… */
export const HEADER_FLAGS = HEADER_BUDGET_CHUNKS + 4
/** u64. Random; the same in every chunk header of this recorder. */
export const HEADER_RECORDER_ID = HEADER_FLAGS + 4
/** f64. Wall clock at t = 0, in milliseconds since 1970. */
export const HEADER_STARTED = HEADER_RECORDER_ID + 8
/** u32. Process that began the recorder; 0 in a browser. */
export const HEADER_PID = HEADER_STARTED + 8
/** u32. Bytes of the name that follows. */
export const HEADER_NAME_LENGTH = HEADER_PID + 4
/** UTF-8. */
export const HEADER_NAME = HEADER_NAME_LENGTH + 4
export const HEADER_NAME_BYTES = 64
export const HEADER_STATIC_BYTES = 128

/** Times come from the coarse cell unless a thread asked for the precise clock. */
export const HEADER_FLAG_COARSE = 1
/** The memory can be shared between threads. */
export const HEADER_FLAG_SHARED = 2
/** The machine makes stores visible in their order, as x86-64 does. */
export const HEADER_FLAG_ORDERED_STORES = 4
/** The memory is a file's, which other processes may map. */
export const HEADER_FLAG_MAPPED = 8

/** i64. Coarse clock: microseconds since HEADER_STARTED, kept by whichever thread comes by. Own cache line. */
export const HEADER_CLOCK = 128
/** u32. Chunks taken so far, the header included: an image is this many times 64 KiB long. */
export const HEADER_CHUNKS = 192
/** u64. Stack of chunks taken in vain: upper 32 bits a change count, lower 32 the chunk. */
export const HEADER_FREE_CHUNKS = 200
/** Per kind: u64 stack of free items (change count | address / unit), u64 cursor (chunk | next item). Own cache lines. */
export const HEADER_FREE_HISTORIES = 256
export const HEADER_CURSOR_HISTORIES = 264
/** u32. Chunks of this class; kept below a share of the budget so that no class starves another. */
export const HEADER_HISTORY_CHUNKS = 272
export const HEADER_FREE_BLOCKS = 320
export const HEADER_CURSOR_BLOCKS = 328
export const HEADER_BLOCK_CHUNKS = 336
export const HEADER_FREE_DIRECTORIES = 384
export const HEADER_CURSOR_DIRECTORIES = 392
export const HEADER_DIRECTORY_CHUNKS = 400
/** u64. Strings: upper 32 bits the ordinal of the string chunk, lower 32 the next free byte in it. */
export const HEADER_STRING_CURSOR = 448
/** u32. Chunk of the index that makes equal strings one. */
export const HEADER_STRING_INDEX = 456
/** u32. Threads that joined, the first included. */
export const HEADER_THREADS = 512
/** u32. List records handed out (published or not). */
export const HEADER_LISTS = 516
/** u32. Verbs with VERB_FLAG_PIN: lets the common case skip the search for them. */
export const HEADER_PINNED_VERBS = 520
/** u32. Counts the looks for blocks that were abandoned and are finished by now, and for spares of others; says where next. */
export const HEADER_SWEEP = 524
/** u32. How often verbs were switched off or on: threads compare it when they look at the clock. */
export const HEADER_VERB_SWITCHES = 528
/** u32. String id of the machine's name, written once, by whoever began the recorder; 0 = unknown. */
export const HEADER_HOST = 532

/** u64 counters, one per reason why something is missing. */
export const COUNTER_STALE = 576
/** Events refused because not even eviction freed memory. */
export const COUNTER_DROPPED = 584
/** Events refused for a verb that is none of this recorder's, or a history full at 2^32 events. */
export const COUNTER_REJECTED = 592
/** Pushes refused for lack of memory. */
export const COUNTER_PUSHES_DROPPED = 600
/** Events whose text found no memory. */
export const COUNTER_TEXTS_LOST = 608
/** Texts cut at maxText. */
export const COUNTER_TEXTS_CUT = 616
/** Strings that the string area could not hold; they travel inside their events. */
export const COUNTER_STRINGS_FULL = 624
/** Blocks released while a thread had not finished an event in them. */
export const COUNTER_ABANDONED = 632
/** Of these, those that were found finished later, and used again. */
export const COUNTER_RETURNED = 640
/** Histories slots whose generations are used up. */
export const COUNTER_RETIRED = 648
/** unref() calls below zero. */
export const COUNTER_UNREFS_BELOW_ZERO = 656
/** Threads beyond THREADS_MAX, which share the last record. */
export const COUNTER_THREADS_FULL = 664
export const COUNTERS_END = 672

/** u32 each: the chunk that holds the n-th thousand of threads, the n-th 64 KiB of strings. 0 = none yet. */
export const THREAD_CHUNKS = 1024
export const THREAD_CHUNKS_MAX = 64
export const STRING_CHUNKS = 1536
export const STRING_CHUNKS_MAX = 128
/** u32 each: list record number + 1 in the order of publication. 0 = end. */
export const LIST_TABLE = 2048
/** u64 each, published in one store: see VERB_…. 0 = end. */
export const VERB_TABLE = 4096
export const VERB_BYTES = 8
export const VERBS_MAX = 1024
export const LIST_RECORDS = 16384
export const LISTS_MAX = 255
export const HEADER_BYTES = 65536

// VERB - one u64: name (string id) in the lower half, then role, flags, and a bit that is set in every verb.
export const VERB_ROLE_SHIFT = 32
export const VERB_FLAGS_SHIFT = 40
export const VERB_DEFINED_SHIFT = 63
export const ROLE_NONE = 0
export const ROLE_REF = 1
export const ROLE_UNREF = 2
export const ROLE_END = 3
/** Events of this verb stay when the middle of their history falls. */
export const VERB_FLAG_PIN = 1
/** Switched off at run time. */
export const VERB_FLAG_OFF = 2

// ---------------------------------------------------------------------------------------------------------------------
// CHUNK - 64 KiB, of one class for ever. Its header stands in the first bytes; the class is written last.

export const CHUNK_BYTES = 65536
export const CHUNK_SHIFT = 16
/** u32, XOR-ed with MAGIC_MASK like the magic. */
export const CHUNK_MAGIC = 0
export const MASKED_CHUNK_MAGIC = 0x31393229 // 's' 'h' 'c' 'k'
/** u32. Own number: its offset / 64 KiB. Gives the base address of an image from any surviving piece. */
export const CHUNK_NUMBER = CHUNK_MAGIC + 4
/** u32. CLASS_… */
export const CHUNK_CLASS = CHUNK_NUMBER + 4
/** u32. Ordinal among the chunks of a thread or string table; the list of a ring. */
export const CHUNK_ORDINAL = CHUNK_CLASS + 4
/** u64. */
export const CHUNK_RECORDER_ID = CHUNK_ORDINAL + 4
/** u32. Next in the stack of chunks taken in vain. */
export const CHUNK_NEXT = CHUNK_RECORDER_ID + 8
export const CHUNK_HEADER_BYTES = 64

export const CLASS_NONE = 0
export const CLASS_STRINGS = 1
export const CLASS_STRING_INDEX = 2
export const CLASS_THREADS = 3
export const CLASS_HISTORIES = 4
export const CLASS_BLOCKS = 5
export const CLASS_DIRECTORIES = 6
export const CLASS_RING = 7

// ---------------------------------------------------------------------------------------------------------------------
// STRING - interned bytes: names, formats, call sites, strings seen before. Append-only, 8-aligned, never across chunks.
// Its id = ordinal of its chunk * 8192 + offset in the chunk / 8: 20 bits. 0 = the empty string.

/** u32. Weighted sum of the words that follow STRING_LENGTH, the last one padded with zeros. */
export const STRING_CHECK = 0
/** u32. Bytes that follow. */
export const STRING_LENGTH = STRING_CHECK + 4
export const STRING_DATA = STRING_LENGTH + 4
export const STRING_BYTES_MAX = 4096
export const STRING_UNIT_SHIFT = 3
export const STRING_ID_CHUNK_SHIFT = 13
/** The index: u32 string ids, open addressing by the check, at most so many probes. */
export const STRING_INDEX_SLOTS = 16368
export const STRING_INDEX_PROBES = 64

// ---------------------------------------------------------------------------------------------------------------------
// THREAD - 64 bytes, one per thread that ever joined; written by it, once, number last.

/** u32. Own number + 1; 0 = not complete. */
export const THREAD_NUMBER = 0
export const THREAD_PID = THREAD_NUMBER + 4
export const THREAD_TID = THREAD_PID + 4
/** u32. String id. */
export const THREAD_NAME = THREAD_TID + 4
/** i64. Microseconds since HEADER_STARTED. */
export const THREAD_JOINED = THREAD_NAME + 4
/** u32. RUNTIME_… */
export const THREAD_RUNTIME = THREAD_JOINED + 8
/** u32 each. Numbers of a free block and a free history that this thread takes next. 0 = none. */
export const THREAD_SPARE_BLOCK = THREAD_RUNTIME + 8
export const THREAD_SPARE_HISTORY = THREAD_SPARE_BLOCK + 4
export const THREAD_BYTES = 64
export const THREADS_PER_CHUNK = 1023
export const THREADS_MAX = 65472

export const RUNTIME_UNKNOWN = 0
export const RUNTIME_NODE = 1
export const RUNTIME_DENO = 2
export const RUNTIME_BUN = 3
export const RUNTIME_BROWSER = 4

// ---------------------------------------------------------------------------------------------------------------------
// LIST - 128 bytes. The first half is written before publication; the second half counts.

/** u32. String id. */
export const LIST_NAME = 0
/** u32. LIST_STATE_… */
export const LIST_STATE = LIST_NAME + 4
/** u32. 0 = off. Read by every log before it enters the core. */
export const LIST_ENABLED = LIST_STATE + 4
/** u32. LIST_FLAG_… */
export const LIST_FLAGS = LIST_ENABLED + 4
/** u32. As the user gave it: 0 = until the budget ends. */
export const LIST_WINDOW = LIST_FLAGS + 4
/** u32. Entries of the ring: the window, or what the budget can hold. */
export const LIST_RING_CAPACITY = LIST_WINDOW + 4
/** u32. First of the consecutive chunks of the ring. */
export const LIST_RING_CHUNK = LIST_RING_CAPACITY + 4
export const LIST_MAX_EVENTS = LIST_RING_CHUNK + 4
export const LIST_MAX_TEXT = LIST_MAX_EVENTS + 4
/** u32. Blocks that hold the first quarter; they are never lapped. */
export const LIST_FIRST_BLOCKS = LIST_MAX_TEXT + 4
/** u32. Blocks that take turns for the last three quarters. */
export const LIST_TURN_BLOCKS = LIST_FIRST_BLOCKS + 4
/** u32. Levels of directory blocks: 0, 1 or 2. */
export const LIST_DIRECTORY_LEVELS = LIST_TURN_BLOCKS + 4
/** i64. Microseconds since HEADER_STARTED. */
export const LIST_CREATED = LIST_DIRECTORY_LEVELS + 4
/** u32. 2^32 / LIST_TURN_BLOCKS: a writer multiplies by it, for dividing takes as long as claiming. */
export const LIST_TURN_INVERSE = LIST_CREATED + 8
/** u32. 2^32 / LIST_RING_CAPACITY, or the most that it holds: likewise. */
export const LIST_RING_INVERSE = LIST_TURN_INVERSE + 4
/** u64. Histories ever pushed: the order number of the next one. */
export const LIST_PUSHED = 64
/** u64. Order number below which the budget has already emptied the ring. */
export const LIST_EVICT_CURSOR = LIST_PUSHED + 8
/** u32. Blocks in use by its lives. */
export const LIST_BLOCKS = LIST_EVICT_CURSOR + 8
/** u32. unref() calls below zero on histories of this list. */
export const LIST_UNREFS_BELOW_ZERO = LIST_BLOCKS + 4
/** u64. Lives that ended with the list. All others that are gone, and not counted below, were pushed out of the window. */
export const LIST_DESTROYED = LIST_UNREFS_BELOW_ZERO + 4
/** u64 each. */
export const LIST_EVICTED_BY_BUDGET = LIST_DESTROYED + 8
export const LIST_EVICTED_PINNED = LIST_EVICTED_BY_BUDGET + 8
/** u64. Events claimed by histories that are gone. */
export const LIST_EVENTS_GONE = LIST_EVICTED_PINNED + 8
export const LIST_BYTES = 128

export const LIST_STATE_READY = 1
export const LIST_STATE_DESTROYED = 2
export const LIST_FLAG_AUTO_LOG = 1
export const LIST_FLAG_BACKTRACE = 2
export const LIST_FLAG_COALESCE = 4
/** From here up: of 2^24 pushes so many are recorded; 0 = all. */
export const LIST_SAMPLE_SHIFT = 8

// RING ENTRY - u64: order number in the upper 40 bits, history number in the lower 24. 0 = empty.
export const RING_ENTRY_BYTES = 8
export const RING_ENTRIES_PER_CHUNK = 8184
export const RING_ORDER_SHIFT = 24

// ---------------------------------------------------------------------------------------------------------------------
// HISTORY - 128 bytes: one life. Its number = address / 128; its handle = generation * 2^24 + number.
//
//   control  63                              32 31            16 15         4  3    2    1    0
//           +----------------------------------+----------------+------------+----+----+----+----+
//           | events claimed                   | generation low | refs       |OUT |RELD|END |LIVE|
//           +----------------------------------+----------------+------------+----+----+----+----+
//
//   free --push--> LIVE --pushed out of the window--> free          who swaps LIVE away frees the memory, once
//                   LIVE+refs --pushed out--> LIVE+OUT --last unref--> free

export const HISTORY_CONTROL = 0
/**
 * u64. Newest block: index of its first event, low 25 bits, in 39-63; generation low in 23-38; the parity of its ENTRY in 22;
 * block in 0-21. A hint.
 */
export const HISTORY_TAIL = HISTORY_CONTROL + 8
/** u32. Whole generation. */
export const HISTORY_GENERATION = HISTORY_TAIL + 8
/** u32. What number and generation contribute to the checks of this life's events. */
export const HISTORY_SEED = HISTORY_GENERATION + 4
/** u64 each. ENTRY of event blocks 0 and 1. */
export const HISTORY_ENTRIES = HISTORY_SEED + 4
export const HISTORY_INLINE_ENTRIES = 2
/** u64. ENTRY of the directory block that holds the further entries. */
export const HISTORY_DIRECTORY = HISTORY_ENTRIES + 16
/** u64. ENTRY: newest of the blocks kept for their pinned verbs, chained by BLOCK_NEXT. */
export const HISTORY_KEPT = HISTORY_DIRECTORY + 8
/** u16. Number of the list record. */
export const HISTORY_LIST = HISTORY_KEPT + 8
/** u16. Thread that pushed. */
export const HISTORY_THREAD = HISTORY_LIST + 2
/** u32. OBJECT_… in bits 0-2, bytes of a string in 3-11, call site of the push (string id, 0 = not told) in 12-31. */
export const HISTORY_PUSH = HISTORY_THREAD + 2
/** u64. The object: an integer, the bits of an f64, or the address of the block that holds a long string. */
export const HISTORY_OBJECT = HISTORY_PUSH + 4
/** i64. Microseconds since HEADER_STARTED. */
export const HISTORY_CREATED = HISTORY_OBJECT + 8
/** u64. Order number within the list. */
export const HISTORY_ORDER = HISTORY_CREATED + 8
/** u32. Events already written to the sinks. */
export const HISTORY_FLUSH_OFFSET = HISTORY_ORDER + 8
/** UTF-8 of a string of up to 36 bytes (a UUID). */
export const HISTORY_OBJECT_STRING = HISTORY_FLUSH_OFFSET + 4
export const HISTORY_OBJECT_STRING_BYTES = 36
/**
 * Where the object is no OBJECT_STRING: u32, bytes of the origin in bits 0-7, in 8-31 a check of them and of HISTORY_SEED, without
 * which there is none. One that was pushed with an origin has its string in a block, however short.
 */
export const HISTORY_ORIGIN = HISTORY_OBJECT_STRING
/** Printable ASCII. */
export const HISTORY_ORIGIN_TEXT = HISTORY_ORIGIN + 4
export const HISTORY_ORIGIN_BYTES = 32
export const ORIGIN_LENGTH_MASK = 0xff
export const ORIGIN_CHECK_SHIFT = 8
export const PUSH_KIND_MASK = 7
export const PUSH_LENGTH_SHIFT = 3
export const PUSH_LENGTH_MASK = 0x1ff
export const PUSH_SITE_SHIFT = 12
export const TAIL_INDEX_SHIFT = 39
export const TAIL_INDEX_MASK = 0x1ffffff
export const TAIL_GENERATION_SHIFT = 23
export const HISTORY_BYTES = 128
export const HISTORY_SHIFT = 7
export const HISTORIES_PER_CHUNK = 511
export const HISTORY_NUMBER_BITS = 24
export const GENERATION_MAX = 0xfffffff

export const CONTROL_LIVE = 1
export const CONTROL_ENDED = 2
/** The pusher's own reference was released by unref(). */
export const CONTROL_RELEASED = 4
/** Left the window while pinned by refs. */
export const CONTROL_OUT = 8
export const CONTROL_REFS_SHIFT = 4
/** Saturates: a count that reaches this stays pinned for ever. */
export const CONTROL_REFS_MAX = 4095
export const CONTROL_GENERATION_SHIFT = 16
export const CONTROL_CLAIMED_SHIFT = 32
/** The last index but a margin for the threads that are just claiming. */
export const CLAIMED_MAX = 0xfffff000

export const OBJECT_INTEGER = 1
export const OBJECT_BIGINT = 2
export const OBJECT_FLOAT = 3
export const OBJECT_STRING = 4
export const OBJECT_LONG_STRING = 5
/** A bigint from 2^63, where OBJECT_BIGINT would read as negative: a kernel's pointer. */
export const OBJECT_UNSIGNED_BIGINT = 6
export const OBJECT_LONG_STRING_BYTES = 480

// ENTRY - u64: names one taking of one block, and which events of its history it holds, so that a late swap of an entry that
// has changed and changed back fails. Whose block it is stands in the block's own header, and only that is believed.
//
//   63                      39 38                  23   22   21                    0
//  +--------------------------+----------------------+------+-----------------------+
//  | ordinal, low 25 bits     | times taken, low 16  |parity| block, 0 = none       |
//  +--------------------------+----------------------+------+-----------------------+
//
// A block that its next turn begins anew where it lies gets another ordinal and the other parity here, in one swap.
export const ENTRY_BLOCK_MASK = 0x3fffff
/** Set: the events in there are EVENT_COMMITTED_ODD. */
export const ENTRY_PARITY_SHIFT = 22
/** Of how often the block had been taken: the upper half of its BLOCK_STATE. */
export const ENTRY_TAKEN_SHIFT = 23
export const ENTRY_TAKEN_MASK = 0xffff
/** Which block of its history: it holds events [17 n, 17 n + 17). 0 in the entry of a directory. */
export const ENTRY_ORDINAL_SHIFT = 39
export const ENTRY_ORDINAL_MASK = 0x1ffffff

// ---------------------------------------------------------------------------------------------------------------------
// BLOCK - 512 bytes: 17 events, or text, or directory entries, after a header of 32 bytes. Its number = address / 512.
//
//   free --take--> IN_USE --release, all events committed--> free
//                  IN_USE --release, one is not--> ABANDONED --found finished by a sweep--> free

export const BLOCK_BYTES = 512
export const BLOCK_SHIFT = 9
export const BLOCK_HEADER_BYTES = 32
export const BLOCK_DATA_BYTES = 480
export const BLOCKS_PER_CHUNK = 127
/** u64. Upper 32 bits: times taken; lower: BLOCK_IN_USE, or BLOCK_ABANDONED + events claimed in it, or BLOCK_FREE. */
export const BLOCK_STATE = 0
/** u32. Owner's history number in bits 0-23, list in 24-31. */
export const BLOCK_OWNER = BLOCK_STATE + 8
/** u32. Owner's whole generation. */
export const BLOCK_GENERATION = BLOCK_OWNER + 4
/** u32. Of a text block, and of one kept for its pinned verbs: which block of its history, whole. Of others its ENTRY tells it. */
export const BLOCK_ORDINAL = BLOCK_GENERATION + 4
/** u32. Next block in the free stack, the kept chain or a chain of texts. */
export const BLOCK_NEXT = BLOCK_ORDINAL + 4
/** u64. Texts of these events: lower 32 bits the newest text block, upper 32 the bytes used in it. */
export const BLOCK_TEXT = BLOCK_NEXT + 4

export const BLOCK_FREE = 0
export const BLOCK_IN_USE = 256
export const BLOCK_ABANDONED = 512
/** With BLOCK_FREE: its bytes may look like events of its next taking, which must clear them. */
export const BLOCK_UNCLEARED = 1024
/** The parity that its ENTRY had, in one that is kept, abandoned or free. */
export const BLOCK_PARITY_SHIFT = 11
export const BLOCK_COUNT_MASK = 255

export const DIRECTORY_ENTRIES = 60
export const EVENTS_PER_BLOCK = 17
/** Two inline blocks, and two levels of 60 entries: (2 + 60 * 60) blocks, with room for the turning. */
export const EVENTS_MAX = 50000

// ---------------------------------------------------------------------------------------------------------------------
// EVENT - 28 bytes: one logged action. Written once, by the thread that claimed it; read by anyone, even torn.
//
//   31                              16 15         12 11         4 3       0   written
//  +----------------------------------------------------------+----------+
//  | check of all the rest, and of whose event it is          | flags    |  0   last, in one store: that commits the event
//  +----------------------------------------------------------+----------+
//  | time, microseconds, low 32 bits                                     |  4
//  +----------------------------------+----------------------------------+
//  | thread                           | time, high 16 bits               |  8
//  +----------------------------------+------+---------------------------+
//  | statement: verb and format (20 bits)    | tags of 3 arguments       | 12
//  +-----------------------------------------+---------------------------+
//  | argument words: i32, half an f64 or i64, string id; or a short      | 16
//  | string (TAGS_SHORT); or address of the text with all arguments      | 20
//  | (TAGS_TEXT)                                                         | 24
//  +---------------------------------------------------------------------+
//
// Its index is told by its place; records lie on multiples of 4.

/** u32: the upper 28 bits of the check, and the flags. 0 = not committed. */
export const EVENT_CHECK = 0
/** u64: 48 bits of time, and the thread. */
export const EVENT_TIME = EVENT_CHECK + 4
export const EVENT_THREAD = EVENT_TIME + 6
/** u32: STATEMENT in the upper 20 bits, tags below. */
export const EVENT_WHAT = EVENT_THREAD + 2
export const EVENT_WORDS = EVENT_WHAT + 4
export const EVENT_WORDS_COUNT = 3
export const EVENT_BYTES = 28

export const EVENT_FLAGS_MASK = 0xf
/** Logged when an 'end' verb had been logged before. */
export const EVENT_AFTER_END = 1
/** Logged when history.unref() had released the last reference. */
export const EVENT_AFTER_UNREF = 2
/**
 * One of the two in every event, by turns: what the turn before has left in a block is not committed in this one. The entry tells
 * which one is meant.
 */
export const EVENT_COMMITTED_EVEN = 4
export const EVENT_COMMITTED_ODD = 8
export const EVENT_COMMITTED_MASK = 12
export const EVENT_TAGS_MASK = 0xfff
export const EVENT_TAG_BITS = 4
export const EVENT_TAG_MASK = 0xf
export const EVENT_TIME_BITS = 48
export const EVENT_STATEMENT_SHIFT = 12
/** All the tags, where the arguments stand in a text; word 0 is its address, 0 when it found no memory. */
export const TAGS_TEXT = 0xe
/** The first tag, where the words hold a string that is the only argument: SHORT STRING. */
export const TAGS_SHORT = 0xd
/** All the tags, of a repeat of the event before it, whose arguments are its own; a REPEAT is among its words. */
export const TAGS_REPEAT = 0xf

/** How a log call passes the argument tags (as in EVENT_WHAT), whether the verb ends the life, and the thread. */
export const PACKED_END = 4096
export const PACKED_THREAD_SHIFT = 16
/** The straight ways are told the thread where the tags will stand: those from here on go the long way. */
export const STRAIGHT_THREADS = 4096

// STATEMENT - 20 bits: verb and format, as one string id. The string is two characters that name the verb, five bits of its
// number each on top of STATEMENT_DIGIT, the upper ones first; then the format. A verb without a format needs no string: its
// number takes an id that no string can have, in the header of a string chunk: its lowest three bits are the offset in there, the
// others the chunk's ordinal.
export const STATEMENT_DIGIT = 64
export const STATEMENT_DIGIT_BITS = 5
export const STATEMENT_DIGITS = 2
/** Offsets in the header of a string chunk, as ids count them. */
export const STATEMENT_PLAIN_BITS = 3

// REPEAT - u64, moved by swaps after the commit, so not in the check: further repeats that were folded into this one (bits
// 32-47), and how many microseconds after it the last of them came (0-31). Above, what says that it is this event's: the
// upper half of the sum of HISTORY_SEED and index * CHECK_INDEX. It stands at the first multiple of 8 from EVENT_WORDS on.
export const REPEAT_COUNT_SHIFT = 32
export const REPEAT_COUNT_MAX = 0xffff
export const REPEAT_TAG_SHIFT = 48

// What the check is made of: each word times an odd constant, added up modulo 2^32; the lowest four bits make room for the
// flags, which are added like a word. (Carter & Wegman 1979, multilinear.)
export const CHECK_FLAGS = 0x1e3779b1
export const CHECK_TIME_LOW = 0x05ebca77
export const CHECK_TIME_HIGH = 0x42b2ae3d
export const CHECK_WHAT = 0x27d4eb2f
export const CHECK_WORD_0 = 0x165667b1
export const CHECK_WORD_1 = 0x53a2646d
export const CHECK_WORD_2 = 0x7d7046c5
export const CHECK_INDEX = 0x355a4f09
export const CHECK_HISTORY = 0x0da6b343
export const CHECK_GENERATION = 0x58163841

// ARGUMENT - four bits in EVENT_WHAT (first argument lowest), or a byte in a text. 0 = no more arguments.
export const ARGUMENT_NONE = 0
/** One word. */
export const ARGUMENT_INT32 = 1
/** Two words, low first. */
export const ARGUMENT_FLOAT64 = 2
/** Two words, low first: a bigint, two's complement. */
export const ARGUMENT_INT64 = 3
/** One word: string id. */
export const ARGUMENT_STRING = 4
/** No words. */
export const ARGUMENT_NULL = 5
export const ARGUMENT_UNDEFINED = 6
export const ARGUMENT_TRUE = 7
export const ARGUMENT_FALSE = 8
/** In texts only: u32 bytes kept, u32 bytes cut, then UTF-8. An object is JSON. */
export const ARGUMENT_INLINE_STRING = 9
export const ARGUMENT_OBJECT = 10
/** In texts only: the format itself, when the string area was full. Same shape as an inline string; stands first. */
export const ARGUMENT_FORMAT = 11
/** In texts only, before the arguments: one word, the string id of the stack that logged. */
export const ARGUMENT_BACKTRACE = 12
/** In texts only: two words, low first: a bigint from 2^63. */
export const ARGUMENT_UINT64 = 13

// SHORT STRING - the words of an event with TAGS_SHORT. Above that tag stand the length in bytes less one (four bits) and the form.
export const SHORT_LENGTH_SHIFT = 4
export const SHORT_FORM_SHIFT = 8
/** The bytes one after the other, UTF-8. */
export const SHORT_BYTES = 0
/**
 * ASCII from 32 on with letters of one case, six bits a character, the first one lowest: the lower five of its own, and whether
 * it is from 64 on.
 */
export const SHORT_UPPER_CASE = 1
export const SHORT_LOWER_CASE = 2
/** The longest one that stands there as it is. */
export const SHORT_BYTES_MAX = 12

/** Of an inline string or object, before its bytes. */
export const INLINE_HEAD_BYTES = 9
/** The longest string that logShort() takes. */
export const SHORT_STRING_BYTES_MAX = 16

// TEXT - the arguments of one event as a run of bytes: tag, payload, tag, payload …. It stands in a text block of the
// block that holds the event; a text longer than a block goes on in the data of the blocks that BLOCK_NEXT names.
/** u32. Weighted sum of the words of the text, the last one padded with zeros, and of the event's index. */
export const TEXT_CHECK = 0
/** u32. Bytes that follow. */
export const TEXT_LENGTH = TEXT_CHECK + 4
export const TEXT_DATA = TEXT_LENGTH + 4
export const TEXT_BYTES_MAX = 16384
export const MAX_TEXT_LIMIT = 8192
export const CHECK_BYTES = 0x01000193
