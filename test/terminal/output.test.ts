// Pages, tables, widths and styles: what text becomes before it reaches a terminal.

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CommandHistory } from '../../src/cli/command-history.ts'
import { styled, unstyled } from '../../src/inspector/print/style.ts'
import { formatTable } from '../../src/inspector/print/table.ts'
import { fitted, widthOf } from '../../src/inspector/print/width.ts'
import { breakable, wrapped } from '../../src/inspector/print/wrap.ts'
import { MORE, Pager } from '../../src/prompt/pager.ts'

/** A pager whose reader gives these answers; `text` holds what was shown, its questions as [more]. */
function paged(height: number, width: number, answers: readonly (string | undefined)[]) {
  const left = [...answers]
  const shown = { text: '' }
  const pager = new Pager({
    write: (text) => {
      shown.text += text
    },
    line: async (prompt) => {
      expect(prompt).toBe(MORE)
      shown.text += '[more]'
      return left.shift()
    },
    height: () => height,
    width: () => width,
  })
  return { pager, shown }
}

describe('Pager', () => {
  const NONE = Number.POSITIVE_INFINITY
  test('asks for each page, and goes on without after c', async () => {
    const { pager, shown } = paged(3, NONE, ['', 'c'])
    pager.write('1\n2\n3\n4\n5\n6\n7\n')
    expect(await pager.settle()).toBe(true)
    expect(shown.text).toBe('1\n2\n[more]3\n4\n[more]5\n6\n7\n')
  })
  test('shows no more after q, nor after Ctrl-C', async () => {
    for (const answer of ['q', 'quit', undefined]) {
      const { pager, shown } = paged(3, NONE, [answer])
      pager.write('1\n2\n3\n')
      expect(await pager.settle()).toBe(false)
      expect(shown.text).toBe('1\n2\n[more]')
    }
  })
  test('does not ask when the page is full and nothing follows', async () => {
    const { pager, shown } = paged(3, NONE, [])
    pager.write('1\n2\n')
    expect(await pager.settle()).toBe(true)
    expect(shown.text).toBe('1\n2\n')
  })
  test('counts rows of the terminal: wrapped lines, wide characters, tabs, no colors', async () => {
    const held = (line: string) => {
      const { pager } = paged(3, 10, [])
      pager.write(`${line}\n`)
      pager.write('last\n')
      return pager.isHolding
    }
    expect(held('x'.repeat(10))).toBe(false)
    expect(held('x'.repeat(11))).toBe(true)
    expect(held('漢'.repeat(5))).toBe(false)
    expect(held('漢'.repeat(6))).toBe(true)
    expect(held('\tab')).toBe(false)
    expect(held('\tabc')).toBe(true)
    expect(held(`\x1b[31m${'x'.repeat(10)}\x1b[m`)).toBe(false)
  })
  test('begins anew at each prompt', async () => {
    const { pager, shown } = paged(3, NONE, [])
    for (let n = 0; n < 5; n++) {
      pager.begin()
      pager.write('1\n2\n')
      expect(await pager.settle()).toBe(true)
    }
    expect(shown.text).toBe('1\n2\n'.repeat(5))
  })
})

describe('widthOf()', () => {
  test.each([
    ['abc', 3],
    ['漢字', 4],
    ['e\u0301', 1],
    ['ｆｕｌｌ', 8],
    ['한', 2],
    ['😀', 2],
    ['', 0],
  ])('%s takes %i columns', (text, width) => expect(widthOf(text)).toBe(width))
  test('fitted() cuts at whole characters', () => {
    expect(fitted('abcdef', 6)).toBe('abcdef')
    expect(fitted('abcdefg', 6)).toBe('abc...')
    expect(fitted('漢字漢字', 6)).toBe('漢...')
    expect(fitted('e\u0301'.repeat(7), 6)).toBe(`${'e\u0301'.repeat(3)}...`)
  })
})

