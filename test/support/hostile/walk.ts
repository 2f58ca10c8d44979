// Reads all that an image shows, and holds it to what a reader may rely on, whatever the bytes are.

import { EVENT_BYTES, HISTORY_BYTES } from '../../../assembly/layout.ts'
import type { Event, History, Image } from '../../../src/inspect.ts'

export interface Walked {
  readonly histories: number
  readonly events: number
  readonly characters: number
  readonly problems: number
}

/** Something that a reader must never see. */
export class Broken extends Error {}

const hold = (condition: boolean, sentence: () => string): void => {
  if (!condition) throw new Broken(sentence())
}

/** `length`: bytes that there are. */
export function walk(image: Image, length: number): Walked {
  let histories = 0
  let events = 0
  let characters = image.name.length
  hold(Number.isSafeInteger(image.size) && image.size <= image.budget, () => `size ${image.size}`)
  for (const list of image.lists()) {
    characters += list.name.length + Number(list.enabled) + Number(list.autoLog)
    for (const count of [list.pushed, list.evictedByWindow, list.eventsGone, list.evictedPinned])
      hold(Number.isInteger(count) && count >= 0, () => `list ${list.name} counts ${count}`)
    for (const history of list.histories()) {
      histories++
      const walked = walkHistory(history, length)
      events += walked.events
      characters += walked.characters
      const again = image.history(history.handle)
      hold(
        again === undefined || again.address === history.address,
        () => `#${history.handle} is two histories`,
      )
    }
  }
  hold(histories * HISTORY_BYTES <= length, () => `${histories} histories in ${length} bytes`)
  hold(events * EVENT_BYTES <= length, () => `${events} events in ${length} bytes`)
  for (const thread of image.threads()) characters += thread.name.length
  for (const verb of image.verbs()) characters += verb.name.length
  for (const [name, value] of Object.entries(image.stats()))
    hold(typeof value !== 'number' || value >= 0, () => `${name} is ${value}`)
  for (const object of [0x10, 0x7f95acf6ea60, -7n, 0.5, Number.NaN, 'dialog']) image.find(object)
  const problems = image.problems()
  hold(problems.length <= 1001, () => `${problems.length} problems`)
  for (const { text } of problems) hold(text.length < 2000, () => `a problem says ${text}`)
  return { histories, events, characters, problems: problems.length }
}

function walkHistory(history: History, length: number): { events: number; characters: number } {
  const name = () => `history #${history.handle}`
  const { len, list } = history
  const events = history.events()
  let characters = history.objectText.length + history.thread.length
  let next = 0
  let t = 0
  let whole = 0
  for (const event of events) {
    hold(event.index === next + event.lost, () => `${name()}: #${event.index} after #${next - 1}`)
    hold(
      event.t >= t && event.last >= event.t,
      () => `${name()}: the time of #${event.index} runs backwards`,
    )
    t = event.last
    next = event.lastIndex + 1
    const places = next - event.index
    hold(
      (places === 1 || places === 2) && (event.verb === '' || event.count >= places),
      () => `${name()}: #${event.index} stands for ${event.count} events in ${places} places`,
    )
    hold(event.count < 2 + 2 ** 16, () => `${name()}: #${event.index} counts ${event.count}`)
    hold(
      event.count > 1 || event.last === event.t,
      () => `${name()}: #${event.index} has two times`,
    )
    if (event.verb !== '') whole += places
    else {
      hold(event.index === len, () => `${name()}: #${event.index} has no verb`)
      next = len
    }
    characters += event.log.length + (event.backtrace?.length ?? 0)
    checkText(event, list.maxText, name)
  }
  hold(next === len, () => `${name()}: ${next} of ${len} events are told of`)
  let missing = 0
  let before = -1
  for (const gap of history.gaps()) {
    hold(gap.from > before && gap.to >= gap.from && gap.to < len, () => `${name()}: a wrong gap`)
    hold(gap.count === gap.to - gap.from + 1, () => `${name()}: a gap counts ${gap.count}`)
    before = gap.to
    missing += gap.count
  }
  hold(missing + whole === len, () => `${name()}: ${whole} shown, ${missing} missing of ${len}`)
  hold(whole * EVENT_BYTES <= length, () => `${name()}: ${whole} events in ${length} bytes`)
  hold(history.ref >= 0 && history.flushOffset >= 0, () => `${name()}: counts below zero`)
  return { events: whole, characters }
}

/** What the text itself may not exceed, and then what says how much was cut, or that it is not whole. */
const REMARKS = 4096 + 64

function checkText(event: Event, maxText: number, name: () => string): void {
  hold(
    event.log.length <= maxText + REMARKS,
    () => `${name()}: the text of #${event.index} is ${event.log.length} characters long`,
  )
}
