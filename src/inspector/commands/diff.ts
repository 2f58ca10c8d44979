// diff A B: two lives side by side, by verb and by the line that logged; diff A: one life and the usual one of its list.

import { lifeOf, studying } from '../../check/check.ts'
import { align } from '../../check/compare/align.ts'
import { usualLife } from '../../check/compare/paths.ts'
import { shapeOf } from '../../check/shapes.ts'
import { counted } from '../../image/counted.ts'
import type { Event } from '../../image/image.ts'
import { CommandError } from '../messages.ts'
import { JsonArray } from '../print/json.ts'
import { shownName } from '../print/name.ts'
import { headLine, lifeName, lossLine, marksOf } from '../print/record.ts'
import type { Session } from '../session.ts'
import { breathing } from './check.ts'
import type { Command } from './command.ts'
import { completeObject } from './complete.ts'
import { JSON_OPTION } from './filters.ts'
import { type Life, livesNamed } from './objects.ts'
import { completeBehind, type Option, optionHelp, parseOptionsAround } from './options.ts'

const OPTIONS: readonly Option[] = [
  { name: 'all', line: 'Events that are alike, too: else only three on either side.' },
  JSON_OPTION,
]
const CONTEXT = 3

export const DIFF: Command = {
  name: 'diff',
  group: 'histories',
  isNew: true,
  line: 'Compare two lives, or a life with the usual one of its list.',
  help: `Usage: diff [OPTION]... A [B]

A and B are objects or #HANDLEs, in quotes where they have blanks; of several
lives of an object the latest is meant.  Without B, A is compared with a life of
the most common path in its list.  Events are alike when verb and text are, but
for the numbers in the text.

Options, also behind A and B:
${optionHelp(OPTIONS)}

Example:
  diff 0x7f95acf6ea60 #16777217`,
  complete: (session, text) => completeBehind(session, text, OPTIONS, completeObject),
  async run(session, argument) {
    const { given, rest } = parseOptionsAround(argument, OPTIONS)
    const [first, second, ...others] = wordsOf(rest)
    if (first === undefined) throw new CommandError('Argument required (an object, or #HANDLE).')
    if (others.length > 0)
      throw new CommandError(`Junk after the second object: ${others.join(' ')}`)
    const left = latest(session, first)
    const right = second === undefined ? await usualOf(session, left) : latest(session, second)
    const rows = rowsOf(left, right)
    if (given.has('json')) return json(session, left, right, rows)
    show(session, left, right, rows, given.has('all'))
  },
}

/** Blanks stand between them, but not in quotes: those belong to a string. */
const wordsOf = (text: string): string[] =>
  [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')

const latest = (session: Session, word: string): Life => livesNamed(session, word).at(-1) as Life

async function usualOf(session: Session, { target, history }: Life): Promise<Life> {
  const images = session.targets.map(({ image }) => image)
  const studied = await breathing(session, studying(images, history.list.name), 'life')
  const found = lifeOf(studied, target.image, history)
  const usual = found && usualLife(found.usual.family, found.life)
  if (usual === undefined)
    throw new CommandError(
      `No other whole life in list "${shownName(history.list.name)}" to compare with.`,
    )
  const other = session.targets.find(({ image }) => image === usual.source.image) ?? target
  return { target: other, history: usual.history }
}

interface Row {
  readonly left: Event | undefined
  readonly right: Event | undefined
}

const lineOf = ({ verb, log }: Event): string => `${verb}\n${shapeOf(log).template}`

function rowsOf(left: Life, right: Life): Row[] {
  const lefts = left.target.life(left.history).events
  const rights = right.target.life(right.history).events
  return align(lefts.map(lineOf), rights.map(lineOf)).map((each) => ({
    left: each.left === undefined ? undefined : lefts[each.left],
    right: each.right === undefined ? undefined : rights[each.right],
  }))
}

const isAlike = ({ left, right }: Row): boolean => left !== undefined && right !== undefined

function show(session: Session, left: Life, right: Life, rows: readonly Row[], all: boolean): void {
  const head = ({ target, history }: Life): string => headLine(history, target.life(history).events)
  session.out(`--- ${head(left)}\n+++ ${head(right)}\n`)
  let hidden = 0
  const flush = (): void => {
    if (hidden > 0) session.out(`@ ${counted(hidden, 'event')} alike @\n`)
    hidden = 0
  }
  for (const [at, row] of rows.entries()) {
    const isNear = rows
      .slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1)
      .some((each) => !isAlike(each))
    if (!all && !isNear) {
      hidden++
      continue
    }
    flush()
    const { left: one, right: other } = row
    if (one !== undefined && one.lost > 0) session.out(`- ${lossLine(one)}\n`)
    if (other !== undefined && other.lost > 0) session.out(`+ ${lossLine(other)}\n`)
    if (one !== undefined && other !== undefined) session.out(`  ${eventText(one)}\n`)
    else if (one !== undefined) session.out(`- ${eventText(one)}\n`)
    else if (other !== undefined) session.out(`+ ${eventText(other)}\n`)
  }
  flush()
  const apart = rows.filter((row) => !isAlike(row)).length
  session.out(
    apart === 0
      ? 'Both lives took the same path.\n'
      : `${counted(apart, 'event')} ${apart === 1 ? 'differs' : 'differ'}.\n`,
  )
}

const eventText = (event: Event): string =>
  `#${event.index} ${shownName(event.verb)} "${shownName(event.log)}" by ${shownName(event.thread)}${marksOf(event)}`

function json(session: Session, left: Life, right: Life, rows: readonly Row[]): void {
  const array = new JsonArray((text) => session.out(text))
  for (const row of rows) {
    array.add({
      left: row.left?.index ?? null,
      right: row.right?.index ?? null,
      verb: (row.left ?? row.right)?.verb ?? '',
      a: lifeName(left.history),
      b: lifeName(right.history),
      leftLog: row.left?.log ?? null,
      rightLog: row.right?.log ?? null,
    })
  }
  array.end()
}
