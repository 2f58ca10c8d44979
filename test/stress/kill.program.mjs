// Kills threads as it is told, and says as JSON what it found:
//   node kill.program.mjs '{"scenario":"keep","deaths":60,"seconds":5,"seed":1}'
// It stands in a file of its own so that it runs in every runtime, and ends with threads that nothing else would end.

import { readFileSync } from 'node:fs'
import { Recorder } from '../../build/index.js'
import { openImage } from '../../build/inspect.js'
import { account } from './accounting.mjs'
import { CHATTER_OPTIONS, commons, STOPPABLE, STOPPABLE_TOO } from './actor.mjs'
import { capacity, capacityLists, spendAll } from './capacity.mjs'
import { MAX_TEXT, style } from './contents.mjs'
import { Campaign } from './killing.mjs'

const LISTS = ['connections', 'dialogs', 'noise']
const JUDGEMENTS_MAX = 3
const MORE_THAN_THERE_ARE_SLOTS = 2000
const SLOT_BYTES = 128
const BLOCK_BYTES = 512
/** On the average: a slot, a block, a directory; with texts, also those of the 17 events of a block. */
const BYTES_A_DEATH = SLOT_BYTES + 2 * BLOCK_BYTES
const BYTES_OF_TEXTS = 4 * BLOCK_BYTES

const task = {
  scenario: 'keep',
  deaths: 60,
  seconds: 30,
  seed: 1,
  ...JSON.parse(process.argv[2] ?? '{}'),
}
const steppedCore = new WebAssembly.Module(
  readFileSync(new URL('../../build/core-stepped.wasm', import.meta.url)),
)
const scenarios = { keep, evict }
const answer = await scenarios[task.scenario](task)
console.log(JSON.stringify(answer))
process.exit(0)

/** Windows and budget so wide that nothing is evicted: every single event is accounted for. */
async function keep({ deaths, seconds, seed, records = 1500 }) {
  const recorder = new Recorder({ name: 'kill', budget: '1GiB', thread: 'killed 0' })
  const shared = commons({ lists: 180, verbs: 500 })
  const listOptions = {
    connections: { window: 200_000, maxEvents: 50_000, maxText: MAX_TEXT },
    dialogs: { window: 100_000, maxEvents: 20_000, maxText: MAX_TEXT },
    noise: { window: 64, maxEvents: 300, maxText: MAX_TEXT },
    volatile: { window: 1000, maxEvents: 300, maxText: MAX_TEXT },
  }
  const campaign = new Campaign(recorder, shared, {
    seed,
    records,
    listOptions,
    joiners: 0.15,
    joins: 40,
    stoppable: [...STOPPABLE, ...STOPPABLE_TOO],
    alive: 4,
    survivors: 1,
    steppedCore,
  })
  await campaign.run(deaths, seconds)
  const { faults, figures } = await judged(campaign, recorder, { keepsAll: true })
  return {
    faults: [...campaign.faults, ...faults],
    figures: { ...campaign.figures, ...stoppedIn(campaign), ...figures },
  }
}

/**
 * Windows and budget so small that histories are evicted all the time, by both. Afterwards the budget is filled again: what
 * is missing against a recorder in which nobody died is what the dead have taken with them.
 */
