// `set NAME VALUE` and `show NAME`: gdb's settings that mean something here, with gdb's words.

import { CommandError } from './messages.ts'
import { COLORS, INTENSITIES, LOOKS } from './print/style.ts'

export type SettingKind = 'boolean' | 'count' | 'text' | 'signed' | 'size' | 'choice'

export interface Setting {
  readonly name: string
  readonly kind: SettingKind
  readonly line: string
  /** What show says; %s is the value. */
  readonly sentence: string
  readonly initial: number | boolean | string
  /** What a choice is among. */
  readonly choices?: readonly string[]
}

/** A count: 0 and `unlimited` mean no limit. */
const count = (name: string, initial: number, line: string, sentence: string): Setting => ({
  name,
  kind: 'count',
  line,
  sentence,
  initial,
})
/** Another count: 0 means none, -1 and `unlimited` no limit. */
const size = (name: string, initial: number, line: string, sentence: string): Setting => ({
  name,
  kind: 'size',
  line,
  sentence,
  initial,
})
const toggle = (name: string, initial: boolean, line: string, sentence: string): Setting => ({
  name,
  kind: 'boolean',
  line,
  sentence,
  initial,
})
/** gdb has it and scripts set it; nothing here looks otherwise for it. */
const idle = (name: string, initial: boolean | string, sentence: string): Setting => ({
  name,
  kind: typeof initial === 'boolean' ? 'boolean' : 'text',
  line: 'Of gdb; changes nothing in shdb.',
  sentence,
  initial,
})
const text = (name: string, initial: string, line: string, sentence: string): Setting => ({
  name,
  kind: 'text',
  line,
  sentence,
  initial,
})

/** `set style address foreground blue`: what each kind of text looks like. */
const looks = (): Setting[] =>
  Object.entries(LOOKS).flatMap(([name, look]) => {
    const choice = (
      aspect: string,
      words: string,
      initial: string,
      choices: readonly string[],
    ): Setting => ({
      name: `style ${name} ${aspect}`,
      kind: 'choice',
      line: `Set the ${words} for this property.`,
      sentence: `The "${name}" style ${words} is: %s`,
      initial,
      choices,
    })
    return [
      choice('background', 'background color', 'none', COLORS),
      choice('foreground', 'foreground color', look.foreground, COLORS),
      choice('intensity', 'display intensity', look.intensity, INTENSITIES),
    ]
  })

const UNLIMITED = 0

const IDLE: readonly Setting[] = [
  idle('print asm-demangle', false, 'Demangling of C++/ObjC names in disassembly listings is %s.'),
  idle('print demangle', true, 'Demangling of encoded C++/ObjC names when displaying symbols is %s.'),
  idle('print entry-values', 'default', 'Printing of function arguments at function entry is "%s".'),
  idle('print finish', true, 'Printing of return value after `finish\' is %s.'),
  idle('print frame-arguments', 'scalars', 'Printing of non-scalar frame arguments is "%s".'),
  idle('print frame-info', 'auto', 'Printing of frame information is "%s".'),
  idle('print inferior-events', true, 'Printing of inferior events is %s.'),
  idle('print max-symbolic-offset', 'unlimited', 'The largest offset that will be printed in <symbol+1234> form is %s.'),
  idle('print memory-tag-violations', true, 'Printing of memory tag violations is %s.'),
  idle('print nibbles', false, 'Printing binary values in groups is %s.'),
  idle('print object', false, 'Printing of object\'s derived type based on vtable info is %s.'),
  idle('print pascal_static-members', true, 'Printing of pascal static members is %s.'),
  idle('print raw-frame-arguments', false, 'Whether to print frame arguments in raw form is %s.'),
  idle('print raw-values', false, 'Whether to print values in raw form is %s.'),
  idle('print static-members', true, 'Printing of C++ static members is %s.'),
  idle('print symbol-filename', false, 'Printing of source filename and line number with <symbol> is %s.'),
  idle('print symbol-loading', 'full', 'Printing of symbol loading messages is "%s".'),
  idle('print thread-events', true, 'Printing of thread events is %s.'),
  idle('print type hex', false, 'Display of struct members offsets and sizes in hexadecimal is %s'),
  idle('print type methods', true, 'Printing of methods defined in a class in %s'),
  idle('print type nested-type-limit', 'disabled', 'Will not print nested types defined in a class'),
  idle('print type typedefs', true, 'Printing of typedefs defined in a class in %s'),
  idle('print vtbl', false, 'Printing of C++ virtual function tables is %s.'),
  idle('breakpoint pending', 'auto', 'Debugger\'s behavior regarding pending breakpoints is %s.'),
  idle('can-use-hw-watchpoints', '1', 'Debugger\'s willingness to use watchpoint hardware is %s.'),
  idle('complaints', '0', 'Max number of complaints about incorrect symbols is %s.'),
  idle('debuginfod enabled', 'off', 'Debuginfod functionality is currently set to "%s".'),
  idle('detach-on-fork', true, 'Whether gdb will detach the child of a fork is %s.'),
  idle('disable-randomization', true, 'Disabling randomization of debuggee\'s virtual address space is %s.'),
  idle('disassembly-flavor', 'att', 'The disassembly flavor is "%s".'),
  idle('editing', false, 'Editing of command lines as they are typed is %s.'),
  idle('exec-wrapper', '', 'The wrapper for running programs is "%s".'),
  idle('follow-fork-mode', 'parent', 'Debugger response to a program call of fork or vfork is "%s".'),
  idle('multiple-symbols', 'all', 'How the debugger handles ambiguities in expressions is "%s".'),
  idle('non-stop', false, 'Controlling the inferior in non-stop mode is %s.'),
  idle('overload-resolution', true, 'Overload resolution in evaluating C++ functions is %s.'),
  idle('startup-with-shell', true, 'Use of shell to start subprocesses is %s.'),
  idle('step-mode', false, 'Mode of the step operation is %s.'),
  idle('stop-on-solib-events', '0', 'Stopping for shared library events is %s.'),
  idle('unwindonsignal', false, 'Unwinding of stack if a signal is received while in a call dummy is %s.'),
  idle('write', false, 'Writing into executable and core files is %s.'),
] // biome-ignore format: a table

