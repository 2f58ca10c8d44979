// How much a recorder of a given budget can still hold, told by filling it. Memory that was lost shows as a difference
// between two recorders, if their budgets went to the same kinds of memory: so all of it is spent, in the same way, before
// anything happens to either.

import { openImage } from '../../build/inspect.js'

const FORMAT = '%d'
/** Fills two blocks of 15. */
const TWO_BLOCKS = 30
const HOLD_EVERYTHING = { window: 6000, maxEvents: 300 }
const NAMES = ['spent', 'slots', 'blocks', 'directories']

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
      const events = i % 4 === 0 ? 45 : 15
      for (let k = 0; k < events; k++) history.log(verb, FORMAT, k)
    }
  }
  spent.destroy()
}

/** -> { slots, blocks, directories }: as many as can be had at once. Everything else must have been destroyed. */
export function capacity({ recorder, verb, lists: [, slots, blocks, directories] }) {
  const before = evictedOf(recorder)
  const isFull = () => evictedOf(recorder) > before
  const found = {}
  for (let n = 0; !isFull(); n++) for (let i = 0; i < 64; i++) slots.push(n)
  found.slots = retained(recorder, 'slots').length
  slots.destroy()

  const evictedThen = evictedOf(recorder)
  while (evictedOf(recorder) === evictedThen) {
    for (let i = 0; i < 32; i++) {
      const history = blocks.push(i)
      for (let k = 0; k < TWO_BLOCKS; k++) history.log(verb, FORMAT, k)
    }
  }
  const lives = retained(recorder, 'blocks')
  found.blocks = lives.reduce((sum, { len }) => sum + Math.ceil(len / 15), 0)
  found.events = lives.reduce((sum, { len }) => sum + len, 0)
  blocks.destroy()

  const evictedLast = evictedOf(recorder)
  found.directories = 0
  while (needsDirectory(directories.push(1), verb) && evictedOf(recorder) === evictedLast)
    found.directories++
  directories.destroy()
  return found
}

/** One event more than two blocks hold: the third block is named by a directory. */
function needsDirectory(history, verb) {
  let isRecorded = true
  for (let k = 0; k <= TWO_BLOCKS; k++) isRecorded = history.log(verb, FORMAT, k)
  return isRecorded
}

const evictedOf = (recorder) => recorder.stats().evictedByBudget

const retained = (recorder, name) => openImage(recorder.snapshot()).list(name).histories()
