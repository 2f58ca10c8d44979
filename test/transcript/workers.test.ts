// What a real recorder recorded from several threads, walked through: nothing is skipped, nothing shown twice.

import { expect, test } from 'vitest'
import { Recorder } from '../../src/index.ts'
import { type Event, openImage } from '../../src/inspect.ts'
import { CommandError, Runner } from '../../src/inspector/index.ts'
import { random } from '../support/random.mjs'
import { recordingHost } from '../support/shdb.ts'

const WORKERS = 3
const OBJECTS = 40
const EVENTS = 1500

/** Workers take turns at random and pass objects around; the list keeps no more than half of them. */
function recorded() {
  const next = random(20261124)
  const below = (limit: number): number => Math.floor(next() * limit)
  const main = new Recorder({ budget: '2MiB', thread: 'main', clock: 'precise' })
  const ticket = main.share()
  const threads = Array.from({ length: WORKERS }, (_, n) =>
    Recorder.join(ticket, { thread: `worker ${n + 1}` }),
  )
  const options = { window: OBJECTS / 2, maxEvents: 20 }
  const handles: number[] = []
  const hands = threads.map((each) => ({
    list: each.list('jobs', options),
    verbs: each.verbs({ TAKE: 1, GIVE: -1, LOOK: 0, DONE: 'end' }),
  }))
  for (let n = 0; n < EVENTS; n++) {
    const { list, verbs } = hands[below(WORKERS)] as (typeof hands)[number]
    if (handles.length === 0 || below(EVENTS / OBJECTS) === 0) {
      handles.push(list.push(0x1000 + below(OBJECTS) * 16).handle)
    }
    const handle = handles[below(handles.length)] as number
    const verb = below(30) === 0 ? verbs.DONE : [verbs.TAKE, verbs.GIVE, verbs.LOOK][below(3)]
    list.at(handle)?.log(verb as typeof verbs.DONE, 'number %d', n)
  }
  return openImage(main.snapshot())
}

const image = recorded()
const lives = image.lists().flatMap((list) => list.histories())
const byThread = (name: string): Event[] =>
  lives.flatMap((life) => life.events().filter((each) => each.thread === name))

async function outcome(runner: Runner, line: string): Promise<string | undefined> {
  try {
    await runner.execute(line)
    return undefined
  } catch (error) {
    if (error instanceof CommandError) return error.message
    throw error
  }
}

function sitting() {
  const host = recordingHost()
  const runner = new Runner(host)
  const target = runner.session.attach(image)
  return { host, runner, current: () => target.selection.event }
}

test.each([1, 2, 3])('previous -thread goes through all that worker %d logged', async (number) => {
  const { runner, current } = sitting()
  const wanted = byThread(`worker ${number}`)
  expect(wanted.length).toBeGreaterThan(50)
  const seen: Event[] = []
  const places = new Map<number, number>()
  await runner.execute(`thread ${number}`)
  let end: string | undefined
  while (end === undefined) {
    const { event, history, position } = current()
    seen.push(event)
    expect(position).toBeLessThan(places.get(history.handle) ?? Number.POSITIVE_INFINITY)
    places.set(history.handle, position)
    end = await outcome(runner, 'previous -thread')
  }
  expect(end).toBe(
    `First event of thread ${number} (worker ${number}) selected; you cannot go to a previous one.`,
  )
  const times = seen.map(({ t }) => t)
  expect(times).toEqual([...times].sort((one, other) => other - one))
  const logs = (events: readonly Event[]) => events.map(({ log }) => log).sort()
  expect(logs(seen)).toEqual(logs(wanted))
})

test('pages of a history, both ways, are the history', async () => {
  const torn = lives.filter((life) => life.events().some(({ lost }) => lost > 0))
  expect(torn.length).toBeGreaterThan(0)
  for (const life of lives) {
    const name = `#${life.handle}`
    const events = life.events().filter(({ verb }) => verb !== '')
    for (const options of ['-first 7', '-last 7', '-reverse -first 7', '-reverse -last 7']) {
      const { host, runner } = sitting()
      const pages: string[][] = []
      for (let line = `history ${options} ${name}`; ; line = 'history') {
        host.stdout = ''
        const error = await outcome(runner, line)
        if (error !== undefined) break
        pages.push([...host.stdout.matchAll(/"(number \d+)"/g)].map(([, log]) => log as string))
      }
      if (options.includes('-last')) pages.reverse()
      const logs = events.map(({ log }) => log)
      expect(pages.flat(), `${options} ${name}`).toEqual(
        options.includes('-reverse') ? logs.reverse() : logs,
      )
    }
  }
})

test('around and find agree with a look at every event', async () => {
  for (const life of lives.slice(0, 10)) {
    const event = life.events().at(-1)
    if (event === undefined || event.verb === '') continue
    const { host, runner } = sitting()
    await runner.execute(`around --json -max 0 300us #${life.handle}`)
    const found = JSON.parse(host.stdout).events.map(({ log }: Event) => log)
    const wanted = lives
      .flatMap((each) => each.events())
      .filter(({ t, verb }) => verb !== '' && Math.abs(t - event.t) <= 300)
    expect(found.sort()).toEqual(wanted.map(({ log }) => log).sort())
  }
  const { host, runner } = sitting()
  await runner.execute('find --json -thread "worker 2" -verb GIVE')
  const found = JSON.parse(host.stdout).map(({ log }: Event) => log)
  expect(found).toEqual(
    byThread('worker 2')
      .filter(({ verb }) => verb === 'GIVE')
      .map(({ log }) => log),
  )
})

test('info histories sorts all of them', async () => {
  const handles = async (options: string): Promise<number[]> => {
    const { host, runner } = sitting()
    await runner.execute(`info histories --json ${options}`)
    return JSON.parse(host.stdout).map(({ history }: { history: number }) => history)
  }
  const all = lives.map(({ handle }) => handle).sort()
  for (const order of ['age', 'events', 'refs', 'object', 'last']) {
    const sorted = await handles(`-by ${order}`)
    expect([...sorted].sort()).toEqual(all)
    expect(await handles(`-by ${order} -reverse`)).toEqual(sorted.reverse())
  }
  const lasts = new Map(
    lives.map((each) => [each.handle, each.events().at(-1)?.last ?? each.created]),
  )
  const byLast = (await handles('-by last')).map((handle) => lasts.get(handle) as number)
  expect(byLast).toEqual([...byLast].sort((one, other) => other - one))
  expect(await handles('-lost')).toEqual(
    lives.filter((each) => each.gaps().length > 0).map(({ handle }) => handle),
  )
})
