// check, info anomalies, why: the culprit, named. The engine is in src/check; here is how it is asked and shown.

import { type Checked, type CheckOptions, checking, lifeOf, studying } from '../../check/check.ts'
import type { Finding } from '../../check/finding.ts'
import { verdictOf } from '../../check/why.ts'
import { counted } from '../../image/counted.ts'
import { CommandError } from '../messages.ts'
import { JsonArray } from '../print/json.ts'
import { shownName } from '../print/name.ts'
import { headLine, hiddenLine } from '../print/record.ts'
import type { Session } from '../session.ts'
import { noHandle } from '../symbols.ts'
import type { Command } from './command.ts'
import { completeList, completeObject } from './complete.ts'
import { JSON_OPTION } from './filters.ts'
import { checkList, LIST_OPTION } from './find.ts'
import { tellProblems } from './images.ts'
import { type Life, livesNamed } from './objects.ts'
import {
  completeBehind,
  completeOptions,
  countOf,
  type Option,
  type Options,
  optionHelp,
  parseOptions,
  parseOptionsAround,
} from './options.ts'

const SHOWN = 20
/** Of bytes that cannot be believed, after the findings. */
const PROBLEMS_TOLD = 3

const LIMITS: readonly Option[] = [
  {
    name: 'least',
    value: 'CONFIDENCE',
    line: 'What is less sure is not told: 0 to 1; default 0.5.',
  },
  { name: 'max', value: 'N', line: 'At most N findings; default 20, with -json all.' },
  JSON_OPTION,
]
const OPTIONS: readonly Option[] = [LIST_OPTION, ...LIMITS]

const WHAT = `Each finding names a kind, how sure it is, the object, the events that prove it and
the threads that logged them; docs/CHECK.md explains each kind.  Of one life the
cause stands first; what follows from it is marked, and counts for less.  Lists
of the same name in several images are compared with each other.`

export const CHECK: Command = {
  name: 'check',
  group: 'histories',
  isNew: true,
  line: 'Say what went wrong in the opened images, likeliest first.',
  help: `Usage: check [OPTION]...

${WHAT}

Options:
${optionHelp(OPTIONS)}

Examples:
  check
  check -list "TCP con" -least 0.3
  check -json`,
  complete: (session, text) => completeOptions(session, text, OPTIONS) ?? [],
  async run(session, argument) {
    const options = parseOptions(argument, OPTIONS)
    if (options.rest !== '') throw new CommandError(`Unrecognized option at: ${options.rest}`)
    await showFindings(session, options, options.given.get('list')?.text)
  },
}

export const ANOMALIES: Command = {
  name: 'anomalies',
  group: 'histories',
  line: 'What went wrong, likeliest first: in LIST, or in all lists.',
  help: `Usage: info anomalies [OPTION]... [LIST]

The same as "check".  ${WHAT}

Options, also behind LIST:
${optionHelp(LIMITS)}`,
  complete: (session, text) => completeBehind(session, text, LIMITS, completeList),
  async run(session, argument) {
    const options = parseOptionsAround(argument, LIMITS)
    const list = /^"(.*)"$/.exec(options.rest)?.[1] ?? options.rest
    await showFindings(session, options, list === '' ? undefined : list)
  },
}

export const WHY: Command = {
  name: 'why',
  group: 'histories',
  isNew: true,
  line: 'The verdict of one object: what went wrong, who holds it, what its siblings did.',
  help: `Usage: why [OPTION] [OBJ | #HANDLE]

One paragraph for each of its lives that the image retains; without OBJ, for that
of the current event.

Options:
${optionHelp([JSON_OPTION])}

Examples:
  why 0x7f95acf6ea60
  why #16777217`,
  complete: (session, text) => completeBehind(session, text, [JSON_OPTION], completeObject),
  async run(session, argument) {
    const { given, rest } = parseOptionsAround(argument, [JSON_OPTION])
    const place = session.target.selection.place
    const lives =
      rest === '' && place !== undefined
        ? [{ target: session.target, history: place.history }]
        : livesNamed(session, rest)
    await why(session, lives, given.has('json'))
  },
}

