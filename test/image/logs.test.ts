// Images become lines, the lines go through whatever logs go through, and the histories that come out are the same.

import { describe, expect, test } from 'vitest'
import { check } from '../../src/check/check.ts'
import type { Finding, Kind } from '../../src/check/finding.ts'
import type { Image } from '../../src/image/image.ts'
import { openImage } from '../../src/image/read-image.ts'
import { Recorder } from '../../src/index.ts'
import { openLog } from '../../src/inspect.ts'
import { grow } from '../support/corpus/corpus.ts'
import { STYLES } from '../support/corpus/styles.ts'
import {
  closed,
  FORMS,
  joined,
  journalExport,
  plain,
  read,
  readLines,
  recordsOfImage,
  shuffled,
  structured,
  told,
} from '../support/log-lines.ts'
import { random } from '../support/random.mjs'

/** A recorder with everything that a line may have to tell. */
function recorded(): Image {
  const recorder = new Recorder({ name: 'proxy', budget: '8MiB', thread: 'main' })
  const verbs = recorder.verbs({ REF: +1, UNREF: -1, SEND: 0, END: 'end', 'odd "verb"]': 0 })
  const connections = recorder.list('TCP con', { window: 100, maxEvents: 20, maxText: 64 })
  const sessions = recorder.list('sess"ions]\\ \n', { coalesce: true, backtrace: true })
  for (let n = 0; n < 50; n++) {
    const history = connections.push(0x7f95acf6ea60 + n * 16)
    history.log(verbs.REF, 'accept, (%d)', 1)
    if (n % 7 === 0)
      for (let i = 0; i < 40; i++) history.log(verbs.SEND, 'part %d of %s', i, 'x\ny')
    history.log(verbs.UNREF, 'close, (%d)', 0)
    if (n % 3 === 0) history.log(verbs.END)
    if (n % 5 === 0) history.unref()
    if (n % 10 === 0) history.log(verbs.SEND, 'late "%s"', ']\u2028\\n\u202e\u0007'.repeat(9))
  }
  for (const object of ['a@b', 0, 2 ** 60, 2n ** 63n, -5, 'ünïcödé 🐢', 'x]y"z\\', '']) {
    const history = sessions.push(object)
    for (let i = 0; i < 5; i++) history.log(verbs.SEND, 'again')
    history.log(verbs['odd "verb"]'], '')
  }
  connections.push(0xdead)
  return openImage(recorder.snapshot(), { source: 'proxy.shdump' })
}

const only = (images: readonly Image[]): Image => {
  expect(images).toHaveLength(1)
  return images[0] as Image
}

const found = (findings: readonly Finding[]) =>
  findings.map(({ kind, list, object, events, threads, history }) => ({
    kind,
    list,
    object,
    events,
    threads,
    history,
  }))

describe('what was recorded comes back', () => {
  const image = recorded()
  const records = recordsOfImage(image)
  const expected = told(image)

  for (const [form, write] of Object.entries(FORMS)) {
    test(`from ${form}`, () => {
      const reading = readLines(records.map(write))
      expect(reading.warnings()).toEqual([])
      expect(told(only(reading.images()))).toEqual(expected)
    })
  }

  test('from journalctl -o export, in parts of any size', () => {
    const bytes = journalExport(records)
    for (const partBytes of [7, 100, 4096, 1 << 20]) {
      const reading = read(bytes, partBytes)
      expect(reading.warnings()).toEqual([])
      expect(told(only(reading.images()))).toEqual(expected)
    }
  })

  test('in parts of any size, between the lines of others', () => {
    const lines = records.flatMap((record, n) => [
      n % 2 === 0 ? structured(record) : plain(record),
      '{"not": "ours"}',
      'sshd[12]: Accepted [struct] key',
    ])
    for (const partBytes of [1, 333, 65536])
      expect(told(only(readLines(lines, partBytes).images()))).toEqual(expected)
  })

  test('shuffled and doubled, and that is counted', () => {
    const lines = records.map(structured)
    const seed = random(7)
    const image = only(readLines(shuffled([...lines, ...lines], seed)).images())
    expect(told(image)).toEqual(expected)
    const events = records.filter(({ verb }) => verb !== '').length
    expect(image.stats()).toMatchObject({
      lines: lines.length * 2,
      linesTwice: events,
      linesContradicting: 0,
      linesMissing: 0,
    })
    expect(image.problems()).toEqual([])
  })

  test('and is told again: lines of lines are the same lines', () => {
    const lines = records.map(structured)
    const image = only(readLines(lines).images())
    expect(recordsOfImage(image).map(structured)).toEqual(lines)
  })
})

