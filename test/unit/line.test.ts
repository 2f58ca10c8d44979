import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byteLength, lineOf, PRIORITY } from '../../src/line/line.ts'
import { type LineRecord, lossOf } from '../../src/line/record.ts'

const EVENT: LineRecord = {
  element: 'struct-history',
  host: 'proxy-7',
  name: 'proxy',
  pid: 4711,
  time: '2026-11-28T03:57:14.123456Z',
  verb: 'TCP_REF',
  data: { run: '3f9a0c11d2e47b60', list: 'TCP con', object: '0x7f95acf6ea60', index: 3 },
  text: 'connect, (1)',
}
const STRUCTURED = { priority: PRIORITY, structured: true, most: 8192 }
const PLAIN = { priority: undefined, structured: false, most: 8192 }

/** Undoes a line as docs/LOGGING.md says, by another hand than the writer's. */
function undone(line: string) {
  const [, element = '', quoted = '', text = ''] =
    /\[(struct-history[a-z-]*)@32473((?: [a-z]+="(?:[^"\\\]]|\\.)*")*)\] \ufeff?(.*)$/su.exec(
      line,
    ) ?? []
  const data: Record<string, string> = {}
  for (const [, name = '', value = ''] of quoted.matchAll(/ ([a-z]+)="((?:[^"\\\]]|\\.)*)"/gsu))
    data[name] = plainText(value.replace(/\\(.)/gsu, '$1'))
  return { element, data, text: plainText(text) }
}

const plainText = (text: string) =>
  text.replace(/\\(?:(\\)|(n)|x(..)|u(....))/g, (_, slash, feed, two, four) =>
    slash ? '\\' : feed ? '\n' : String.fromCharCode(Number.parseInt(two ?? four, 16)),
  )

/** Also lone surrogates, control characters, and what is special in a line. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
      fc.constantFrom(
        '\n',
        '\\',
        '\\n',
        '"',
        ']',
        '] ',
        '[struct-history@32473 ',
        '\x1b[2J',
        '\ufeff',
        '\u2028',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))

describe('a line', () => {
  test('has the structured form of docs/LOGGING.md', () => {
    expect(lineOf(EVENT, STRUCTURED)).toBe(
      '<134>1 2026-11-28T03:57:14.123456Z proxy-7 proxy 4711 TCP_REF [struct-history@32473 run="3f9a0c11d2e47b60" list="TCP con" object="0x7f95acf6ea60" index="3"] \ufeffconnect, (1)',
    )
  })

  test('has the plain form of docs/LOGGING.md', () => {
    expect(lineOf(EVENT, PLAIN)).toBe(
      '[struct-history@32473 host="proxy-7" name="proxy" pid="4711" time="2026-11-28T03:57:14.123456Z" run="3f9a0c11d2e47b60" list="TCP con" object="0x7f95acf6ea60" index="3"] connect, (1)',
    )
  })

  test('is one line of valid UTF-8 without control characters, and comes back whole, whatever was logged', () => {
    fc.assert(
      fc.property(anyText, anyText, fc.constantFrom(STRUCTURED, PLAIN), (object, text, form) => {
        const line = lineOf({ ...EVENT, text, data: { ...EVENT.data, object } }, form)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
        expect(line).not.toMatch(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202e\p{Surrogate}]/u)
        const { element, data, text: back } = undone(line)
        expect(element).toBe('struct-history')
        expect(data.object).toBe(object)
        expect(back).toBe(text)
      }),
      { numRuns: 500 },
    )
  })

  test('a text cannot forge another line', () => {
    const text = 'x\n<134>1 - h a 1 - [struct-history@32473 object="0x1"] forged'
    const line = lineOf({ ...EVENT, text }, STRUCTURED)
    expect(line.split('\n')).toHaveLength(1)
    expect(undone(line).data.object).toBe('0x7f95acf6ea60')
  })

  test('is cut to what the sink takes, between letters, and says by how much', () => {
    const text = '😀'.repeat(4000)
    for (const form of [STRUCTURED, PLAIN]) {
      const line = lineOf({ ...EVENT, text }, form)
      const { data, text: rest } = undone(line)
      expect(byteLength(line)).toBeLessThanOrEqual(8192)
      expect(byteLength(line)).toBeGreaterThan(8192 - 8)
      expect(text.startsWith(rest)).toBe(true)
      expect(Number(data.cut) + byteLength(rest)).toBe(byteLength(text))
    }
  })

  test('loses its stack before its text, and long values last', () => {
    const data = { ...EVENT.data, backtrace: 'at x\n'.repeat(3000) }
    const kept = undone(lineOf({ ...EVENT, data }, STRUCTURED))
    expect(kept.data.backtrace).toBe('')
    expect(kept.text).toBe(EVENT.text)
    const long = { ...EVENT.data, object: 'o'.repeat(9000) }
    const short = lineOf({ ...EVENT, data: long }, STRUCTURED)
    expect(byteLength(short)).toBeLessThanOrEqual(8192)
    expect(undone(short)).toMatchObject({
      data: { object: `${'o'.repeat(64)}…`, cut: '12' },
      text: '',
    })
  })

  test('tells of what was dropped', () => {
    const image = { name: 'proxy', run: '00', pid: 4711, host: 'h' } as never
    const loss = lossOf(
      { image, host: '' },
      {
        number: 1,
        time: EVENT.time,
        histories: 5,
        events: 40,
        reasons: { 'queue full': 3, evicted: 2 },
      },
    )
    expect(undone(lineOf(loss, PLAIN))).toMatchObject({
      element: 'struct-history-lost',
      data: { histories: '5', events: '40', reason: 'queue full 3, evicted 2' },
      text: '5 histories with 40 events not written: queue full 3, evicted 2',
    })
  })
})
