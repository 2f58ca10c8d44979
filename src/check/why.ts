// The verdict of one object, for a reader: what went wrong, who holds what, and how many of its siblings did it right.

import { counted } from '../image/counted.ts'
import type { History, Image } from '../image/image.ts'
import { asArray, CONFIDENCE_MIN, findingsOf, lifeOf, run, studying } from './check.ts'
import { eventName, listed } from './detect/detector.ts'
import { stuckness } from './detect/stuck.ts'
import type { Finding } from './finding.ts'
import { LIVES_AT_ONCE, type Life } from './lives.ts'
import { isSettled } from './usual/closing.ts'
import { sumBefore, sumOf } from './usual/counts.ts'
import { kindOf, stepsOf } from './usual/routes.ts'
import type { Usual } from './usual/usual.ts'

export interface Verdict {
  readonly findings: readonly Finding[]
  /** A paragraph. */
  readonly text: string
}

/**
 * The verdict of one object, in a paragraph: what went wrong with it, who holds it, and how many of its siblings did it
 * right. Undefined when the history is, or is none of these images any more.
 *
 * @example
 * console.log(why(image, image.find(0x7f95acf6ea60).at(-1))?.text)
 */
export function why(
  images: Image | readonly Image[],
  history: History | undefined,
): Verdict | undefined {
  if (history === undefined) return undefined
  const all = asArray(images)
  const studied = run(studying(all, history.list.name))
  for (const image of all) {
    const found = image.history(history.handle) && lifeOf(studied, image, history)
    if (found) return run(verdictOf(found.life, found.usual, found.number))
  }
  return undefined
}

/** What became of one life. `number`: its place among those of its list. Yields while it looks at its siblings. */
export function* verdictOf(life: Life, usual: Usual, number: number): Generator<number, Verdict> {
  const findings = findingsOf(life, usual, number)
  const [cause, ...rest] = findings.filter(({ confidence }) => confidence > 0.25)
  const sentences: string[] = []
  if (cause === undefined) sentences.push(unblamed(life, usual, number))
  else {
    sentences.push(`${cause.kind}, ${percent(cause.confidence)} sure: ${cause.text}`)
    for (const effect of rest)
      sentences.push(`It led to a ${effect.kind}: ${withoutCause(effect.text)}`)
  }
  const balance = balanceOf(life, usual)
  if (balance !== '') sentences.push(balance)
  sentences.push(yield* siblings(usual, number, cause))
  return { findings, text: sentences.join('  ') }
}

const percent = (confidence: number): string => `${Math.round(confidence * 100)} %`
const withoutCause = (text: string): string => text.replace(/ This follows from the .*$/s, '')

function unblamed(life: Life, usual: Usual, number: number): string {
  const { closing, routes } = usual
  const same = routes.kinds.get(kindOf(stepsOf(life))) ?? 0
  const path =
    closing.by !== undefined && same > 0
      ? `; ${same} of ${routes.lives} lives took the same steps`
      : ''
  if (!life.whole)
    return `Nothing is found wrong with it, but events are missing that may tell${path}.`
  if (closing.isClosed[number] === 1) {
    const settled = isSettled(life, closing) ? '' : ', just now'
    return `Nothing is found wrong with it: it is over${settled}${path}.`
  }
  const stuck = stuckness(life, usual, number) > 0
  return `Nothing is found wrong with it: it is ${stuck ? 'idle' : 'under way'}, as far as its siblings tell.`
}

/** Who took references, and how many were given back. */
function balanceOf(life: Life, { counts }: Usual): string {
  const { family, from, to, end } = life
  if (!counts.counted) return ''
  const byThread = new Map<number, { name: string; taken: number; given: number }>()
  for (let at = from; at < to; at++) {
    const change = family.change(at)
    if (change === 0) continue
    const thread = family.thread[at]
    const own = byThread.get(thread) ?? { name: family.threadName(at), taken: 0, given: 0 }
    byThread.set(thread, own)
    if (change > 0) own.taken += change
    else own.given -= change
  }
  if (byThread.size === 0) return ''
  const parts = [...byThread.values()].map(
    ({ name, taken, given }) => `${name} took ${taken} and gave back ${given}`,
  )
  const at = end >= 0 ? end : to
  const sum = end >= 0 ? sumBefore(life, end) : sumOf(life)
  const held = sum - counts.atEnd
  const when = end >= 0 ? `when ${eventName(family, at)} ended it` : 'now'
  const left =
    Number.isNaN(held) || !life.whole
      ? ''
      : `; ${counted(held, 'reference')} ${held === 1 ? 'was' : 'were'} held ${when}`
  return `Of its references ${listed(parts)}${left}.`
}

function* siblings(
  usual: Usual,
  number: number,
  cause: Finding | undefined,
): Generator<number, string> {
  const { family, closing } = usual
  let wrong = 0
  let alike = 0
  for (const [at, life] of family.lives.entries()) {
    if (at === number) continue
    if (at % LIVES_AT_ONCE === 0) yield at
    const [first] = findingsOf(life, usual, at)
    if (first === undefined || first.confidence < CONFIDENCE_MIN) continue
    wrong++
    if (first.kind === cause?.kind) alike++
  }
  const others = family.lives.length - 1
  if (others === 0) return 'It has no siblings to compare with.'
  const right = others - wrong
  const open = others - (closing.closed - (closing.isClosed[number] ?? 0))
  const same = alike > 0 ? `, ${counted(alike, 'sibling')} went the same wrong way` : ''
  const under = open > 0 && closing.by !== undefined ? `, ${open} of them not over yet` : ''
  return `Of ${counted(others, 'sibling')} in "${family.name}" ${right} ${right === 1 ? 'is' : 'are'} right${under}${same}.`
}
