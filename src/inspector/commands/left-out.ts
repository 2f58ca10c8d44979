// gdb's commands that an image has no use for. shdb knows their names, so that abbreviations and their ambiguities are
// gdb's, and answers each as gdb does when there is no program.

import { CommandError, NO_PROCESS, NO_SYMBOL_TABLE, NO_TUI, NOT_RUNNING } from '../messages.ts'
import type { Command } from './command.ts'

const NO_REVERSE = 'Target None does not support this command.'
const NO_BREAKPOINTS = 'No default breakpoint address now.'
const TRACE_ONLY = 'This command can only be used in a tracepoint actions list.'

const ANSWERS: readonly (readonly [string, string])[] = [
  [
    NOT_RUNNING,
    'advance c checkpoint continue fg fin finish j jump kill nexti ni queue-signal si signal stepi u until',
  ],
  [NO_REVERSE, 'rc reverse-continue reverse-finish rni reverse-nexti rsi reverse-stepi'],
  ['No stack.', 'do dow down down-silently select-frame up up-silently'],
  [NO_TUI, '+ - < > focus fs layout tabset wh winheight winwidth tui'],
  [
    NO_BREAKPOINTS,
    'b br bre brea break dprintf ftrace hbreak strace tbreak thbreak tp tr tra trac trace',
  ],
  [TRACE_ONLY, 'collect stepping teval while-stepping ws'],
  [NO_SYMBOL_TABLE, 'edit l list'],
  [NO_PROCESS, 'gcore generate-core-file restore'],
  ['No previous regular expression', 'fo forward-search rev reverse-search search'],
  ['Use the "file" or "exec-file" command.', 'r run start starti'],
  ['No registers.', 'update'],
  ['Process record: the program is not being run.', 'rec record'],
  [
    'This command is of no use on an image.',
    `actions add-auto-load-safe-path add-auto-load-scripts-directory add-inferior add-symbol-file
     add-symbol-file-from-memory agent-printf append awatch bookmark break-range catch cl clear clone-inferior commands
     compare-sections compile condition core-file d del delete demangle directory disassemble
     disconnect display dump exec-file explore expression faas file flash-erase flushregs function
     goto-bookmark gr gu guile guile-repl handle ignore inferior interpreter-exec interrupt jit-reader-load
     jit-reader-unload load macro maintenance make mem memory-tag monitor mt new-ui nosharedlibrary ov overlay ovly
     passcount path pi po print-object py python python-interactive rbreak remote remove-inferiors remove-symbol-file
     restart return rwatch save save-tracepoints section sharedlibrary skip stop symbol-file task tcatch tdump
     tfaas tfind tsave tstart tstatus tstop tty tvariable undisplay unset define-prefix`,
  ],
]

/** Names of groups of commands: `help` knows them, and they count when a word is ambiguous. */
const TOPICS = 'aliases files internals running stack status text-user-interface'

export const LEFT_OUT: readonly Command[] = ANSWERS.flatMap(([answer, names]) =>
  names.split(/\s+/).map((name) => ({
    name,
    group: 'support' as const,
    line: `Not in shdb: ${answer}`,
    run: () => {
      throw new CommandError(answer)
    },
  })),
)

export const TOPIC_NAMES: readonly string[] = TOPICS.split(' ')
const kept = new Set(LEFT_OUT.map((each) => each.name))
export const isLeftOut = (name: string): boolean => kept.has(name)

/** Other names of gdb's commands: `define` takes one without a question, and a hook on one hooks nothing. */
const SHORT_FORMS = new Set(
  `b br bre brea c cl dis disa en expression fg fin flushregs fo fs gr gu j l mt ni ov ovly pi po py python r rc rec
   rev rni rsi s save-tracepoints search si tp tr tra trac tty u wh ws`.split(/\s+/),
)
export const isShortForm = (name: string): boolean => SHORT_FORMS.has(name)