describe('openLog()', () => {
  const image = recorded()
  const lines = recordsOfImage(image).map((record) => `${structured(record)}\n`)

  test('opens text, bytes, and parts of both', () => {
    const text = lines.join('')
    const bytes = new TextEncoder().encode(text)
    const parts = [bytes.subarray(0, 1000), bytes.subarray(1000, 70_001), bytes.subarray(70_001)]
    for (const log of [text, bytes, parts, lines, new Set(lines)]) {
      const { images, warnings } = openLog(log)
      expect(warnings).toEqual([])
      expect(told(only(images))).toEqual(told(image))
    }
  })

  test('says what it cannot read, and by what name; of foreign lines it has no image', () => {
    const { images, warnings } = openLog(['[struct-history@32473 ]\n', ...lines], {
      source: 'proxy.log',
    })
    expect(told(only(images))).toEqual(told(image))
    expect(warnings).toEqual([expect.stringMatching(/^proxy\.log: line 1 is no line of a history/)])
    expect(openLog('sshd[12]: Accepted\n')).toEqual({ images: [], warnings: [] })
    expect(openLog([])).toEqual({ images: [], warnings: [] })
  })

  test('keeps what bytesMax allows, and tells what it left out', () => {
    const { images, warnings } = openLog(lines, { bytesMax: 1 << 14 })
    expect(images).toHaveLength(1)
    expect(warnings).toEqual([expect.stringMatching(/^\d+ histories, those heard of longest ago/)])
  })
})

