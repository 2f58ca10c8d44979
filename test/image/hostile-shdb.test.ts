// shdb over images that were made to harm whoever looks at them: their terminal, their memory, their time.

import { afterEach, describe, expect, test, vi } from 'vitest'
import * as at from '../../assembly/layout.ts'
import { ImageBytes } from '../../src/image/bytes.ts'
import { type History, openImage } from '../../src/inspect.ts'
import { CommandError, Runner } from '../../src/inspector/index.ts'
import { formatTable } from '../../src/inspector/print/table.ts'
import { Target } from '../../src/inspector/target.ts'
import { ImageBuilder } from '../support/image-builder.ts'

async function shdb(image: ImageBuilder, ...commands: string[]): Promise<string> {
  let written = ''
  const write = (text: string) => {
    written += text
  }
  const runner = new Runner({ write, writeError: write })
  runner.session.attach(openImage(image.build()))
  for (const command of commands) {
    try {
      await runner.execute(command)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      write(`${error.message}\n`)
    }
  }
  return written
}

afterEach(() => {
  vi.restoreAllMocks()
})

/** Would clear the screen and rename the window. */
const COMMANDS = '\u001b[2J\u001b]0;gotcha\u0007'
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/

describe('names that would command a terminal are escaped, as gdb escapes strings', () => {
  const hostile = new ImageBuilder({ name: `r${COMMANDS}` })
  hostile.thread(`t${COMMANDS}`)
  hostile.verb(`V${COMMANDS}\u009b\u202e`)
  const list = hostile.list(`l${COMMANDS}`)
  const life = list.push(`o${COMMANDS}`).log(`V${COMMANDS}\u009b\u202e`, `text${COMMANDS}`)
  hostile.u32(list.push(2).offset + at.HISTORY_PUSH, 7)

  test.each([
    ['info lists', 'l\\033[2J\\033]0;gotcha\\007'],
    ['info histories', 'o\\033[2J'],
    ['info threads', 't\\033[2J'],
    ['info verbs', 'V\\033[2J'],
    ['info target', 'r\\033[2J'],
    [`history -v #${life.handle}`, 'by t\\033[2J'],
    [`history #${life.handle}`, 'verb = V\\033[2J\\033]0;gotcha\\007\\302\\233\\342\\200\\256,'],
    [`p *handle(${life.handle})`, 'o\\033[2J'],
    ['ptype enum struct_hist_verb', 'V\\033[2J'],
    ['find text', 'text\\033[2J'],
    ['info paths', 'V\\033[2J'],
    [`why #${life.handle}`, 'l\\033[2J'],
    [`diff #${life.handle} #${life.handle}`, 'o\\033[2J'],
    ['find --json text', 'text\\u001b[2J'],
    ['thread apply all event', 'Thread 0 (t\\033[2J'],
    [`event #${life.handle}`, 'l\\033[2J\\033]0;gotcha\\007 o\\033[2J'],
    [`info event #${life.handle}`, 'log = "text\\033[2J'],
    [`info object #${life.handle}`, 'by t\\033[2J'],
    [`around #${life.handle}`, '"text\\033[2J'],
    [`history --json #${life.handle}`, 'o\\u001b[2J'],
    [`history -verb x #${life.handle}`, 'the verbs are V\\033[2J'],
    ['thread find .', "has name 't\\033[2J"],
  ])('%s', async (command, expected) => {
    const written = await shdb(hostile, command)
    expect(written).toContain(expected)
    expect(written).not.toMatch(CONTROL)
  })
})

test('a name of 4,000 characters makes no table wider than 200', async () => {
  const image = new ImageBuilder()
  image.thread('t'.repeat(4000))
  image.list('l'.repeat(4000)).push(1)
  const written = await shdb(image, 'info histories')
  expect(written).toContain(`${'t'.repeat(200)}...`)
  expect(Math.max(...written.split('\n').map((line) => line.length))).toBeLessThan(600)
})

test('a table may have more rows than a call may have arguments', () => {
  const rows = Array.from({ length: 300_000 }, (_, i) => [i])
  const table = formatTable([{ title: 'Num', right: true }], rows)
  expect(table.endsWith('\n299999\n')).toBe(true)
})

test('memory without a zero byte is no object, and is not read to its end', async () => {
  const image = new ImageBuilder()
  const chunk = image.chunk(at.CLASS_RING)
  image.chunk(at.CLASS_RING)
  const start = chunk * at.CHUNK_BYTES + at.CHUNK_HEADER_BYTES
  image.bytes.fill(0x41, start, (chunk + 2) * at.CHUNK_BYTES)
  expect(await shdb(image, `history (char *) ${start}`)).toBe(
    'value requires 65537 bytes, which is more than max-value-size\n',
  )
})

test('the name of a list is printed without looking for it in all histories', async () => {
  const image = new ImageBuilder()
  image.thread('main')
  image.verb('SEND')
  const list = image.list('TCP con')
  for (let i = 0; i < 500; i++) list.push(i).log('SEND', 'event %d', i)
  const address = `(struct struct_hist_list *) ${list.offset}`
  const spy = vi.spyOn(ImageBytes.prototype, 'acquireU32')
  const read = async (...commands: string[]) => {
    spy.mockClear()
    await shdb(image, ...commands)
    return spy.mock.calls.length
  }
  const once = await read(`p *${address}`)
  const often = await read(...Array<string>(20).fill(`p *${address}`))
  expect(often - once).toBeLessThan(500)
})

test('lives that were printed are remembered, but not any amount of their text', () => {
  const image = openImage(new ImageBuilder().build())
  const target = new Target(image)
  const half = 'x'.repeat(2 ** 24 + 1)
  let decoded = 0
  const life = (handle: number, log: string) =>
    ({
      handle,
      address: handle,
      events: () => {
        decoded++
        return [{ verb: 'SEND', address: handle, log }]
      },
    }) as unknown as History
  const small = Array.from({ length: 50 }, (_, i) => life(100 + i, 'small'))
  const [one, other] = [life(1, half), life(2, half)]
  for (const each of [one, ...small, one, ...small]) target.life(each)
  expect(decoded).toBe(51)
  for (const each of [other, ...small, other]) target.life(each)
  expect(decoded).toBe(52)
  target.life(one)
  expect(decoded).toBe(53)
})
