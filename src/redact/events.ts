// Events, rewritten: each whose check is right is written anew, with what has become of its arguments; whatever else stands
// in its blocks is left behind.

import {
  ARGUMENT_BACKTRACE,
  ARGUMENT_FORMAT,
  ARGUMENT_INLINE_STRING,
  ARGUMENT_OBJECT,
  ARGUMENT_STRING,
  BLOCK_BYTES,
  BLOCK_HEADER_BYTES,
  BLOCK_NEXT,
  EVENT_BYTES,
  EVENT_CHECK,
  EVENT_FLAGS_MASK,
  EVENT_STATEMENT_SHIFT,
  EVENT_TAG_BITS,
  EVENT_TAGS_MASK,
  EVENT_TIME,
  EVENT_WHAT,
  EVENT_WORDS,
  EVENT_WORDS_COUNT,
  EVENTS_PER_BLOCK,
  STATEMENT_DIGITS,
  TAGS_REPEAT,
  TAGS_TEXT,
  TEXT_CHECK,
  TEXT_DATA,
  TEXT_LENGTH,
} from '../../assembly/layout.ts'
import type { EventBlock } from '../image/blocks.ts'
import { bytesCheck, eventCheck, eventSum, placeCheck, textSeed } from '../image/check.ts'
import { readText } from '../image/event-texts.ts'
import type { Life } from '../image/life.ts'
import type { ImageList } from '../image/lists.ts'
import { foldAt, readFold } from '../image/repeats.ts'
import { isShortString, shortString } from '../image/short-string.ts'
import { isPlain, VERB_LOST } from '../image/statements.ts'
import { HOLD_START, type Privacy } from '../privacy/formats.ts'
import {
  cutOf,
  fromText,
  fromWords,
  isLong,
  longArgument,
  longTextOf,
  numberText,
  type RawArgument,
  toText,
  wordArgument,
  wordOf,
} from './argument-run.ts'
import { attempt, copyBytes, copyHead, type Workshop } from './workshop.ts'

const WORD = 4
const ALIGNMENT = 8
const WORDS_BYTES = EVENT_WORDS_COUNT * WORD

/** An argument as it was, or the text that has come in its place. */
type NewArgument = RawArgument | { readonly tag: number; readonly text: string }

/** What is to be done with the events of one verb and format, in one list. */
interface Plan {
  readonly list: string
  readonly verb: string
  readonly format: string
  readonly levels: Privacy[]
  /** For the report. */
  readonly where: string
}

export class Events {
  readonly #shop: Workshop
  readonly #plans = new Map<string, Plan>()
  readonly #formats = new Map<string, string | undefined>()
  /** What has become of them, by id. */
  readonly #statements = new Map<number, number>()

  constructor(shop: Workshop) {
    this.#shop = shop
  }

  /** Those of one block of a life. */
  rewrite(life: Life, list: ImageList, { block, mark, ordinal }: EventBlock): void {
    const { parts, report } = this.#shop
    const { bytes } = parts
    for (let place = 0; place < EVENTS_PER_BLOCK; place++) {
      const index = ordinal * EVENTS_PER_BLOCK + place
      const at = block + BLOCK_HEADER_BYTES + place * EVENT_BYTES
      const check = bytes.u32(at + EVENT_CHECK, 'EVENT_CHECK')
      if ((check & mark) === 0 || index >= life.claimed) continue
      if (check !== eventCheck(bytes, at, index, life.number, life.generation)) {
        report.eventsLeftOut++
        continue
      }
      report.events++
      this.#event(life, list, at, index)
    }
  }

