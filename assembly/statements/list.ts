// A list, as an instance of a module holds it; made by recorder.list().

import {
  BLOCK_HEADER_BYTES,
  COUNTER_TEXTS_CUT,
  HISTORY_NUMBER_BITS,
  HISTORY_OBJECT,
  HISTORY_OBJECT_STRING,
  HISTORY_OBJECT_STRING_BYTES,
  HISTORY_SHIFT,
  LIST_ENABLED,
  LIST_FLAG_AUTO_LOG,
  LIST_FLAG_COALESCE,
  LIST_FLAGS,
  LIST_MAX_TEXT,
  LIST_SAMPLE_SHIFT,
  OBJECT_BIGINT,
  OBJECT_FLOAT,
  OBJECT_INTEGER,
  OBJECT_LONG_STRING,
  OBJECT_LONG_STRING_BYTES,
  OBJECT_STRING,
  OBJECT_UNSIGNED_BIGINT,
  PUSH_SITE_SHIFT,
} from '../layout'
import { beginAt, bytesOf, finish, putString } from './bytes'
import { History } from './history'
import { stamp, thread } from './now'
import { idOf } from './strings'
import * as host from './struct-history'
import { STATEMENTS } from './switch'

const SLOTS: f64 = <f64>(1 << HISTORY_NUMBER_BITS)
/** Room for `…+4294967295B`. */
const CUT_MARK_BYTES: u32 = 21
const SAFE: u64 = (1 << 53) - 1

@final
export class List {
  readonly flags: u32
  readonly maxText: u32
  /** Pushes that are passed over before the next that is taken, and that one; of a list with `sample`. */
  private passed: u32 = 0

  constructor(readonly address: usize) {
    this.flags = address ? host.readWord(address + LIST_FLAGS) : 0
    this.maxText = address ? host.readWord(address + LIST_MAX_TEXT) : 0
  }

  get isCoalescing(): bool {
    return (this.flags & LIST_FLAG_COALESCE) != 0
  }

  get isAutoLogging(): bool {
    return (this.flags & LIST_FLAG_AUTO_LOG) != 0
  }

  /** The run-time switch, the same in every thread and in either language. */
  get enabled(): bool {
    if (!STATEMENTS) return false
    return this.address != 0 && host.readWord(this.address + LIST_ENABLED) != 0
  }

  set enabled(value: bool) {
    if (STATEMENTS && this.address != 0) host.writeWord(this.address + LIST_ENABLED, value ? 1 : 0)
  }

  /**
   * Begins the history of an object, an integer, a float or a string, as in JavaScript. `site`, the place of this call, is
   * written by the compiler's transform: leave it out. Never waits. Never throws.
   */
  @inline
  push<T>(object: T, site: string = ''): History {
    if (!STATEMENTS) return changetype<History>(<usize>0)
    if (isString<T>()) return this.pushText(changetype<string>(object), site)
    if (isFloat<T>()) return this.pushFloat(<f64>object, site)
    if (!isInteger<T>()) ERROR('the object of a push is an integer, a float or a string')
    if (isSigned<T>()) return this.pushInteger(<u64>(<i64>object), <i64>object < 0, site)
    return this.pushInteger(<u64>object, false, site)
  }

  /** The history of this handle, pushed by any thread; when it is no longer retained, one that records nothing. */
  @inline
  at(handle: f64): History {
    if (!STATEMENTS) return changetype<History>(<usize>0)
    return this.find(handle)
  }

  find(handle: f64): History {
    // A handle is below 2^52; of NaN the comparison is false.
    if (!(handle > 0 && handle < 4503599627370496)) return new History(this, 0, 0)
    const generation = <u32>(handle / SLOTS)
    const number = <u32>(handle - <f64>generation * SLOTS)
    const address = this.address ? host.resolve(this.address, number, generation) : 0
    return new History(this, address, address ? generation : 0)
  }

  pushInteger(value: u64, isNegative: bool, site: string): History {
    const isBig = !isNegative && value >> 63 != 0
    const kind = isBig
      ? OBJECT_UNSIGNED_BIGINT
      : isNegative || value > SAFE
        ? OBJECT_BIGINT
        : OBJECT_INTEGER
    return this.pushNumber(kind, value, site)
  }

  pushFloat(value: f64, site: string): History {
    const bits = reinterpret<u64>(value)
    const isInteger = value >= 0 && value <= <f64>SAFE && floor(value) == value && bits >> 63 == 0
    return isInteger
      ? this.pushNumber(OBJECT_INTEGER, <u64>value, site)
      : this.pushNumber(OBJECT_FLOAT, bits, site)
  }

  private pushNumber(kind: u32, value: u64, site: string): History {
    if (!this.takes()) return new History(this, 0, 0)
    const what = kind | (idOf(site) << PUSH_SITE_SHIFT)
    const me = thread()
    const handle = host.push(this.address, what, <u32>value, <u32>(value >> 32), me, stamp())
    const generation = <u32>(handle / SLOTS)
    const number = <u32>(handle - <f64>generation * SLOTS)
    return new History(this, (<usize>number) << HISTORY_SHIFT, generation)
  }

  pushText(text: string, site: string): History {
    if (!this.takes()) return new History(this, 0, 0)
    const whole = bytesOf(text, <u32>-1)
    const isCut = whole > <u32>OBJECT_LONG_STRING_BYTES
    const kept = isCut ? bytesOf(text, OBJECT_LONG_STRING_BYTES - CUT_MARK_BYTES) : whole
    const mark = isCut ? `…+${whole - kept}B` : ''
    const bytes = kept + bytesOf(mark, CUT_MARK_BYTES)
    const isLong = bytes > <u32>HISTORY_OBJECT_STRING_BYTES
    const what = (isLong ? OBJECT_LONG_STRING : OBJECT_STRING) | (idOf(site) << PUSH_SITE_SHIFT)
    const me = thread()
    const address = host.claimHistory(this.address, what, 0, 0, bytes, me, stamp())
    if (address == 0) return new History(this, 0, 0)
    if (isCut) host.count(COUNTER_TEXTS_CUT)
    if (isLong) beginAt(host.readWord(address + HISTORY_OBJECT) + BLOCK_HEADER_BYTES)
    else beginAt(address + HISTORY_OBJECT_STRING)
    putString(text, kept)
    putString(mark, bytes - kept)
    finish()
    return new History(this, address, host.openHistory(this.address, address, me))
  }

  /** Whether the next push is recorded: the list is on, and its sample takes it. */
  private takes(): bool {
    if (this.address == 0) {
      host.push(0, OBJECT_INTEGER, 0, 0, thread(), 0) // refused, and counted there
      return false
    }
    if (host.readWord(this.address + LIST_ENABLED) == 0) return false
    if (this.flags >> LIST_SAMPLE_SHIFT == 0) return true
    if (this.passed == 0) this.passed = host.draw(this.flags)
    return --this.passed == 0
  }
}