describe('what does not come is told', () => {
  const image = recorded()
  const records = recordsOfImage(image)
  const expected = told(image)

  test('by index, whatever lines are dropped', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const chance = random(seed)
      const share = chance()
      const kept = records.filter(() => chance() >= share * 0.5)
      const order = chance() < 0.5 ? kept : shuffled(kept, chance)
      const images = readLines(order.map(seed % 2 ? structured : plain)).images()
      const by = new Map(
        images[0]
          ?.lists()
          .flatMap((list) => list.histories())
          .map((each) => [each.handle, each]),
      )
      let missing = 0
      for (const original of image.lists().flatMap((list) => list.histories())) {
        const history = by.get(original.handle)
        const ours = kept.filter(({ data }) => data.history === original.handle)
        if (ours.length === 0) {
          expect(history, `seed ${seed}`).toBeUndefined()
          continue
        }
        expect(history, `seed ${seed}`).toBeDefined()
        if (history === undefined) continue
        const there = new Set(ours.filter(({ verb }) => verb !== '').map(({ data }) => data.index))
        const events = history.events().filter(({ verb }) => verb !== '')
        expect(new Set(events.map(({ index }) => index))).toEqual(there)
        const wanted = original
          .events()
          .filter(({ index, verb }) => verb !== '' && there.has(index))
        expect(events.map(({ log, t, verb, late }) => ({ log, t, verb, late }))).toEqual(
          wanted.map(({ log, t, verb, late }) => ({ log, t, verb, late })),
        )
        // Every place is an event's or a gap's, once.
        const places = [
          ...events.flatMap(({ index, lastIndex }) =>
            lastIndex > index ? [index, lastIndex] : [index],
          ),
          ...history
            .gaps()
            .flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, n) => from + n)),
        ].sort((one, other) => one - other)
        expect(places, `seed ${seed}`).toEqual(Array.from({ length: history.len }, (_, n) => n))
        expect(history.len).toBeLessThanOrEqual(original.len)
        const isHeaded = ours.some(({ element }) => element === 'struct-history-life')
        if (isHeaded) expect(history.len).toBe(original.len)
        const lost = history.events().reduce((sum, event) => sum + event.lost, 0)
        expect(lost).toBe(history.gaps().reduce((sum, { count }) => sum + count, 0))
        missing += history
          .gaps()
          .reduce((sum, { cause, count }) => sum + (cause === 'in the log' ? count : 0), 0)
      }
      expect(images[0]?.stats().linesMissing ?? 0).toBe(missing)
    }
  })

  test('a life whose lines all got lost but the header is there, with its gap', () => {
    const head = records.find(({ data }) => data.events === 3)
    const image = only(readLines([structured(head as never)]).images())
    const [history] = image.lists()[0]?.histories() ?? []
    expect(history?.gaps()).toEqual([{ from: 0, to: 2, count: 3, cause: 'in the log' }])
    expect(history?.events()).toMatchObject([{ verb: '', lost: 3, index: 3 }])
    expect(image.problems().map(({ text }) => text)).toEqual([
      '3 events of 1 life in proxy-7 proxy[0]: no line tells of them'.replace(
        '[0]',
        `[${image.pid}]`,
      ),
    ])
  })

  test('lines that contradict each other: the first is shown', () => {
    const at = records.findIndex(({ data }) => data.index === 1)
    const record = records[at] as (typeof records)[number]
    const forged = structured({ ...record, text: 'nothing to see' })
    const image = only(readLines([...records.map(structured), forged]).images())
    expect(told(image)).toEqual(expected)
    expect(image.stats().linesContradicting).toBe(1)
    expect(image.problems()[0]?.text).toContain(`#${record.data.history} [1]`)
  })

  test('histories that a sink has dropped', () => {
    const line =
      '<134>1 2026-11-28T03:57:14.123456Z proxy-7 proxy 4711 - [struct-history-lost@32473 run="3f9a0c11d2e47b60" name="proxy" histories="12" events="340" reason="queue full 12"] 12 histories'
    const image = only(readLines([line, line]).images())
    expect(image.problems().map(({ text }) => text)).toEqual([
      expect.stringContaining('12 histories with 340 events'),
    ])
    expect(image.stats()).toMatchObject({ historiesNotWritten: 12, linesTwice: 1 })
  })

  test('a line without its end may be cut, and says so', () => {
    const reading = read(records.map(structured).join('\n'))
    const image = only(reading.images())
    const last = image.lists().at(-1)?.histories().at(-1)
    expect(reading.lines).toBe(records.length)
    expect(last?.handle).toBeDefined()
    const log = image
      .history(Number(records.at(-1)?.data.history))
      ?.events()
      .at(-1)?.log
    if (records.at(-1)?.verb !== '') expect(log).toMatch(/ <the line may be cut here>$/)
  })
})

describe('check finds in the lines what it finds in the image', () => {
  for (const [n, style] of STYLES.entries()) {
    test(style.name, () => {
      const kinds = Object.keys(style.plants) as Kind[]
      for (const kind of [undefined, kinds[n % kinds.length]]) {
        const weather = {
          lives: style.every === undefined ? 100 : 40,
          losing: kind === undefined ? 0.05 : 0,
        }
        const image = closed(grow(style, 3, kind, weather).image)
        const lines = recordsOfImage(image).map(n % 2 === 0 ? structured : plain)
        const doubled = shuffled([...lines, ...lines.slice(0, 99)], random(n))
        const again = only(readLines(doubled).images())
        expect(told(again)).toEqual(told(image))
        expect(found(check(again))).toEqual(found(check(image)))
      }
    })
  }
})