  #event(life: Life, list: ImageList, at: number, index: number): void {
    const { parts, to } = this.#shop
    const { bytes } = parts
    const what = bytes.u32(at + EVENT_WHAT, 'EVENT_WHAT')
    // Time and thread.
    copyBytes(this.#shop, at + EVENT_TIME, EVENT_WHAT - EVENT_TIME)
    let tags = what & EVENT_TAGS_MASK
    if (tags === TAGS_REPEAT) {
      if (readFold(bytes, at, index, life) !== undefined) copyBytes(this.#shop, foldAt(at), 8)
    } else if (tags === TAGS_TEXT) {
      const written = this.#text(life, list, at, index, what)
      if (typeof written === 'number') to.u32(at + EVENT_WORDS, written)
      else tags = this.#putWords(at, written)
    } else tags = this.#words(list, at, what)
    to.u32(at + EVENT_WHAT, ((this.#statement(what) << EVENT_STATEMENT_SHIFT) | tags) >>> 0)
    to.u32(at + EVENT_CHECK, bytes.u32(at + EVENT_CHECK, 'EVENT_CHECK') & EVENT_FLAGS_MASK)
    to.u32(
      at + EVENT_CHECK,
      eventSum((from) => to.word(at + from), placeCheck(index, life.number, life.generation)),
    )
  }

  /** Writes what has become of arguments that stand in the event; its tags. */
  #words(list: ImageList, at: number, what: number): number {
    const { parts } = this.#shop
    const { bytes } = parts
    const tags = what & EVENT_TAGS_MASK
    const given = bytes.copy(at + EVENT_WORDS, WORDS_BYTES, 'EVENT_WORDS')
    const plan = this.#plan(list, what, undefined)
    if (isShortString(tags)) return this.#shortString(at, tags, given, plan)
    const args = attempt(() => fromWords(tags, given))
    if (args === undefined) this.#shop.report.textsLeftOut++
    const shown = (args ?? []).map((each, place) => this.#argument(each, plan, place))
    return this.#putWords(
      at,
      shown.map((each) => this.#asWord(each)),
    )
  }

  /** It stays where it is, or becomes one of the string area. */
  #shortString(at: number, tags: number, given: Uint8Array, plan: Plan): number {
    const text = attempt(() => shortString(this.#shop.parts.bytes, at, tags))
    if (text === undefined) {
      this.#shop.report.textsLeftOut++
      return 0
    }
    const argument = longArgument(ARGUMENT_INLINE_STRING, text)
    const shown = this.#argument(argument, plan, 0)
    if (shown !== argument) return this.#putWords(at, [this.#asWord(shown)])
    this.#shop.to.put(at + EVENT_WORDS, given)
    return tags
  }

  /** Answers their tags. */
  #putWords(at: number, args: readonly RawArgument[]): number {
    let tags = 0
    let length = 0
    for (const [place, { tag, payload }] of args.entries()) {
      this.#shop.to.put(at + EVENT_WORDS + length, payload)
      tags |= tag << (place * EVENT_TAG_BITS)
      length += payload.length
    }
    return tags
  }

  #asWord(argument: NewArgument): RawArgument {
    if (!('text' in argument)) return argument
    return wordArgument(ARGUMENT_STRING, this.#shop.strings.add(argument.text))
  }

  /**
   * Writes what has become of the text, where it stood; its address, 0 when nothing can stand there. Arguments that find
   * no more room there than in the event itself are answered.
   */
  #text(
    life: Life,
    list: ImageList,
    at: number,
    index: number,
    what: number,
  ): number | readonly RawArgument[] {
    const { parts, report, strings } = this.#shop
    const { bytes } = parts
    const address = bytes.u32(at + EVENT_WORDS, 'EVENT_WORDS')
    if (address === 0) return 0
    const text = attempt(() => readText(bytes, life, index, address))
    const args = text && attempt(() => fromText(text))
    if (text === undefined || args === undefined) {
      report.textsLeftOut++
      return 0
    }
    const own = args.find(({ tag }) => tag === ARGUMENT_FORMAT)
    const plan = this.#plan(list, what, own && longTextOf(own))
    let place = 0
    const shown = args.map((each): NewArgument => {
      if (each.tag === ARGUMENT_FORMAT) {
        const replaced = this.#formatText(longTextOf(each))
        return replaced === undefined ? each : { tag: ARGUMENT_FORMAT, text: replaced }
      }
      if (each.tag === ARGUMENT_BACKTRACE)
        return wordArgument(each.tag, strings.of(wordOf(each), 'public', 'a backtrace'))
      return this.#argument(each, plan, place++)
    })
    // As much room as the old one took, which texts of the same block follow.
    const room = Math.ceil((TEXT_DATA + text.length) / ALIGNMENT) * ALIGNMENT - TEXT_DATA
    const inline = toText(
      shown.map((each) => ('text' in each ? longArgument(each.tag, each.text) : each)),
    )
    const fitting = inline.length <= room ? inline : this.#shorter(shown)
    if (fitting.length > room) {
      const words = shown.map((each) => this.#asWord(each))
      if (fitsWords(words)) return words
      report.textsLeftOut++
      return 0
    }
    this.#putText(address, fitting, index)
    return address
  }

  /** New texts as strings of the string area. */
  #shorter(args: readonly NewArgument[]): Uint8Array {
    return toText(
      args.map((each) =>
        'text' in each && each.tag === ARGUMENT_FORMAT
          ? longArgument(each.tag, each.text)
          : this.#asWord(each),
      ),
    )
  }

  /** Through the chain of blocks that the old one took. */
  #putText(address: number, text: Uint8Array, index: number): void {
    const { parts, to } = this.#shop
    let block = address - (address % BLOCK_BYTES)
    copyHead(this.#shop, block)
    to.u32(address + TEXT_CHECK, bytesCheck(text, textSeed(index)))
    to.u32(address + TEXT_LENGTH, text.length)
    let at = address + TEXT_DATA
    for (let from = 0; from < text.length; ) {
      const count = Math.min(text.length - from, block + BLOCK_BYTES - at)
      to.put(at, text.subarray(from, from + count))
      from += count
      if (from === text.length) break
      const next = parts.bytes.u32(block + BLOCK_NEXT, 'BLOCK_NEXT')
      to.u32(block + BLOCK_NEXT, next)
      block = next * BLOCK_BYTES
      copyHead(this.#shop, block)
      at = block + BLOCK_HEADER_BYTES
    }
  }

  #argument(given: RawArgument, plan: Plan, place: number): NewArgument {
    const { parts, strings, words, report, rules } = this.#shop
    let level = plan.levels[place]
    if (level === undefined) {
      level = rules.argument(plan.list, plan.verb, plan.format, place)
      plan.levels[place] = level
    }
    const isInterned = given.tag === ARGUMENT_STRING
    if (isInterned && level === 'public') {
      const id = strings.of(wordOf(given), level, plan.where)
      if (id !== wordOf(given)) report.arguments.matched++
      return wordArgument(given.tag, id)
    }
    const isText = isInterned || isLong(given)
    const text = isInterned
      ? (parts.strings.get(wordOf(given)) ?? '')
      : isLong(given)
        ? longTextOf(given)
        : numberText(given)
    const replaced = words.of(text, level, plan.where, isText)
    if (replaced === undefined) return given
    if (level === 'pseudonym' && cutOf(given) > 0) report.cutPseudonyms++
    report.arguments[level === 'public' ? 'matched' : level]++
    const isObject = given.tag === ARGUMENT_OBJECT && level === 'public'
    return { tag: isObject ? ARGUMENT_OBJECT : ARGUMENT_INLINE_STRING, text: replaced }
  }

  #plan(list: ImageList, what: number, own: string | undefined): Plan {
    const { statements, verbs } = this.#shop.parts
    const key = `${list.number} ${what >>> EVENT_STATEMENT_SHIFT} ${own ?? ''}`
    let plan = this.#plans.get(key)
    if (plan === undefined) {
      const statement = statements.of(what)
      const format = own ?? statement.format ?? ''
      const verb = verbs.get(statement.verb).name
      const where = `an argument of a ${verb} in list "${list.name}"`
      plan = { list: list.name, verb, format, levels: [], where }
      this.#plans.set(key, plan)
    }
    return plan
  }

  #statement(what: number): number {
    const id = what >>> EVENT_STATEMENT_SHIFT
    let own = this.#statements.get(id)
    if (own === undefined) {
      own = isPlain(id) ? id : this.#newStatement(id, what)
      this.#statements.set(id, own)
    }
    return own
  }

  /** Its format is matched alone: what it begins with is the verb's number. */
  #newStatement(id: number, what: number): number {
    const { parts, strings } = this.#shop
    const digits = parts.statements.of(what).verb === VERB_LOST ? 0 : STATEMENT_DIGITS
    const text = parts.strings.get(id)
    const replaced = text === undefined ? undefined : this.#formatText(text.slice(digits))
    if (text === undefined || replaced === undefined) return strings.keep(id)
    return strings.add(text.slice(0, digits) + replaced)
  }

  /** Undefined where it may stay what it is. */
  #formatText(text: string): string | undefined {
    if (this.#formats.has(text)) return this.#formats.get(text)
    const { rules, words, report } = this.#shop
    const [bare = '', ...site] = text.split('\0')
    let replaced: string | undefined
    if (bare.startsWith(HOLD_START) && bare !== `${HOLD_START}%s` && rules.owners !== 'public') {
      const owner = bare.slice(HOLD_START.length).replaceAll('%%', '%')
      replaced = [HOLD_START + words.of(owner, rules.owners, 'the owner of a hold'), ...site].join(
        '\0',
      )
    } else replaced = words.of(text, 'public', `the format "${bare}"`)
    if (replaced !== undefined) report.formats++
    this.#formats.set(text, replaced)
    return replaced
  }
}

/** A boolean needs no byte beside its tag; its pseudonym needs a word. */
function fitsWords(args: readonly RawArgument[]): boolean {
  const length = args.reduce((sum, { payload }) => sum + payload.length, 0)
  return (
    args.length <= EVENT_WORDS_COUNT &&
    length <= WORDS_BYTES &&
    args.every(({ tag }) => tag < ARGUMENT_INLINE_STRING)
  )
}
