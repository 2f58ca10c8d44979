// One sitting with shdb: the opened images, the values seen so far, the settings, and where text goes.

import type { Image } from '../image/image.ts'
import type { Host } from './host.ts'
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
import { type PrintOptions, Sheet } from './print/options.ts'
import { formatValue, printValue } from './print/value.ts'
import { SessionScope } from './scope.ts'
import { SETTINGS, Settings } from './settings.ts'
import { Target } from './target.ts'
import { ValueHistory } from './value-history.ts'

/** No setting, however unlimited, reads a longer string than this. */
const TEXT_MAX = 1 << 20
const PARSED_KEPT = 500
/** How long a command may run before keys and signals are looked at. */
const BREATH_MILLISECONDS = 25

export class Session {
  readonly host: Host
  readonly settings = new Settings()
  readonly values = new ValueHistory()
  readonly scope: SessionScope
  readonly targets: Target[] = []
  /** Last letter after a `/`: `p/` uses it again. */
  lastFormat = ''
  /** Set by Ctrl-C, taken by the next step of a running command. */
  interrupted = false
  /** Somebody is there to answer. */
  interactive = false
  readonly #captures: Sheet[] = []
  readonly #parsed = new Map<string, Expression>()
  #parsedFor: Target | undefined
  #parsedRadix = 0
  #breaths = 0
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
  attach(image: Image): Target {
    const target = new Target(image)
    this.targets.push(target)
    this.scope.target = target
    return target
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

  // Text

  out(text: string): void {
    if (text === '') return
    const capture = this.#captures.at(-1)
    if (capture !== undefined) {
      capture.write(text)
      return
    }
    const logging = this.settings.is('logging enabled')
    if (logging) this.host.appendText?.(this.settings.text('logging file'), text)
    if (!logging || !this.settings.is('logging redirect')) this.host.write(text)
  }

  warn(text: string): void {
    this.host.writeError(`${text}\n`)
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
    return formatValue(value, options, this.#readString)
  }

  /** Prints a value; what came before an error stays printed, as in gdb. */
  show(value: Value, options: PrintOptions, before = '', after = ''): void {
    const sheet = new Sheet()
    sheet.write(before)
    try {
      printValue(sheet, value, options, this.#readString)
      sheet.write(after)
    } finally {
      this.out(sheet.text)
    }
  }

  /** `$N = value`, and the value enters the history. */
  record(value: Value, options = this.printOptions(), after = '\n'): void {
    const number = this.values.record(value)
    this.show(value, options, `$${number} = `, after)
  }

  /** Called between the steps of anything long: serves keys and signals now and then, and ends it after Ctrl-C. */
  async breathe(): Promise<void> {
    if ((++this.#breaths & 31) === 0 && Date.now() - this.#breathed > BREATH_MILLISECONDS) {
      await this.host.breathe?.()
      this.#breathed = Date.now()
    }
    if (this.interrupted) {
      this.interrupted = false
      throw new Interrupted()
    }
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
