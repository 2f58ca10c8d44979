// One sitting with shdb: the opened images, the values seen so far, the settings, and where text goes.

import type { Image } from '../image/image.ts'
import type { Found, Host } from './host.ts'
import { evaluate, evaluateType } from './language/evaluate.ts'
import { parseExpression, parseExpressionOrType, parseList } from './language/expression.ts'
import type { Expression } from './language/syntax.ts'
import {
  integerValue,
  stringValue,
  toInteger,
  VALUE_BYTES_MAX,
  type Value,
} from './language/values.ts'
import { CommandError, Interrupted, TOO_DEEP, valueTooLarge } from './messages.ts'
import { type CText, readCString } from './print/c-string.ts'
import { shownMessage } from './print/name.ts'
import { type PrintOptions, Sheet } from './print/options.ts'
import { plain, type StyleName, styled, unstyled } from './print/style.ts'
import type { Sheeting } from './print/table.ts'
import { formatValue, printValue } from './print/value.ts'
import { wrapped } from './print/wrap.ts'
import { SessionScope } from './scope.ts'
import type { Place } from './selection.ts'
import { SETTINGS, Settings } from './settings.ts'
import { Target } from './target.ts'
import { ValueHistory } from './value-history.ts'

/** No setting, however unlimited, reads a longer string than this. */
const TEXT_MAX = 1 << 20
const PARSED_KEPT = 500
/** How long a command may run before keys and signals are looked at. */
const BREATH_MILLISECONDS = 25
/** How long it may wait without looking at them. */
const PAUSE_MILLISECONDS = 50

export class Session {
  readonly host: Host
  readonly settings = new Settings()
  readonly values = new ValueHistory()
  readonly scope: SessionScope
  readonly targets: Target[] = []
  readonly #live = new Set<Found>()
  /** Last letter after a `/`: `p/` uses it again. */
  lastFormat = ''
  /** Set by Ctrl-C, taken by the next step of a running command. */
  interrupted = false
  /** Where output is copied to, as `set logging enabled on` found the settings: later ones wait for the next time. */
  log: { readonly file: string; readonly redirect: boolean } | undefined
  /** What a long command is at, for whoever waits: `1200 of 100000 histories`. */
  doing: string | undefined
  /** How many the last `check` found. */
  findings = 0
  /** Somebody is there to answer. */
  interactive = false
  readonly #captures: Sheet[] = []
  readonly #parsed = new Map<string, Expression>()
  #parsedFor: Target | undefined
  #parsedRadix = 0
  #breathed = 0

  constructor(host: Host) {
    this.host = host
    const around = {
      stringAt: (pointer: Value) => this.stringAt(pointer),
      shown: (value: Value) => this.format(value),
      bytesAt: (pointer: Value, length: number) => this.#bytesAt(pointer, length),
      setting: (name: string) => this.#setting(name),
      warn: (text: string) => this.warn(text),
    }
    this.scope = new SessionScope(this.values, around, (text) => this.warn(text))
  }

  /** Makes an image the one that expressions are about. */
  attach(image: Image, found?: Found): Target {
    const target = new Target(image, found)
    this.targets.push(target)
    this.scope.target = target
    return target
  }

  /** All that a file or a process holds; of several recorders the one that holds most becomes the current one. */
  attachAll(found: Found): readonly Target[] {
    const targets = found.images.map((image) => this.attach(image, found))
    if (found.process !== undefined || found.log !== undefined) this.#live.add(found)
    const [first, ...others] = targets
    this.scope.target = others.reduce(
      (most, each) => (most !== undefined && each.image.size <= most.image.size ? most : each),
      first,
    )
    for (const warning of found.warnings) this.warn(`warning: ${warning}`)
    return targets
  }

  /** Puts a live image as it is now in the place of an older one. Values of that one stay what they were. */
  refresh(target: Target): Target {
    const { image, found } = target
    const live = found?.process ?? found?.log
    if (live === undefined) return target
    const now = new Target(live.reread(image), found)
    this.targets.splice(this.targets.indexOf(target), 1, now)
    if (this.scope.target === target) this.scope.target = now
    return now
  }