export const SETTINGS: readonly Setting[] = [
  toggle('confirm', true, 'Set whether to confirm potentially dangerous operations.', 'Whether to confirm potentially dangerous operations is %s.'),
  toggle('history expansion', false, 'Set history expansion on command input.', 'History expansion on command input is %s.'),
  text('history filename', '~/.shdb_history', 'Set the filename in which to record the command history.', 'The filename in which to record the command history is "%s".'),
  size('history remove-duplicates', 0, 'Set how far back in history to look for and remove duplicate entries.', 'The number of history entries to look back at for duplicates is %s.'),
  toggle('history save', true, 'Set saving of the history record on exit.', 'Saving of the history record on exit is %s.'),
  size('history size', 256, 'Set the size of the command history.', 'The size of the command history is %s.'),
  count('height', 0, 'Set number of lines in a page for GDB output pagination.', 'Number of lines gdb thinks are in a page is %s.'),
  { name: 'input-radix', kind: 'signed', line: 'Set default input radix for entering numbers.', sentence: 'Default input radix for entering numbers is %s.', initial: 10 },
  text('language', 'auto', 'Set the current source language.', 'The current source language is "%s".'),
  count('listsize', 10, 'Set number of source lines GDB will list by default.', 'Number of source lines gdb will list by default is %s.'),
  toggle('logging debugredirect', false, 'Set the logging debug output mode.', 'Debug output will go %s.'),
  toggle('logging enabled', false, 'Enable logging.', 'Logging is %s.'),
  text('logging file', 'shdb.txt', 'Set the current logfile.', 'The current logfile is "%s".'),
  toggle('logging overwrite', false, 'Set whether logging overwrites or appends to the log file.', 'Logging %s.'),
  toggle('logging redirect', false, 'Set the logging output mode.', 'Output will go %s.'),
  size('max-completions', 200, 'Set maximum number of completion candidates.', 'Maximum number of completion candidates is %s.'),
  count('max-user-call-depth', 1024, 'Set the max call depth for non-python/scheme user-defined commands.', 'The max call depth for user-defined commands is %s.'),
  count('max-value-size', 65536, 'Set maximum sized value gdb will load from the inferior.', 'Maximum value size is %s bytes.'),
  { name: 'output-radix', kind: 'signed', line: 'Set default output radix for printing of values.', sentence: 'Default output radix for printing of values is %s.', initial: 10 },
  toggle('pagination', true, 'Set state of GDB output pagination.', 'State of pagination is %s.'),
  toggle('print address', true, 'Set printing of addresses.', 'Printing of addresses is %s.'),
  toggle('print array', false, 'Set pretty formatting of arrays.', 'Pretty formatting of arrays is %s.'),
  toggle('print array-indexes', false, 'Set printing of array indexes.', 'Printing of array indexes is %s.'),
  count('print elements', 200, 'Set limit on string chars or array elements to print.', 'Limit on string chars or array elements to print is %s.'),
  toggle('print null-stop', false, 'Set printing of char arrays to stop at first null char.', 'Printing of char arrays to stop at first null char is %s.'),
  toggle('print pretty', false, 'Set pretty formatting of structures.', 'Pretty formatting of structures is %s.'),
  count('print repeats', 10, 'Set threshold for repeated print elements.', 'Threshold for repeated print elements is %s.'),
  toggle('print sevenbit-strings', false, 'Set printing of 8-bit characters in strings as \\nnn.', 'Printing of 8-bit characters in strings as \\nnn is %s.'),
  toggle('print symbol', true, 'Set printing of symbol names when printing pointers.', 'Printing of symbols when printing pointers is %s.'),
  toggle('print union', true, 'Set printing of unions interior to structures.', 'Printing of unions interior to structures is %s.'),
  text('prompt', '(shdb) ', "Set gdb's prompt.", 'Gdb\'s prompt is "%s".'),
  count('step-limit', 10_000_000, 'Set how many commands a script may run without a terminal.', 'Limit on commands that one script may run is %s.'),
  text('print max-depth', '20', 'Set maximum print depth for nested structures, unions and arrays.', 'Maximum print depth is %s.'),
  ...IDLE,
  toggle('style enabled', true, 'Set whether CLI styling is enabled.', 'CLI output styling is %s.'),
  ...looks(),
  toggle('trace-commands', false, 'Set tracing of GDB CLI commands.', 'State of GDB CLI command tracing is %s.'),
  toggle('verbose', false, 'Set verbosity.', 'Verbosity is %s.'),
  count('width', 0, 'Set number of characters where GDB should wrap lines of its output.', 'Number of characters gdb thinks are in a line is %s.'),
] // biome-ignore format: a table