describe('hostile lines', () => {
  const line = structured(recordsOfImage(recorded())[1] as never)

  test('cut anywhere, they are told of or say less, and nothing throws', () => {
    for (let length = 0; length < line.length; length++) {
      const reading = readLines([line.slice(0, length)])
      const events = reading
        .images()
        .flatMap((image) =>
          image.lists().flatMap((list) => list.histories().flatMap((history) => history.events())),
        )
      if (length < line.indexOf('] ')) expect(events).toEqual([])
      const isNamed = line.slice(0, length).includes('[struct-history')
      expect(reading.warnings().length + events.length > 0).toBe(isNamed)
    }
  })

  test('with other letters anywhere, nothing throws and nothing hangs', () => {
    const chance = random(11)
    const lines = Array.from({ length: 8_000 }, () => {
      const letters = [...line]
      for (let n = 0; n <= chance() * 3; n++)
        letters[Math.floor(chance() * letters.length)] =
          '"\\] =[0\u0000\ufeffé'[Math.floor(chance() * 10)] ?? ''
      return letters.join('')
    })
    const reading = readLines(lines)
    for (const image of reading.images()) {
      image.stats()
      image.problems()
      for (const list of image.lists()) for (const history of list.histories()) history.events()
    }
    expect(reading.lines).toBeGreaterThan(0)
    expect(reading.warnings()).toHaveLength(1)
  })

  test('numbers that are none, or too large, are refused by name', () => {
    const refused = (from: RegExp, to: string) =>
      readLines([line.replace(from, to)])
        .warnings()
        .join('')
    expect(refused(/ index="\d+"/, ' index="4294967296"')).toContain(
      'its index is "4294967296", expected an integer from 0 to',
    )
    expect(refused(/ index="\d+"/, ' index="-1"')).toContain('its index')
    expect(refused(/ index="\d+"/, '')).toContain('it has no index')
    expect(refused(/ lost="0"/, ' lost="9"')).toContain('its lost is 9, expected at most its index')
    expect(refused(/ role="\w+"/, ' role="root"')).toContain(
      'its role is "root", expected one of ref',
    )
    expect(refused(/ run="\w+"/, ' run="me"')).toContain('its run is "me"')
    expect(refused(/ history="\d+"/, ' history="1e999"')).toContain('its history')
  })

  test('a life of four thousand million events is a gap, not a loop', () => {
    const far = line.replace(/ index="\d+"/, ' index="4294967295"')
    const image = only(readLines([line, far]).images())
    const [history] = image.lists()[0]?.histories() ?? []
    expect(history?.len).toBe(2 ** 32)
    expect(history?.gaps()).toEqual([
      { from: 1, to: 2 ** 32 - 2, count: 2 ** 32 - 2, cause: 'in the log' },
    ])
  })

  test('binary rubbish and endless lines are passed over', () => {
    const chance = random(3)
    const rubbish = Uint8Array.from({ length: 300_000 }, () => Math.floor(chance() * 256))
    const endless = new Uint8Array(3 << 20).fill(65)
    const encoder = new TextEncoder()
    endless.set(encoder.encode('[struct-history@32473 run="'))
    const reading = read(
      joined([rubbish, Uint8Array.of(10), endless, encoder.encode(`\n${line}\n`)]),
    )
    expect(reading.lines).toBe(1)
    expect(reading.warnings()).toEqual([expect.stringContaining('longer than 1048576 bytes')])
  })

  test('memory is bounded: of what does not fit the newest lives stay, the others are counted', () => {
    const lines = recordsOfImage(recorded()).map(structured)
    const many = Array.from({ length: 60 }, (_, n) =>
      lines.map((each) =>
        each.replace(
          / history="(\d+)"/,
          (_all, handle) => ` history="${Number(handle) + n * 2 ** 24}"`,
        ),
      ),
    ).flat()
    const reading = read(many.map((each) => `${each}\n`).join(''), 1 << 16, 1 << 18)
    const image = only(reading.images())
    const kept = image.lists().flatMap((list) => list.histories())
    const { evictedByBudget, pushed } = image.stats()
    expect(kept.length).toBeGreaterThan(20)
    expect(kept.length + Number(evictedByBudget)).toBe(pushed)
    expect(image.history(Number(/ history="(\d+)"/.exec(many.at(-1) ?? '')?.[1]))).toBeDefined()
    expect(reading.warnings()).toEqual([
      expect.stringMatching(/^\d+ histories, those heard of longest ago, were left out/),
    ])
  })

  test('one handle cannot be two objects', () => {
    const other = line
      .replace(/ object="[^"]*"/, ' object="0xbad"')
      .replace(/ index="\d+"/, ' index="9"')
    expect(readLines([line, other]).warnings().join('')).toContain('is of the object')
  })
})
