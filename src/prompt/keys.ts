// Which key does what: gdb's keys, which are GNU readline's in Emacs mode.

import type { Line } from './line.ts'

export interface Key {
  readonly sequence: string
  readonly name?: string | undefined
  readonly ctrl?: boolean
  readonly meta?: boolean
}

/** What a key may ask of the editor. */
export interface Actions {
  readonly line: Line
  accept(): void
  acceptAndGoOn(): void
  cancel(): void
  deleteOrEnd(): void
  suspend(): void
  clear(): void
  older(): void
  newer(): void
  oldest(): void
  newest(): void
  search(isForward: boolean): void
  complete(): void
  list(): void
  lastArgument(): void
  secondKey(): void
}

type Action = (actions: Actions) => void
const onLine =
  (change: (line: Line) => void): Action =>
  ({ line }) =>
    change(line)

/** By the name of the key. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  return: (actions) => actions.accept(),
  enter: (actions) => actions.accept(),
  'C-o': (actions) => actions.acceptAndGoOn(),
  'C-c': (actions) => actions.cancel(),
  'C-d': (actions) => actions.deleteOrEnd(),
  'C-z': (actions) => actions.suspend(),
  'C-l': (actions) => actions.clear(),
  up: (actions) => actions.older(),
  'C-p': (actions) => actions.older(),
  down: (actions) => actions.newer(),
  'C-n': (actions) => actions.newer(),
  'M-<': (actions) => actions.oldest(),
  'M->': (actions) => actions.newest(),
  'C-r': (actions) => actions.search(false),
  'C-s': (actions) => actions.search(true),
  tab: (actions) => actions.complete(),
  'M-?': (actions) => actions.list(),
  'M-.': (actions) => actions.lastArgument(),
  'M-_': (actions) => actions.lastArgument(),
  'C-x': (actions) => actions.secondKey(),
  left: onLine((line) => line.left()),
  'C-b': onLine((line) => line.left()),
  right: onLine((line) => line.right()),
  'C-f': onLine((line) => line.right()),
  home: onLine((line) => line.home()),
  'C-a': onLine((line) => line.home()),
  end: onLine((line) => line.end()),
  'C-e': onLine((line) => line.end()),
  'M-b': onLine((line) => line.wordLeft()),
  'C-left': onLine((line) => line.wordLeft()),
  'M-left': onLine((line) => line.wordLeft()),
  'M-f': onLine((line) => line.wordRight()),
  'C-right': onLine((line) => line.wordRight()),
  'M-right': onLine((line) => line.wordRight()),
  backspace: onLine((line) => line.deleteLeft()),
  delete: onLine((line) => line.deleteRight()),
  'C-k': onLine((line) => line.killToEnd()),
  'C-u': onLine((line) => line.killToStart()),
  'C-w': onLine((line) => line.killToSpace()),
  'M-d': onLine((line) => line.killWordRight()),
  'M-backspace': onLine((line) => line.killWordLeft()),
  'C-y': onLine((line) => line.yank()),
  'M-y': onLine((line) => line.yankOlder()),
  'C-t': onLine((line) => line.transpose()),
  'M-u': onLine((line) => line.changeWord('upper')),
  'M-l': onLine((line) => line.changeWord('lower')),
  'M-c': onLine((line) => line.changeWord('capital')),
  'M-r': onLine((line) => line.revert()),
  'C-_': onLine((line) => line.undo()),
}

/** `C-x`, `M-b`, `backspace`, `a`. */
export function nameOf({ sequence, name, ctrl, meta }: Key): string {
  if (sequence === '\x1f') return 'C-_'
  // node:readline has no names for Meta with signs.
  const plain = name ?? (meta ? (sequence.at(-1) ?? '') : sequence)
  return `${ctrl ? 'C-' : ''}${meta && plain !== 'escape' ? 'M-' : ''}${plain}`
}

/** A character, or several that were pasted: what goes into the line as it is. */
export const isText = ({ sequence, ctrl, meta }: Key): boolean =>
  !ctrl && !meta && sequence !== '' && !/^\p{Cc}/u.test(sequence)
