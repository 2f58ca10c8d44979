// `!!`, `!N`, `!-N`, `!TEXT`, `!?TEXT?` and `^OLD^NEW^`, for hands that know them from the shell. Off unless
// `set history expansion on`, as in gdb: `!` begins a shell command there.

import { CommandError } from '../inspector/index.ts'

const EVENT = /!(!|-?\d+|\?[^?]*\??|[^\s!=("'][^\s!]*)/g

/** Throws a sentence when there is no such event. */
export function expanded(line: string, lines: readonly string[]): string {
  const [, old, fresh] = /^\^([^^]+)\^([^^]*)\^?$/.exec(line) ?? []
  if (old !== undefined && fresh !== undefined) {
    const last = lines.at(-1) ?? ''
    if (!last.includes(old)) throw new CommandError(`${line}: substitution failed`)
    return last.replace(old, () => fresh)
  }
  return line.replace(EVENT, (whole, event: string, at: number) => {
    // `!cmd` at the start of a line with a blank behind its sign is gdb's shell; within quotes nothing is meant.
    if (/["'\\]/.test(line[at - 1] ?? '')) return whole
    const found = eventNamed(event, lines)
    if (found === undefined) throw new CommandError(`${whole}: event not found`)
    return found
  })
}

function eventNamed(event: string, lines: readonly string[]): string | undefined {
  if (event === '!') return lines.at(-1)
  if (/^-?\d+$/.test(event)) {
    const number = Number(event)
    return number < 0 ? lines.at(number) : lines[number - 1]
  }
  const newestFirst = [...lines].reverse()
  if (!event.startsWith('?')) return newestFirst.find((each) => each.startsWith(event))
  const text = event.slice(1).replace(/\?$/, '')
  return newestFirst.find((each) => each.includes(text))
}