  /** All live images as they are now, and those that have come. False: there is nothing live. */
  refreshAll(): boolean {
    for (const target of [...this.targets]) this.refresh(target)
    for (const found of this.#live) {
      const { target } = this.scope
      for (const image of found.log?.more() ?? []) this.attach(image, found)
      if (target !== undefined) this.scope.target = target
    }
    return this.#live.size > 0
  }

  detach(): void {
    const { target } = this.scope
    const at = target === undefined ? -1 : this.targets.indexOf(target)
    if (at >= 0) this.targets.splice(at, 1)
    this.scope.target = this.targets.at(-1)
  }

  /** The current image, or a sentence that says that there is none. */
  get target(): Target {
    const { target } = this.scope
    if (target === undefined) throw new CommandError('No image is open.  Use the "target" command.')
    return target
  }

  /** The event that a value is, where it stands in one of the images. */
  eventOf(value: Value): { readonly target: Target; readonly place: Place } | undefined {
    for (const target of this.targets) {
      const place = target.eventOf(value)
      if (place !== undefined) return { target, place }
    }
    return undefined
  }

  /** Makes an event the current one, and its image with it. */
  select(target: Target, place: Place): void {
    this.scope.target = target
    target.selection.choose(place)
  }

  // Text

  out(text: string): void {
    if (text === '') return
    const capture = this.#captures.at(-1)
    if (capture !== undefined) {
      capture.write(text)
      return
    }
    this.#log(text)
    if (this.log?.redirect !== true) this.host.write(text)
  }

  /** Errors and warnings, which a log gets, too. */
  complain(message: string): void {
    const text = shownMessage(message)
    this.#log(text)
    if (this.log?.redirect !== true) this.host.writeError(text)
  }

