// Logs, part by part, become the histories of every recorder that they tell of. Foreign lines are passed over; memory is
// bounded, and of what does not fit the lives that were heard of last stay.

import type { Image } from '../image/image.ts'
import { MARK, type ParsedLine, parseLine, type Sender, senderIn } from '../line/parse.ts'
import { isJournal, JournalEntries } from './journal.ts'
import type { GrowingLife } from './life.ts'
import { LogImage } from './log-image.ts'
import { Run, type RunList } from './run.ts'
import { foundInJson } from './wrapped.ts'

/** A longer line is none of ours. */
const LINE_BYTES_MAX = 1 << 20
const RUNS_MAX = 10_000
const BYTES_MAX = 1 << 30
/** Of the memory that is left when some lives had to go. */
const KEPT_SHARE = 0.9
const LINE_FEED = 0x0a
const MAYBE = ' <the line may be cut here>'

/** What one file was read as. */
interface Source {
  readonly name: string
  /** The beginning of a line whose end has not come yet. */
  rest: Uint8Array
  /** The rest of a line that is too long is passed over. */
  isTooLong: boolean
  /** Lines so far. */
  lines: number
  /** journalctl -o export: fields, a line each, and binary ones. */
  journal: JournalEntries | undefined
  isJson: boolean
  isNew: boolean
  bad: number
  firstBad: string
}

export interface ReadingOptions {
  /** Most bytes to keep, about; default 1 GiB. */
  readonly bytesMax?: number
}

export class LogReading {
  readonly #runs = new Map<string, Run>()
  readonly #sources: Source[] = []
  readonly #bytesMax: number
  #size = 0
  #lines = 0
  #evicted = 0
  #refusedRuns = 0

  constructor({ bytesMax = BYTES_MAX }: ReadingOptions = {}) {
    this.#bytesMax = bytesMax
  }

  /** Lines of ours that were understood. */
  get lines(): number {
    return this.#lines
  }

  /** Parts of it come by push(), its end by end(). */
  begin(name: string): LogSource {
    const source: Source = {
      name,
      rest: new Uint8Array(0),
      isTooLong: false,
      lines: 0,
      journal: undefined,
      isJson: false,
      isNew: true,
      bad: 0,
      firstBad: '',
    }
    this.#sources.push(source)
    return {
      push: (part) => this.#push(source, part),
      end: () => this.#end(source),
    }
  }

  /** The recorders that lines have told of so far, as they are known now; the one that began first is first. */
  images(): readonly Image[] {
    const runs = [...this.#runs.values()].filter(({ lines }) => lines > 0)
    const images = runs.map((run) => this.#imageOf(run, labelOf(run)))
    images.sort((one, other) => (one.started || 0) - (other.started || 0))
    const counts = new Map<string, number>()
    for (const image of images) {
      const count = (counts.get(image.source) ?? 0) + 1
      counts.set(image.source, count)
      if (count > 1) image.source = `${image.source}#${count}`
    }
    return images
  }

  /** The same recorder as it is known now. */
  imageOf({ run, source }: LogImage): LogImage {
    return this.#imageOf(this.#runs.get(run) ?? new Run(run), source)
  }

  /** What is put into order takes less room afterwards. */
  #imageOf(run: Run, source: string): LogImage {
    const before = run.size
    const image = new LogImage(run, source)
    this.#size += run.size - before
    return image
  }

  /** What was not understood, a sentence each. */
  warnings(): readonly string[] {
    const warnings = this.#sources
      .filter(({ bad }) => bad > 0)
      .map(({ name, bad, firstBad }) =>
        bad === 1
          ? `${name}: ${firstBad}.`
          : `${name}: ${bad} lines of histories cannot be read; the first: ${firstBad}.`,
      )
    if (this.#refusedRuns > 0)
      warnings.push(`${this.#refusedRuns} lines are of further recorders than ${RUNS_MAX}.`)
    if (this.#evicted > 0)
      warnings.push(
        `${this.#evicted} histories, those heard of longest ago, were left out to keep within the memory.`,
      )
    return warnings
  }

  #push(source: Source, part: Uint8Array): void {
    if (source.isNew) this.#look(source, part)
    if (source.journal !== undefined) {
      for (const { message, sender } of source.journal.push(part))
        this.#takeMessage(source, message, sender)
      source.lines += countLines(part)
      return
    }
    let from = 0
    if (source.rest.length > 0 || source.isTooLong) {
      const end = part.indexOf(LINE_FEED)
      if (end < 0) {
        this.#keepRest(source, joined(source.rest, part))
        return
      }
      const line = joined(source.rest, part.subarray(0, end + 1))
      source.rest = new Uint8Array(0)
      if (source.isTooLong) source.isTooLong = false
      else this.#takeLines(source, line)
      from = end + 1
    }
    const end = part.lastIndexOf(LINE_FEED) + 1
    if (end > from) this.#takeLines(source, part.subarray(from, end))
    if (Math.max(end, from) < part.length) this.#keepRest(source, part.slice(Math.max(end, from)))
  }

  /** At the first bytes: what it is. */
  #look(source: Source, part: Uint8Array): void {
    const head = decoder.decode(part.subarray(0, 64)).trimStart()
    source.isNew = false
    source.isJson = JSON_START.test(head)
    if (isJournal(head)) source.journal = new JournalEntries(LINE_BYTES_MAX)
  }

  #keepRest(source: Source, rest: Uint8Array): void {
    if (rest.length <= LINE_BYTES_MAX) {
      source.rest = rest
      return
    }
    if (!source.isTooLong && decoder.decode(rest.subarray(0, LINE_BYTES_MAX)).includes(MARK))
      this.#tellBad(source, source.lines + 1, `it is longer than ${LINE_BYTES_MAX} bytes`)
    source.rest = new Uint8Array(0)
    source.isTooLong = true
  }

