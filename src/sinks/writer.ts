// The one that writes: takes what threads have handed over, reads those histories out of the shared memory, and writes whole
// ones, batch after batch. Bounded: what it holds, how long it works at a stretch, how long it takes to end.

import { usedBytes } from '../core/instance.ts'
import type { Image } from '../image/image.ts'
import { openImage } from '../image/read-image.ts'
import { byteLength, lineOf } from '../line/line.ts'
import { type LineRecord, lossOf, recordsOf } from '../line/record.ts'
import type { Entry, Handover } from './handover.ts'
import { type Output, Refused } from './target.ts'

const BACKOFF_MS = 50
const BACKOFF_MAX_MS = 5000
/** While it waits, it looks so often whether the process ends. */
const LOOK_MS = 25
/** Where a batch costs a connection, one that is not full waits so long for more. */
const GATHER_MS = 250
/** Losses with nothing else to write are told so often at most. */
const TELL_MS = 1000

export interface WriterSettings {
  /** Most bytes of lines that wait here; more wait in the handover. */
  readonly pendingBytes: number
  readonly batchBytes: number
  /** Milliseconds that it reads at a stretch. */
  readonly slice: number
  /** Milliseconds it is given at the end. */
  readonly endWithin: number
}

/** A history, or the part of it that one flush gave. */
interface Item {
  readonly place: number
  readonly events: number
  readonly lines: readonly string[]
  readonly records: readonly LineRecord[]
  readonly bytes: number
}

interface Batch {
  readonly items: readonly Item[]
  readonly lines: readonly string[]
  readonly records: readonly LineRecord[]
  readonly bytes: number
  readonly told: Losses
}

interface Losses {
  /** Its line, the same however often it is sent. */
  readonly record: LineRecord | undefined
  readonly histories: number
  readonly events: number
  readonly reasons: Readonly<Record<string, number>>
}

export class HistoryWriter {
  readonly #handover: Handover
  readonly #memory: WebAssembly.Memory
  readonly #settings: WriterSettings
  readonly #opening: Promise<Output> | Output
  #output: Output | undefined
  #image: { readonly image: Image; readonly bytes: number } | undefined
  #waiting: Item[] = []
  #waitingBytes = 0
  #underWay: readonly Item[] = []
  #isSending = false
  #isOver = false
  #sentAt = Number.NEGATIVE_INFINITY
  #toldByReason: Record<string, number> = {}
  #toldAt = Number.NEGATIVE_INFINITY
  #tellings = 0
  /** Sent, perhaps in vain: it is sent again as it was. */
  #telling: Losses | undefined

  constructor(
    handover: Handover,
    memory: WebAssembly.Memory,
    settings: WriterSettings,
    opening: Promise<Output> | Output,
  ) {
    this.#handover = handover
    this.#memory = memory
    this.#settings = settings
    this.#opening = opening
    if (!(opening instanceof Promise)) this.#output = opening
  }