  #log(text: string): void {
    if (this.log !== undefined) this.host.appendText?.(this.log.file, unstyled(text))
  }

  /** A text as the terminal shows what it is; as it stands where a pipe, a file or a variable gets it. */
  readonly style = (name: StyleName, text: string): string => {
    if (!this.#isStyled) return text
    return styled((aspect) => this.settings.text(`style ${name} ${aspect}`), text)
  }

  get #isStyled(): boolean {
    return (
      this.host.styled === true && this.#captures.length === 0 && this.settings.is('style enabled')
    )
  }

  /** What tables are printed on. */
  get sheeting(): Sheeting {
    const isTerminal = this.interactive && this.#captures.length === 0
    return { style: this.style, ...(isTerminal && { width: this.settings.limit('width') }) }
  }

  warn(text: string): void {
    this.complain(`${text}\n`)
  }

  /** Runs something and gives what it printed instead of showing it. */
  async capture(run: () => Promise<void>): Promise<string> {
    const sheet = new Sheet()
    this.#captures.push(sheet)
    try {
      await run()
    } finally {
      this.#captures.splice(this.#captures.indexOf(sheet), 1)
    }
    return sheet.text
  }

  // Expressions

  get #radix(): number {
    return this.settings.number('input-radix')
  }

  parse(text: string): Expression {
    // A loop evaluates the same text again and again. What names mean changes with the image.
    const { target } = this.scope
    if (this.#parsedFor !== target || this.#parsedRadix !== this.#radix) {
      this.#parsed.clear()
      this.#parsedFor = target
      this.#parsedRadix = this.#radix
    }
    let tree = this.#parsed.get(text)
    if (tree === undefined) {
      tree = shallow(() => parseExpression(text, this.scope, this.#radix))
      if (this.#parsed.size >= PARSED_KEPT) this.#parsed.clear()
      this.#parsed.set(text, tree)
    }
    return tree
  }
  evaluate(text: string): Value {
    return this.evaluateTree(this.parse(text))
  }
  evaluateTree(tree: Expression): Value {
    return shallow(() => evaluate(tree, this.scope))
  }
  evaluateList(text: string): Value[] {
    const trees = shallow(() => parseList(text, this.scope, this.#radix))
    return trees.map((each) => this.evaluateTree(each))
  }
  /** For whatis and ptype. `type`: a type was named, not a value. */
  typeOf(text: string): { value: Value; named: boolean } {
    return shallow(() => {
      const tree = parseExpressionOrType(text, this.scope, this.#radix)
      return { value: evaluateType(tree, this.scope), named: tree.kind === 'type' }
    })
  }

  // Values as text

  printOptions(format = ''): PrintOptions {
    const { settings } = this
    return {
      format,
      elements: settings.limit('print elements'),
      repeats: settings.limit('print repeats'),
      pretty: settings.is('print pretty'),
      array: settings.is('print array'),
      arrayIndexes: settings.is('print array-indexes'),
      nullStop: settings.is('print null-stop'),
      address: settings.is('print address'),
      radix: settings.number('output-radix'),
      depth: settings.depth('print max-depth'),
      style: this.#isStyled ? this.style : plain,
      wraps: false,
    }
  }

  readonly #readString = (pointer: Value, limit: number): CText => {
    const address = toInteger(pointer)
    this.scope.target?.findText(address)
    const most = Math.min(limit, TEXT_MAX)
    return readCString(this.scope.memory, address, most, pointer.origin ?? address)
  }

  /** The C string at a pointer, whole. */
  stringAt(pointer: Value, limit = TEXT_MAX): Uint8Array {
    const { bytes, error } = this.#readString(pointer, limit)
    if (error !== undefined) throw new CommandError(error)
    return bytes
  }

  #bytesAt(pointer: Value, length: number): Uint8Array {
    if (length > VALUE_BYTES_MAX) throw new CommandError(valueTooLarge(BigInt(length)))
    const address = BigInt.asUintN(64, toInteger(pointer))
    return this.scope.memory.read(address, length, pointer.origin)
  }

  format(value: Value, options = this.printOptions()): string {
    return formatValue(value, { ...options, style: plain }, this.#readString)
  }

  /** Prints a value; what came before an error stays printed, as in gdb. */
  show(value: Value, options: PrintOptions, before = '', after = ''): void {
    const sheet = new Sheet()
    sheet.write(before)
    try {
      printValue(sheet, value, { ...options, wraps: true }, this.#readString)
      sheet.write(after)
    } finally {
      this.out(wrapped(sheet.text, this.sheeting.width ?? Number.POSITIVE_INFINITY))
    }
  }

  /** `$N = value`, and the value enters the history. */
  record(value: Value, options = this.printOptions(), after = '\n'): void {
    const number = this.values.record(value)
    this.show(value, options, `$${number} = `, after)
  }

  /** Called between the steps of anything long: serves keys and signals now and then, and ends it after Ctrl-C. */
  async breathe(): Promise<void> {
    if (Date.now() - this.#breathed > BREATH_MILLISECONDS) {
      await this.host.breathe?.()
      this.#breathed = Date.now()
    }
    if (this.interrupted) {
      this.interrupted = false
      throw new Interrupted()
    }
  }

  /** Waits, as long as Ctrl-C lets it. */
  async pause(milliseconds: number): Promise<void> {
    const { pause } = this.host
    if (pause === undefined) throw new CommandError('Nothing can be waited for here.')
    const until = Date.now() + milliseconds
    do {
      await pause(Math.min(PAUSE_MILLISECONDS, until - Date.now()))
      await this.breathe()
    } while (Date.now() < until)
  }

  #setting(name: string): { value: Value; text: string } | undefined {
    const setting = SETTINGS.find((each) => each.name === name)
    if (setting === undefined) return undefined
    const text = this.settings.worded(setting)
    if (setting.kind === 'text') return { value: stringValue(text), text }
    const number = this.settings.is(name) ? 1 : this.settings.number(name)
    return { value: integerValue(BigInt(Number.isNaN(number) ? 0 : number)), text }
  }
}

/** An expression that is too much for the JavaScript stack (a sum of 100,000 terms) ends as any other mistake. */
function shallow<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof Error && /call stack|too much recursion/i.test(error.message)) {
      throw new CommandError(TOO_DEEP)
    }
    throw error
  }
}