/** Runs a generator of the engine, serving keys and signals between its steps. */
export async function breathing<T>(
  session: Session,
  steps: Generator<number, T>,
  doing: string,
): Promise<T> {
  try {
    for (;;) {
      const { done, value } = steps.next()
      if (done) return value as T
      session.doing = `${doing} ${value as number}`
      await session.breathe()
    }
  } finally {
    session.doing = undefined
  }
}

async function showFindings(
  session: Session,
  options: Options,
  list: string | undefined,
): Promise<void> {
  session.target
  checkList(session, list)
  const least = leastOf(options)
  const max = countOf(session, options, 'max')
  const asked: CheckOptions = {
    ...(list !== undefined && { list }),
    ...(least !== undefined && { least }),
  }
  const images = session.targets.map(({ image }) => image)
  const checked = await breathing(session, checking(images, asked), 'life')
  session.findings = checked.findings.length
  if (options.given.has('json')) {
    const array = new JsonArray((text) => session.out(text))
    for (const finding of checked.findings.slice(0, max)) array.add({ ...finding })
    array.end()
    // An array has no place for it; whoever reads standard error is told.
    if (checked.notTold > 0) session.warn(`${checked.notTold} more findings are not told.`)
    return
  }
  show(session, checked, max ?? SHOWN)
  for (const { image } of session.targets) tellProblems(session, image, PROBLEMS_TOLD)
}

function leastOf({ given }: Options): number | undefined {
  const text = given.get('least')?.text
  if (text === undefined) return undefined
  const least = Number(text)
  if (text.trim() === '' || !(least >= 0 && least <= 1))
    throw new CommandError(`-least wants a number from 0 to 1, not "${text}"`)
  return least
}

function show(
  session: Session,
  { findings, lives, events, notTold, notRead }: Checked,
  max: number,
): void {
  for (const finding of findings.slice(0, max))
    session.out(findingText(finding, session.targets.length > 1))
  const hidden = findings.length - Math.min(max, findings.length) + notTold
  if (hidden > 0) session.out(`${hiddenLine(counted(hidden, 'finding'))}\n`)
  const what =
    findings.length === 0 ? 'Nothing found' : `${counted(findings.length + notTold, 'finding')}`
  session.out(`${what} in ${counted(lives, 'life', 'lives')} (${counted(events, 'event')}).\n`)
  if (notRead > 0)
    session.out(`- ${counted(notRead, 'life', 'lives')} not looked at: too many events -\n`)
}

/** A head, the sentence, and where to look. */
export function findingText(finding: Finding, isOfSeveral: boolean): string {
  const { kind, confidence, list, object, history, events, threads, text, image } = finding
  const where = isOfSeveral ? ` in ${shownName(image)}` : ''
  const head = `${kind} (${Math.round(confidence * 100)} %): ${shownName(list)} ${shownName(object)} #${history}${where}`
  const numbers = events.slice(0, SHOWN).map((index) => `#${index}`)
  const more = events.length > SHOWN ? ` and ${events.length - SHOWN} more` : ''
  const by = threads.length > 0 ? `; by ${threads.map(shownName).join(', ')}` : ''
  return `${head}\n    ${shownName(text)}\n    events ${numbers.join(' ')}${more}${by}\n`
}

async function why(session: Session, lives: readonly Life[], isJson: boolean): Promise<void> {
  const array = isJson ? new JsonArray((text) => session.out(text)) : undefined
  const studied = new Map<string, Awaited<ReturnType<typeof studyOf>>>()
  for (const { target, history } of lives) {
    const { name } = history.list
    const usual = studied.get(name) ?? (await studyOf(session, name))
    studied.set(name, usual)
    const found = lifeOf(usual, target.image, history)
    if (found === undefined) throw noHandle(target, history.handle)
    const verdict = await breathing(
      session,
      verdictOf(found.life, found.usual, found.number),
      'life',
    )
    if (array) {
      array.add({
        image: target.image.source,
        list: name,
        object: history.objectText,
        history: history.handle,
        findings: verdict.findings.map((finding) => ({ ...finding })),
        text: verdict.text,
      })
    } else {
      session.out(`${headLine(history, target.life(history).events)}\n${shownName(verdict.text)}\n`)
    }
  }
  array?.end()
}

const studyOf = (session: Session, list: string) =>
  breathing(
    session,
    studying(
      session.targets.map(({ image }) => image),
      list,
    ),
    'life',
  )
