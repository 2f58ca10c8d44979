// info paths: the distinct lives of a list as a tree with counts, the rarest first.

import { type Branch, type Paths, pathsOf } from '../../check/compare/paths.ts'
import { type Family, readFamilies } from '../../check/lives.ts'
import { counted } from '../../image/counted.ts'
import { CommandError } from '../messages.ts'
import { JsonArray } from '../print/json.ts'
import { shownName } from '../print/name.ts'
import { hiddenLine } from '../print/record.ts'
import type { Session } from '../session.ts'
import { breathing } from './check.ts'
import type { Command } from './command.ts'
import { completeList } from './complete.ts'
import { JSON_OPTION } from './filters.ts'
import { checkList } from './find.ts'
import { completeBehind, countOf, type Option, optionHelp, parseOptionsAround } from './options.ts'

const SHOWN = 30

const OPTIONS: readonly Option[] = [
  {
    name: 'max',
    value: 'N',
    line: 'At most N distinct lives, the rarest; default 30, with -json all.',
  },
  JSON_OPTION,
]

export const PATHS: Command = {
  name: 'paths',
  group: 'histories',
  line: 'The distinct lives of LIST, or of all lists, as a tree; rarest first.',
  help: `Usage: info paths [OPTION]... [LIST]

A life's path is the row of its verbs; a verb several times in a row is one step
("x3", "x10-99").  Numbers count the lives that came that way, and in parentheses
an example of those that went no further.  Lives of which events are missing are
left out, and counted.

Options, also behind LIST:
${optionHelp(OPTIONS)}

Examples:
  info paths TCP con
  info paths -max 5 -json "TCP con"`,
  complete: (session, text) => completeBehind(session, text, OPTIONS, completeList),
  async run(session, argument) {
    const { given, rest } = parseOptionsAround(argument, OPTIONS)
    const name = /^"(.*)"$/.exec(rest)?.[1] ?? rest
    const list = name === '' ? undefined : name
    session.target
    checkList(session, list)
    const max = countOf(session, { given, rest, isEnded: false }, 'max')
    if (max === 0) throw new CommandError('integer 0 out of range')
    const images = session.targets.map(({ image }) => image)
    const families = await breathing(session, readFamilies(images, list), 'life')
    const array = given.has('json') ? new JsonArray((text) => session.out(text)) : undefined
    for (const family of families) {
      const paths = pathsOf(family)
      if (array) json(array, family, paths, max)
      else show(session, family, paths, max ?? SHOWN)
    }
    array?.end()
    if (!array && families.length === 0) session.out('No lists.\n')
  },
}

/** The rarest path below decides which branch comes first. */
function rarest(branch: Branch, known: Map<Branch, number>): number {
  const before = known.get(branch)
  if (before !== undefined) return before
  let least = branch.ends > 0 ? branch.ends : Number.POSITIVE_INFINITY
  for (const next of branch.next.values()) least = Math.min(least, rarest(next, known))
  known.set(branch, least)
  return least
}

const sorted = (branch: Branch, known: Map<Branch, number>): Branch[] =>
  [...branch.next.values()].sort(
    (one, other) => rarest(one, known) - rarest(other, known) || one.lives - other.lives,
  )

/** Where lives end, the rarest first; those of equal rank as the tree has them. */
function endsOf(root: Branch, known: Map<Branch, number>): Branch[] {
  const ends: Branch[] = []
  const waiting = [root]
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (at.ends > 0) ends.push(at)
    waiting.push(...sorted(at, known).reverse())
  }
  return ends.sort((one, other) => one.ends - other.ends)
}

function pathTo(end: Branch): string[] {
  const path: string[] = []
  for (let at: Branch | undefined = end; at?.before !== undefined; at = at.before)
    path.push(at.name)
  return path.reverse()
}

function json(
  array: JsonArray,
  family: Family,
  { root, lives }: Paths,
  max: number | undefined,
): void {
  for (const end of endsOf(root, new Map()).slice(0, max)) {
    array.add({
      list: family.name,
      lives: end.ends,
      of: lives,
      path: pathTo(end),
      example: end.example?.history.handle ?? null,
      object: end.example?.history.objectText ?? null,
    })
  }
}

function show(session: Session, family: Family, paths: Paths, max: number): void {
  const { lives, count, root, notWhole, leftOut } = paths
  const known = new Map<Branch, number>()
  const ends = endsOf(root, known).slice(0, max)
  const way = new Set<Branch>()
  for (const end of ends)
    for (let at: Branch | undefined = end; at !== undefined && !way.has(at); at = at.before)
      way.add(at)
  const missing = notWhole > 0 ? `, ${notWhole} with losses left out` : ''
  session.out(
    `${shownName(family.name)}: ${counted(lives, 'life', 'lives')}, ${counted(count, 'distinct one')}${missing}\n`,
  )
  const width = String(lives).length
  if (root.ends > 0 && ends.includes(root))
    session.out(`${countText(root.ends, width)}(no events)${exampleOf(root)}\n`)
  for (const line of treeLines(root, '', { way, known, width })) session.out(`${line}\n`)
  const hidden = count - ends.length
  if (hidden > 0) session.out(`${hiddenLine(counted(hidden, 'more common one'))}\n`)
  if (leftOut > 0)
    session.out(`- ${counted(leftOut, 'life', 'lives')} left out: too many distinct ones -\n`)
}

const countText = (lives: number, width: number): string => `${String(lives).padStart(width)}  `

const exampleOf = ({ ends, example, lives }: Branch): string =>
  example === undefined
    ? ''
    : ` (${ends === lives ? '' : `${ends} end here, `}#${example.history.handle})`

interface Shown {
  /** Branches that lead to what is shown. */
  readonly way: ReadonlySet<Branch>
  readonly known: Map<Branch, number>
  readonly width: number
}

function* treeLines(branch: Branch, indent: string, shown: Shown): Generator<string> {
  const next = sorted(branch, shown.known).filter((each) => shown.way.has(each))
  const isTop = branch.before === undefined
  for (const [at, each] of next.entries()) {
    const isLast = at === next.length - 1
    const { words, end } = chainOf(each)
    const mark = isTop ? '' : isLast ? '`- ' : '|- '
    yield `${countText(each.lives, shown.width)}${indent}${mark}${words.map(shownName).join(' ')}${exampleOf(end)}`
    yield* treeLines(end, `${indent}${isTop ? '  ' : isLast ? '   ' : '|  '}`, shown)
  }
}

/** Steps that all of its lives take stand on one line. */
function chainOf(branch: Branch): { words: string[]; end: Branch } {
  const words = [branch.name]
  let end = branch
  for (;;) {
    const [only, ...others] = end.next.values()
    if (only === undefined || others.length > 0 || end.ends > 0) return { words, end }
    words.push(only.name)
    end = only
  }
}