const SIZES = new Set(SETTINGS.filter(({ kind }) => kind === 'size').map(({ name }) => name))

export class Settings {
  readonly #values = new Map<string, number | boolean | string>()

  constructor() {
    for (const each of SETTINGS) this.#values.set(each.name, each.initial)
  }

  number(name: string): number {
    return Number(this.#values.get(name))
  }
  /** A count or size, infinite where there is no limit. */
  limit(name: string): number {
    const value = this.number(name)
    if (value < 0) return Number.POSITIVE_INFINITY
    if (SIZES.has(name)) return value
    return value === UNLIMITED ? Number.POSITIVE_INFINITY : value
  }
  /** A depth: anything but a number from 0 is no limit. */
  depth(name: string): number {
    const text = this.text(name)
    return /^\d+$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY
  }
  is(name: string): boolean {
    return this.#values.get(name) === true
  }
  text(name: string): string {
    return String(this.#values.get(name))
  }
  set(name: string, value: number | boolean | string): void {
    this.#values.set(name, value)
  }

  /** As `$_gdb_setting_str` and show word it. */
  worded(setting: Setting): string {
    const value = this.#values.get(setting.name)
    if (setting.kind === 'boolean') return value === true ? 'on' : 'off'
    if (setting.kind === 'count' && value === UNLIMITED) return 'unlimited'
    if (setting.kind === 'size' && value === -1) return 'unlimited'
    return String(value)
  }

  sentence(setting: Setting): string {
    const on = this.is(setting.name)
    switch (setting.name) {
      case 'verbose':
        return on ? 'Verbose printing of informational messages is on.' : 'Verbosity is off.'
      case 'logging enabled':
        return on ? 'on: Logging is enabled.' : 'off: Logging is disabled.'
      case 'logging overwrite':
        return on ? 'on: Logging overwrites the log file.' : 'off: Logging appends to the log file.'
      case 'logging redirect':
        return on
          ? 'on: Output will go only to the log file.'
          : 'off: Output will go to both the screen and the log file.'
      case 'logging debugredirect':
        return on
          ? 'on: Debug output will go only to the log file.'
          : 'off: Debug output will go to both the screen and the log file.'
      case 'style enabled':
        return on ? 'CLI output styling is enabled.' : 'CLI output styling is disabled.'
      case 'history filename':
        if (this.text('history filename') !== '') break
        return 'There is no filename currently set for recording the command history in.'
      case 'history save':
        if (!on || this.text('history filename') !== '') break
        return "Saving of the history is disabled due to the value of 'history filename'."
      case 'language':
        if (this.text('language') === 'auto') {
          return 'The current source language is "auto; currently c".'
        }
    }
    return setting.sentence.replace('%s', this.worded(setting))
  }
}

export function parseBoolean(argument: string): boolean {
  const word = argument.trim()
  if (['', 'on', '1', 'yes', 'enable'].includes(word)) return true
  if (isPrefix(word, 'enable') || isPrefix(word, 'yes')) return true
  if (['off', '0', 'no', 'disable'].includes(word)) return false
  if (isPrefix(word, 'disable') || (word.length > 1 && isPrefix(word, 'off'))) return false
  throw new CommandError('"on" or "off" expected.')
}

const isPrefix = (word: string, whole: string): boolean => word !== '' && whole.startsWith(word)
