// Every command that shdb has, and the names of those that only gdb has.

import { CommandError, undefinedCommand } from '../messages.ts'
import { AROUND } from './around.ts'
import { CHECK, WHY } from './check.ts'
import type { Command } from './command.ts'
import { DIFF } from './diff.ts'
import { DISABLE, ENABLE } from './enable.ts'
import { BACKTRACE, EVENT, FRAME } from './event.ts'
import { FIND } from './find.ts'
import { APROPOS, HELP } from './help.ts'
import { HISTORY } from './history.ts'
import { INFO } from './info.ts'
import { LEFT_OUT, TOPIC_NAMES } from './left-out.ts'
import { FOLLOW, REFRESH, WATCH } from './live.ts'
import { CALL, OUTPUT, PRINT } from './print.ts'
import { ECHO, EVAL, PRINTF } from './printf.ts'
import { ALIAS, BLOCKS, COMPLETE, DONT_REPEAT, INIT_IF_UNDEFINED, SOURCE, WITH } from './scripts.ts'
import { SET } from './set.ts'
import { CD, PIPE, PWD, SHELL } from './shell.ts'
import { SHOW } from './show.ts'
import { NEXT, PREVIOUS, STEPS } from './steps.ts'
import { ATTACH, DETACH, QUIT, TARGET } from './target.ts'
import { THREAD, THREADS } from './thread.ts'
import { TAAS } from './thread-apply.ts'
import { TIMELINE } from './timeline.ts'
import { PTYPE, WHATIS } from './types.ts'
import { X } from './x.ts'

/** Class names count when an abbreviation is ambiguous, but are no commands. */
const TOPICS: readonly Command[] = TOPIC_NAMES.map((name) => ({
  name,
  group: 'support',
  line: '',
  run() {
    throw new CommandError(undefinedCommand(name))
  },
}))

export const COMMANDS: readonly Command[] = [
  ALIAS,
  APROPOS,
  AROUND,
  ATTACH,
  BACKTRACE,
  ...BLOCKS,
  CALL,
  CD,
  CHECK,
  COMPLETE,
  DETACH,
  DIFF,
  DISABLE,
  DONT_REPEAT,
  ECHO,
  ENABLE,
  EVAL,
  EVENT,
  FIND,
  FOLLOW,
  FRAME,
  HELP,
  HISTORY,
  INFO,
  INIT_IF_UNDEFINED,
  NEXT,
  OUTPUT,
  PIPE,
  PREVIOUS,
  PRINT,
  PRINTF,
  PTYPE,
  PWD,
  QUIT,
  REFRESH,
  SET,
  SHELL,
  SHOW,
  SOURCE,
  ...STEPS,
  TAAS,
  TARGET,
  THREAD,
  THREADS,
  TIMELINE,
  WATCH,
  WHATIS,
  WHY,
  WITH,
  X,
]

/** Ours come last, so that they win over a left-out command of the same name. */
export const ALL_COMMANDS: readonly Command[] = [...LEFT_OUT, ...TOPICS, ...COMMANDS]