  #end(source: Source): void {
    const { rest, journal } = source
    for (const { message, sender } of journal?.end() ?? [])
      this.#takeMessage(source, message, sender)
    source.rest = new Uint8Array(0)
    if (rest.length > 0) this.#takeLines(source, rest, MAYBE)
  }

  /** Whole lines. */
  #takeLines(source: Source, bytes: Uint8Array, note = ''): void {
    const text = decoder.decode(bytes)
    const mark = source.isJson ? 'struct-history' : MARK
    // Lines without ours are passed over by the engine's own search; what journalctl writes as bytes hides from it.
    if (source.isJson && JOURNAL_BYTES.test(text)) this.#takeEach(source, text, note)
    else this.#takeMarked(source, text, mark, note)
    source.lines += countLines(bytes)
  }

  #takeMarked(source: Source, text: string, mark: string, note: string): void {
    let counted = 0
    let lines = source.lines
    for (let at = text.indexOf(mark); at >= 0; ) {
      const begin = text.lastIndexOf('\n', at) + 1
      const found = text.indexOf('\n', at)
      const end = found < 0 ? text.length : found
      const why = this.#takeLine(text.slice(begin, end), note)
      if (why !== undefined) {
        lines += linesIn(text, counted, begin)
        counted = begin
        this.#tellBad(source, lines + 1, why)
      }
      at = text.indexOf(mark, end)
    }
  }

  #takeEach(source: Source, text: string, note: string): void {
    let number = source.lines
    for (const line of text.split('\n')) {
      number++
      if (line !== '') this.#takeText(source, line, number, note)
    }
  }

  #takeMessage(source: Source, message: string, sender: Sender): void {
    const why = this.#takeLine(message, '', sender)
    if (why !== undefined) this.#tellBad(source, source.lines + 1, why)
  }

  #takeText(source: Source, line: string, number: number, note: string): void {
    const why = this.#takeLine(line, note)
    if (why !== undefined) this.#tellBad(source, number, why)
  }

  #tellBad(source: Source, line: number, why: string): void {
    source.bad++
    if (source.bad === 1) source.firstBad = `line ${line} is no line of a history: ${why}`
  }

  /** Why it is of no use, if that is to be told. */
  #takeLine(given: string, note: string, around?: Sender): string | undefined {
    const line = given.endsWith('\r') ? given.slice(0, -1) : given
    const open = JSON_START.exec(line)
    if (open !== null) {
      const found = foundInJson(line.slice(open[0].length - 1))
      if (found === undefined && !line.includes(MARK)) return undefined
      if (typeof found === 'string') return found
      if (found !== undefined) return this.#take(found.line, found.sender, note)
    }
    const at = line.indexOf(MARK)
    if (at < 0) return undefined
    const parsed = parseLine(line, at)
    if (typeof parsed === 'string') return parsed
    const sender = parsed.values.has('host') ? undefined : (senderIn(line.slice(0, at)) ?? around)
    return this.#take(parsed, sender, note)
  }

  #take(line: ParsedLine, sender: Sender | undefined, note: string): string | undefined {
    const run = this.#runOf(line.values.get('run') ?? '')
    if (typeof run === 'string') return run
    const isText = note !== '' && line.element === 'struct-history'
    const before = run.size
    const why = run.take(isText ? { ...line, text: line.text + note } : line, sender, this.#lines)
    this.#size += run.size - before
    if (why !== undefined) return why
    this.#lines++
    if (this.#size > this.#bytesMax) this.#evict()
    return undefined
  }

  #runOf(name: string): Run | string {
    const known = this.#runs.get(name)
    if (known !== undefined) return known
    if (!/^[0-9a-f]{16}$/.test(name))
      return `its run is "${name.slice(0, 40)}", expected 16 hexadecimal digits`
    if (this.#runs.size === RUNS_MAX) {
      this.#refusedRuns++
      return `it is of one more recorder than ${RUNS_MAX}`
    }
    const run = new Run(name)
    this.#runs.set(run.run, run)
    return run
  }

  /** The lives that were heard of longest ago go, as the oldest go from a recorder. */
  #evict(): void {
    const all: { run: Run; list: RunList; life: GrowingLife }[] = []
    for (const run of this.#runs.values())
      for (const list of run.lists)
        for (const life of list.lives.values()) all.push({ run, list, life })
    all.sort((one, other) => one.life.touched - other.life.touched)
    for (const { run, list, life } of all) {
      if (this.#size <= this.#bytesMax * KEPT_SHARE) break
      this.#size -= run.forget(list, life)
      this.#evicted++
    }
  }
}

export interface LogSource {
  push(part: Uint8Array): void
  /** The last line may lack its end. */
  end(): void
}

const JOURNAL_BYTES = /"MESSAGE"\s*:\s*\[/
/** Also behind what `journalctl -o json-seq` and `json-sse` put before it. */
const JSON_START = /^(?:data: |\W)?\s*\{/
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  if (one.length === 0) return other.slice()
  const all = new Uint8Array(one.length + other.length)
  all.set(one)
  all.set(other, one.length)
  return all
}

function countLines(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count++
  return count
}

function linesIn(text: string, from: number, to: number): number {
  let count = 0
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1))
    count++
  return count
}

/** `web1 proxy[4711]`, as a syslog calls a program. */
const labelOf = ({ host, name, pid }: Run): string =>
  `${host === '' ? '' : `${host} `}${name || 'recorder'}[${pid}]`
