// The typed arguments of an event: up to three words in the event itself, or a run of tag, payload, tag, payload … in a
// text of its own.

import {
  ARGUMENT_BACKTRACE,
  ARGUMENT_FALSE,
  ARGUMENT_FLOAT64,
  ARGUMENT_FORMAT,
  ARGUMENT_INLINE_STRING,
  ARGUMENT_INT32,
  ARGUMENT_INT64,
  ARGUMENT_NONE,
  ARGUMENT_NULL,
  ARGUMENT_OBJECT,
  ARGUMENT_STRING,
  ARGUMENT_TRUE,
  ARGUMENT_UINT64,
  ARGUMENT_UNDEFINED,
  EVENT_TAG_BITS,
  EVENT_TAG_MASK,
  EVENT_TAGS_MASK,
  EVENT_WHAT,
  EVENT_WORDS,
  EVENT_WORDS_COUNT,
  TEXT_BYTES_MAX,
} from '../../assembly/layout.ts'
import { ImageBytes, ImageError } from './bytes.ts'
import { isShortString, shortString } from './short-string.ts'
import type { Strings } from './strings.ts'
import { type Argument, LongText } from './text.ts'

const WORD = 4

/** The arguments, and the format where it travels with them. */
export interface Decoded {
  readonly args: Argument[]
  readonly format: string | undefined
  /** The stack that logged, where the list keeps them. */
  readonly backtrace: string | undefined
}

/** Of an event whose words hold them. */
export function argumentsInEvent(bytes: ImageBytes, event: number, strings: Strings): Argument[] {
  const args: Argument[] = []
  let tags = bytes.u32(event + EVENT_WHAT, 'EVENT_WHAT') & EVENT_TAGS_MASK
  if (tags === ARGUMENT_INT32) return [bytes.u32(event + EVENT_WORDS, 'EVENT_WORDS') | 0]
  if (isShortString(tags)) return [shortString(bytes, event, tags)]
  const run = new Run(bytes, event + EVENT_WORDS, EVENT_WORDS_COUNT * WORD, strings, bytes.source)
  for (; tags !== ARGUMENT_NONE; tags >>>= EVENT_TAG_BITS) {
    const tag = tags & EVENT_TAG_MASK
    if (tag >= ARGUMENT_INLINE_STRING) throw run.refuse('argument tag', 'one of a word', `${tag}`)
    args.push(run.value(tag))
  }
  return args
}

/** Texts are many and small: each is read in the same bytes, since making views of it costs more than reading it. */
const textBytes = new Uint8Array(TEXT_BYTES_MAX)
const textReader = new ImageBytes(textBytes, 'text')

/** Of a text, whose check has been found right. */
export function argumentsInText(text: Uint8Array, source: string, strings: Strings): Decoded {
  const args: Argument[] = []
  let format: string | undefined
  let backtrace: string | undefined
  textBytes.set(text)
  const run = new Run(textReader, 0, text.length, strings, source)
  while (run.isLeft) {
    const tag = run.tag()
    if (tag === ARGUMENT_NONE) break
    if (tag === ARGUMENT_FORMAT) format = marked(run.longText(false))
    else if (tag === ARGUMENT_BACKTRACE) backtrace = `${run.value(ARGUMENT_STRING)}`
    else args.push(run.value(tag))
  }
  return { args, format, backtrace }
}

/** A format of which the writer kept only the beginning says so. */
const marked = ({ text, cut }: LongText) => (cut === 0 ? text : `${text}…+${cut}B`)

/** Payloads in turn, unaligned, within their run. */
class Run {
  readonly #bytes: ImageBytes
  readonly #end: number
  readonly #strings: Strings
  readonly #source: string
  #at: number

  constructor(bytes: ImageBytes, offset: number, length: number, strings: Strings, source: string) {
    this.#source = source
    this.#bytes = bytes
    this.#strings = strings
    this.#at = offset
    this.#end = offset + length
  }

  get isLeft(): boolean {
    return this.#at < this.#end
  }

  tag(): number {
    return this.#bytes.u8(this.#take(1), 'argument tag')
  }

  value(tag: number): Argument {
    const bytes = this.#bytes
    switch (tag) {
      case ARGUMENT_INT32:
        return this.#word() | 0
      case ARGUMENT_FLOAT64:
        return bytes.f64(this.#take(2 * WORD), 'argument')
      case ARGUMENT_INT64:
        return bytes.big64(this.#take(2 * WORD), 'argument')
      case ARGUMENT_UINT64:
        return BigInt.asUintN(64, bytes.big64(this.#take(2 * WORD), 'argument'))
      case ARGUMENT_STRING: {
        const id = this.#word()
        return this.#strings.get(id) ?? `<string ${id}>`
      }
      case ARGUMENT_NULL:
        return null
      case ARGUMENT_UNDEFINED:
        return undefined
      case ARGUMENT_TRUE:
        return true
      case ARGUMENT_FALSE:
        return false
      case ARGUMENT_INLINE_STRING:
        return this.longText(false)
      case ARGUMENT_OBJECT:
        return this.longText(true)
      default:
        throw this.refuse('argument tag', `at most ${ARGUMENT_UINT64}`, `${tag}`)
    }
  }

  longText(isObject: boolean): LongText {
    const kept = this.#word()
    const cut = this.#word()
    return new LongText(this.#bytes.text(this.#take(kept), kept, 'argument'), cut, isObject)
  }

  #word(): number {
    return this.#bytes.looseU32(this.#take(WORD), 'argument')
  }

  #take(length: number): number {
    const at = this.#at
    if (length > this.#end - at)
      throw this.refuse('argument', `${length} bytes`, `${this.#end - at} bytes`)
    this.#at = at + length
    return at
  }

  refuse(field: string, expected: string, found: string): ImageError {
    const what = { offset: this.#at, field, expected, found }
    return new ImageError('read the arguments', this.#source, what)
  }
}