async function evict({ deaths, seconds, seed, records = 3000, hasTexts = false }) {
  style.hasTexts = hasTexts
  const { campaign, recorder, room } = pressed({ seed, records, survivors: 1 })
  const { evictedByBudget } = recorder.stats()
  campaign.actor.fill(MORE_THAN_THERE_ARE_SLOTS)
  await campaign.run(deaths, seconds)
  const { faults, figures } = await judged(campaign, recorder, { keepsAll: false })
  figures.evictedByBudget -= evictedByBudget
  if (figures.evictedByBudget === 0)
    faults.push('Nothing was evicted by the budget: the scenario did not do what it is for')
  Object.assign(figures, leftBehind(recorder))
  const after = roomAfter(recorder, room)

  const other = pressed({ seed, records, survivors: 2 })
  await other.campaign.run(0, Math.min(1.5, seconds / 20))
  const otherFaults = (await judged(other.campaign, other.recorder, { keepsAll: false })).faults
  const undisturbed = roomAfter(other.recorder, other.room)

  const untouched = pressed({ seed, records, survivors: 0 })
  const first = roomAfter(untouched.recorder, untouched.room)
  for (const what of Object.keys(first))
    if (undisturbed[what] !== first[what])
      faults.push(`nobody died, and of ${first[what]} ${what} ${undisturbed[what]} are left`)

  const lost = Object.fromEntries(Object.keys(first).map((of) => [of, first[of] - after[of]]))
  const bytes = lost.slots * SLOT_BYTES + (lost.blocks + lost.directories) * BLOCK_BYTES
  const dead = campaign.figures['threads killed']
  if (figures['histories left behind unpinned'] > dead)
    faults.push(
      `${figures['histories left behind unpinned']} histories stay for ever, ${dead} died`,
    )
  if (bytes > dead * (BYTES_A_DEATH + (hasTexts ? BYTES_OF_TEXTS : 0)))
    faults.push(`${dead} deaths took ${bytes} bytes with them: ${JSON.stringify(lost)}`)
  return {
    faults: [...campaign.faults, ...faults, ...other.campaign.faults, ...otherFaults],
    figures: {
      ...campaign.figures,
      ...stoppedIn(campaign),
      ...figures,
      'slots to be had, nobody dead': first.slots,
      'blocks to be had, nobody dead': first.blocks,
      'directories to be had, nobody dead': first.directories,
      'events to be had, nobody dead': first.events,
      'slots lost': lost.slots,
      'blocks lost': lost.blocks,
      'directories lost': lost.directories,
      'events less to be had': lost.events,
      'bytes lost': bytes,
    },
  }
}

function pressed({ seed, records, survivors }) {
  const recorder = new Recorder({ name: 'kill', budget: '2MiB', thread: 'killed 0' })
  const listOptions = {
    connections: { window: 3000, maxEvents: 120, maxText: MAX_TEXT },
    dialogs: { window: 1500, maxEvents: 45, maxText: MAX_TEXT },
    noise: { window: 16, maxEvents: 300, maxText: MAX_TEXT },
  }
  for (const [name, options] of Object.entries(listOptions)) recorder.list(name, options)
  recorder.list('chatter', CHATTER_OPTIONS)
  const room = capacityLists(recorder)
  spendAll(room)
  const campaign = new Campaign(recorder, commons({ verbs: 30 }), {
    seed,
    records,
    listOptions,
    mainRecords: 4 * records + 2 * MORE_THAN_THERE_ARE_SLOTS,
    joiners: 0,
    stoppable: [...STOPPABLE, 'join'],
    alive: 4,
    survivors,
    steppedCore,
  })
  return { recorder, room, campaign }
}

function stoppedIn(campaign) {
  const entries = Object.entries(campaign.stoppedIn)
  return Object.fromEntries(
    entries.map(([operation, count]) => [`stopped inside of ${operation}`, count]),
  )
}

/** Lives that stay though everything in the windows was pushed out: the dead had them in their hands, or refer to them. */
function leftBehind(recorder) {
  const image = openImage(recorder.snapshot())
  const newest = new Map(image.lists().map(({ name, pushed }) => [name, pushed]))
  for (const name of LISTS) {
    const list = recorder.list(name)
    for (let n = 0; n < list.window + MORE_THAN_THERE_ARE_SLOTS; n++) list.push(n)
  }
  const old = openImage(recorder.snapshot())
    .lists()
    .filter(({ name }) => LISTS.includes(name))
    .flatMap((list) => list.histories().filter(({ order }) => order < newest.get(list.name)))
  const bytesOf = (lives) =>
    lives.reduce((sum, { len }) => sum + SLOT_BYTES + BLOCK_BYTES * Math.ceil(len / 17), 0)
  const unpinned = old.filter(({ pinned }) => !pinned)
  return {
    'histories left pinned': old.length - unpinned.length,
    'histories left behind unpinned': unpinned.length,
    'bytes of these': bytesOf(unpinned),
  }
}

function roomAfter(recorder, room) {
  for (const name of [...LISTS, 'chatter']) recorder.list(name).destroy()
  return capacity(room)
}

/** An image is judged that nobody wrote to while it was copied. */
async function judged(campaign, recorder, options) {
  for (let n = 0; ; n++) {
    const image = openImage(recorder.snapshot())
    const answer = account(image, campaign.threads, options)
    if (await campaign.isStill()) return answer
    if (n === JUDGEMENTS_MAX)
      return { faults: ['Threads wrote on while they were accounted for'], figures: answer.figures }
  }
}