  /** Reads what there is, and sees that it is being sent. Never throws. */
  turn(): void {
    if (this.#isOver) return
    if (this.#output) this.#read(this.#settings.slice)
    if (this.#isTimeToSend) void this.#send()
  }

  /** All that waits, within the time that was given for it; what is left then is counted. */
  async end(): Promise<void> {
    const deadline = performance.now() + this.#settings.endWithin
    this.#handover.orderEnd()
    while (performance.now() < deadline) {
      if (!this.#isSending && this.#isDone && this.#losses() === NOTHING) break
      this.turn()
      await pause(Math.min(LOOK_MS, this.#settings.endWithin))
    }
    this.#giveUp()
  }

  /** The same, where nothing can be waited for any more. */
  endSynchronously(): void {
    const deadline = performance.now() + this.#settings.endWithin
    this.#handover.orderEnd()
    const output = this.#output
    while (output?.isSynchronous && !this.#isSending && performance.now() < deadline) {
      this.#read(this.#settings.slice)
      const batch = this.#nextBatch()
      if (!batch) break
      try {
        const writing = output.write(batch.lines, batch.records)
        // One that returns a promise may never get to it.
        this.#settle(batch, writing ? 'unsent' : 'written')
        writing?.catch(() => {})
      } catch (error) {
        this.#failed(error)
        this.#settle(batch, 'refused')
        if (batch.items.length === 0) break
      }
    }
    this.#giveUp()
  }

  get #isDone(): boolean {
    return this.#waiting.length === 0 && this.#handover.isEmpty
  }

  get #isTimeToSend(): boolean {
    const output = this.#output
    return (
      output === undefined ||
      output.isSynchronous ||
      this.#waitingBytes >= this.#settings.batchBytes ||
      this.#handover.mustEnd ||
      performance.now() - this.#sentAt >= GATHER_MS
    )
  }

  async #send(): Promise<void> {
    if (this.#isSending) return
    this.#isSending = true
    try {
      this.#output ??= await this.#opening
      await this.#sendAll(this.#output)
    } catch (error) {
      // It cannot be opened, and never will be.
      this.#failed(error)
      this.#read(this.#settings.slice)
      for (let batch = this.#nextBatch(); batch; batch = this.#nextBatch()) {
        this.#settle(batch, 'refused')
        if (batch.items.length === 0) break
      }
    } finally {
      this.#isSending = false
    }
  }

  async #sendAll(output: Output): Promise<void> {
    let backoff = BACKOFF_MS
    while (!this.#isOver) {
      const batch = this.#nextBatch()
      if (!batch) return
      this.#underWay = batch.items
      this.#sentAt = performance.now()
      try {
        await output.write(batch.lines, batch.records)
        if (this.#isOver) return
        this.#settle(batch, 'written')
        backoff = BACKOFF_MS
      } catch (error) {
        if (this.#isOver) return
        this.#failed(error)
        if (error instanceof Refused) {
          this.#settle(batch, 'refused')
          // That something was lost is refused as well: not again at once.
          this.#toldAt = performance.now()
          if (batch.items.length === 0) return
        } else {
          this.#underWay = []
          this.#putBack(batch)
          await this.#backOff(backoff)
          backoff = Math.min(2 * backoff, BACKOFF_MAX_MS)
        }
      }
      this.#underWay = []
      this.#read(this.#settings.slice)
      if (!this.#isTimeToSend) return
    }
  }

  /** Cut short when the process ends. */
  async #backOff(milliseconds: number): Promise<void> {
    const until = performance.now() + milliseconds
    const mayCut = !this.#handover.mustEnd
    while (performance.now() < until && !this.#isOver) {
      if (mayCut && this.#handover.mustEnd) return
      await pause(LOOK_MS)
    }
  }

  #read(slice: number): void {
    const until = performance.now() + slice
    const { pendingBytes } = this.#settings
    for (;;) {
      const now = performance.now()
      if (this.#waitingBytes >= pendingBytes || now >= until) return
      const entry = this.#handover.take(now)
      if (!entry) break
      this.#add(entry)
    }
    if (this.#waiting.length === 0 && this.#underWay.length === 0 && this.#handover.isEmpty)
      this.#handover.settleAllTaken()
  }

  #add({ place, handle, from, to }: Entry): void {
    let records: readonly LineRecord[] = []
    try {
      const image = this.#live()
      const history = image.history(handle)
      if (history) records = recordsOf({ image, host: '' }, history, from, to)
      // Evicted while it was read, it may be no whole one.
      if (image.history(handle) === undefined) records = []
    } catch (error) {
      this.#failed(error)
    }
    if (records.length === 0) {
      this.#handover.count('evicted', 1)
      this.#handover.count('evictedEvents', to - from)
      return
    }
    const { form } = this.#output as Output
    const lines = records.map((record) => lineOf(record, form))
    const bytes = lines.reduce((sum, line) => sum + byteLength(line) + 1, 0)
    const events = records.length - 1
    this.#waiting.push({ place, events, lines, records, bytes })
    this.#handover.count('heldEvents', events)
    this.#waitingBytes += bytes
  }

  #live(): Image {
    const bytes = usedBytes(this.#memory)
    if (this.#image?.bytes !== bytes.length)
      this.#image = { image: openImage(bytes, { source: 'live', live: true }), bytes: bytes.length }
    return this.#image.image
  }

  #nextBatch(): Batch | undefined {
    let bytes = 0
    let count = 0
    for (const item of this.#waiting) {
      if (count > 0 && bytes + item.bytes > this.#settings.batchBytes) break
      bytes += item.bytes
      count++
    }
    const items = this.#waiting.splice(0, count)
    this.#waitingBytes -= bytes
    const isTime = count > 0 || this.#handover.mustEnd || performance.now() - this.#toldAt > TELL_MS
    const told = isTime ? this.#losses() : NOTHING
    if (count === 0 && told === NOTHING) return undefined
    const records = items.flatMap((item) => item.records)
    const lines = items.flatMap((item) => item.lines)
    const output = this.#output
    if (told.record && output) {
      const line = lineOf(told.record, output.form)
      records.unshift(told.record)
      lines.unshift(line)
      bytes += byteLength(line) + 1
    }
    return { items, lines, records, bytes, told }
  }

  #putBack({ items }: Batch): void {
    this.#waiting.unshift(...items)
    this.#waitingBytes += items.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  #settle({ items, lines, bytes, told }: Batch, outcome: 'written' | 'refused' | 'unsent'): void {
    const handover = this.#handover
    const events = items.reduce((sum, item) => sum + item.events, 0)
    handover.count('heldEvents', -events)
    handover.count(outcome, items.length)
    handover.count(outcome === 'written' ? 'eventsWritten' : `${outcome}Events`, events)
    if (outcome === 'written') {
      handover.count('lines', lines.length)
      handover.count('bytes', bytes)
      handover.count('told', told.histories)
      handover.count('toldEvents', told.events)
      for (const [reason, count] of Object.entries(told.reasons))
        this.#toldByReason[reason] = (this.#toldByReason[reason] ?? 0) + count
      if (told !== NOTHING) {
        this.#telling = undefined
        this.#toldAt = performance.now()
      }
    }
    const last = items.at(-1)
    if (last) handover.settle(last.place)
  }

  /** Not told in the log yet. */
  #losses(): Losses {
    if (this.#telling) return this.#telling
    const handover = this.#handover
    const reasons: Record<string, number> = {}
    let histories = 0
    for (const [reason, counter] of REASONS) {
      const count = handover.counted(counter) - (this.#toldByReason[reason] ?? 0)
      if (count === 0) continue
      reasons[reason] = count
      histories += count
    }
    if (histories === 0) return NOTHING
    const all = EVENT_COUNTERS.reduce((sum, counter) => sum + handover.counted(counter), 0)
    const events = all - handover.counted('toldEvents')
    const record = lossOf(
      { image: this.#live(), host: '' },
      {
        number: ++this.#tellings,
        time: new Date().toISOString().replace('Z', '000Z'),
        histories,
        events,
        reasons,
      },
    )
    this.#telling = { record, histories, events, reasons }
    return this.#telling
  }

  #giveUp(): void {
    this.#isOver = true
    const items = [...this.#underWay, ...this.#waiting]
    this.#waiting = []
    this.#settle({ items, lines: [], records: [], bytes: 0, told: NOTHING }, 'unsent')
    this.#handover.dropAll()
    this.#handover.settleAllTaken()
    this.#output?.close()
  }

  #failed(error: unknown): void {
    // The words before the count: whoever sees it, in whatever thread, finds them.
    this.#handover.say(error instanceof Error ? error.message : String(error))
    this.#handover.count('failures', 1)
  }
}

const NOTHING: Losses = { record: undefined, histories: 0, events: 0, reasons: {} }

/** In the words of the log. */
const REASONS = [
  ['queue full', 'full'],
  ['evicted before they were read', 'evicted'],
  ['left by a thread that died', 'unfinished'],
  ['refused', 'refused'],
] as const

const EVENT_COUNTERS = ['fullEvents', 'evictedEvents', 'refusedEvents'] as const

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
