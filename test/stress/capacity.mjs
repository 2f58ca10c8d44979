// How much a recorder of a given budget can still hold, told by filling it. Memory that was lost shows as a difference
// between two recorders, if their budgets went to the same kinds of memory: so all of it is spent, in the same way, before
// anything happens to either.

import { openImage } from '../../build/inspect.js'

const FORMAT = '%d'
const EVENTS_PER_BLOCK = 17
const TWO_BLOCKS = 2 * EVENTS_PER_BLOCK
const HOLD_EVERYTHING = { window: 6000, maxEvents: 300 }
const NAMES = ['spent', 'slots', 'blocks', 'directories', 'settling']

/** Its lists stand before all memory is spent: afterwards there is none for further ones. */
export function capacityLists(recorder) {
  const verb = recorder.verbs({ FILL: 0 }).FILL
  const lists = NAMES.map((name) => recorder.list(name, HOLD_EVERYTHING))
  return { recorder, verb, lists }
}

/** Spends the whole budget, so that each chunk has its kind for ever; then gives all of it back. */
export function spendAll({ recorder, verb, lists: [spent] }) {
  const { budget } = recorder.stats()
  for (let n = 0; recorder.stats().bytes < budget || evictedOf(recorder) === 0; n++) {
    if (n > 100_000) throw new Error(`The budget of ${budget} bytes cannot be spent`)
    for (let i = 0; i < 64; i++) {
      const history = spent.push(i)
      const events = EVENTS_PER_BLOCK * (i % 4 === 0 ? 3 : 1)
      for (let k = 0; k < events; k++) history.log(verb, FORMAT, k)
    }
  }
  spent.destroy()
}

/** Evicts until whatever was left to late or ended threads has been looked at, once at least, and found free. */
function settle({ recorder, verb, lists: [, , , , settling] }) {
  const looks = recorder.stats().bytes / 512
  for (let n = 0; n < 2 * looks; n++) {
    const history = settling.push(n)
    for (let k = 0; k < EVENTS_PER_BLOCK; k++) history.log(verb, FORMAT, k)
  }
  settling.destroy()
}

/** -> { slots, blocks, events, directories }: as many as can be had at once. All else must have been destroyed. */
export function capacity(recording) {
  const { recorder, verb, lists } = recording
  const [, slots, blocks, directories] = lists
  settle(recording)
  const found = {}
  fill(slots, () => slots.push(1))
  found.slots = retained(recorder, slots).length
  slots.destroy()

  found.blocks = 0
  let first
  do {
    const history = blocks.push(1)
    first ??= history
    for (let k = 0; k < TWO_BLOCKS; k++) {
      history.log(verb, FORMAT, k)
      if (k % EVENTS_PER_BLOCK === 0 && blocks.at(first.handle)) found.blocks++
    }
  } while (blocks.at(first.handle))
  found.events = retained(recorder, blocks).reduce((sum, { len }) => sum + len, 0)
  blocks.destroy()

  // The third block of a history is named by a directory.
  found.directories = -1
  fill(directories, () => {
    found.directories++
    return pushed(directories, verb, TWO_BLOCKS + 1)
  })
  directories.destroy()
  return found
}

/** Pushes until the first one has to go, or one can have no more memory. */
function fill(list, push) {
  const first = push()
  while (list.at(first.handle) && push());
}

/** A history of so many events; undefined when they could not all be recorded. */
function pushed(list, verb, events) {
  const history = list.push(1)
  for (let k = 0; k < events; k++) if (!history.log(verb, FORMAT, k)) return undefined
  return history
}

const retained = (recorder, list) => openImage(recorder.snapshot()).list(list.name).histories()

const evictedOf = (recorder) => recorder.stats().evictedByBudget