describe('formatTable()', () => {
  const columns = [{ title: 'Num', right: true }, { title: 'Name' }, { title: 'Thread' }]
  const rows = [
    [1, 'x'.repeat(40), 'main'],
    [1000000, '漢字', 'worker number three'],
  ]
  test('is as wide as it needs where nobody says how wide', () => {
    expect(formatTable(columns, rows).split('\n')[0]?.length).toBe(7 + 2 + 40 + 2 + 6)
  })
  test('fits the terminal: the widest column of words gives way first, numbers never', () => {
    const table = formatTable(columns, rows, { width: 48 })
    expect(
      table
        .split('\n')
        .map(widthOf)
        .every((width) => width <= 48),
    ).toBe(true)
    expect(table.split('\n')).toEqual([
      '    Num  Name                Thread',
      `      1  ${'x'.repeat(15)}...  main`,
      '1000000  漢字                worker number three',
      '',
    ])
  })
  test('never cuts words to less than 8 columns, however narrow the terminal', () => {
    expect(formatTable(columns, rows, { width: 1 })).toContain('xxxxx...  main')
  })
})

describe('wrapped()', () => {
  const action = (rest: string): string =>
    `{${breakable(4)}verb = A, ${breakable(4)}t = 100, ${breakable(4)}${rest}}`
  const value = `$1 = {${breakable(2)}${action('pid = 42')}, ${breakable(2)}${action('pid = 7')}}`

  test('breaks before a field or an element, indented by its depth', () => {
    expect(wrapped(value, 30)).toBe(
      '$1 = {{verb = A, t = 100, \n    pid = 42}, {verb = A, \n    t = 100, pid = 7}}',
    )
  })
  test('leaves no mark, where everything fits and where nothing does', () => {
    const plain = '$1 = {{verb = A, t = 100, pid = 42}, {verb = A, t = 100, pid = 7}}'
    expect(wrapped(value, Number.POSITIVE_INFINITY)).toBe(plain)
    expect(wrapped(value, 1).replace(/\n */g, '')).toBe(plain)
  })
})

describe('styles', () => {
  const blue = (aspect: string): string =>
    ({ foreground: 'blue', intensity: 'bold' })[aspect] ?? 'none'
  test('are codes around the text, and gone without a trace', () => {
    expect(styled(blue, '0x10')).toBe('\x1b[1;34m0x10\x1b[m')
    expect(unstyled(`obj = ${styled(blue, '0x10')}, len`)).toBe('obj = 0x10, len')
    expect(styled(() => 'none', 'text')).toBe('text')
  })
})

describe('CommandHistory', () => {
  const settings = { size: 3, save: true, duplicates: 0 }
  function inFolder(run: (file: string) => void): void {
    const folder = mkdtempSync(join(tmpdir(), 'shdb-history-'))
    try {
      run(join(folder, 'history'))
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  test('of two sessions at once loses nothing of either', () =>
    inFolder((file) => {
      const sessions = [0, 1].map(() => new CommandHistory(() => ({ ...settings, file })))
      for (let n = 0; n < 10; n++) sessions[n % 2]?.add(`line ${n}`)
      expect(readFileSync(file, 'utf8').trim().split('\n')).toEqual(
        Array.from({ length: 10 }, (_, n) => `line ${n}`),
      )
      expect(sessions[0]?.lines).toEqual(['line 4', 'line 6', 'line 8'])
      expect(sessions[0]?.dropped).toBe(2)
    }))

  test('cuts a file that has grown to its size, and only for its owner', () =>
    inFolder((file) => {
      writeFileSync(file, 'a\nb\nc\nd\ne\nf\ng\n', { mode: 0o644 })
      expect(new CommandHistory(() => ({ ...settings, file })).lines).toEqual(['e', 'f', 'g'])
      expect(readFileSync(file, 'utf8')).toBe('e\nf\ng\n')
      expect(statSync(file).mode & 0o777).toBe(0o600)
    }))

  test('is not written where it is not to be saved, and drops duplicates when told to', () =>
    inFolder((file) => {
      const history = new CommandHistory(() => ({ size: 9, save: false, duplicates: 2, file }))
      for (const each of ['a', 'b', 'a', 'c', 'b']) history.add(each)
      expect(history.lines).toEqual(['b', 'a', 'c', 'b'])
      expect(() => statSync(file)).toThrow()
    }))

  test('takes neither a folder nor a file of gigabytes for a history', () =>
    inFolder((file) => {
      expect(new CommandHistory(() => ({ ...settings, file: join(file, '..') })).lines).toEqual([])
    }))
})
