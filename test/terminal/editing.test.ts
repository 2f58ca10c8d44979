// What keys do to a line, where a search goes, how candidates are listed and what `!!` stands for: without a terminal.

import { describe, expect, test } from 'vitest'
import { columnsOf, commonStart } from '../../src/prompt/candidates.ts'
import { expanded } from '../../src/prompt/history-expansion.ts'
import { Line } from '../../src/prompt/line.ts'
import { Search } from '../../src/prompt/search.ts'

const given = (text: string, cursor = text.length): Line => {
  const line = new Line()
  line.insert(text)
  line.cursor = cursor
  return line
}
/** The line with its cursor as a bar. */
const shown = ({ text, cursor }: Line): string => `${text.slice(0, cursor)}|${text.slice(cursor)}`

describe('Line', () => {
  test('moves by characters, not by their parts', () => {
    const line = given('a😀e\u0301')
    line.left()
    expect(shown(line)).toBe('a😀|e\u0301')
    line.left()
    expect(shown(line)).toBe('a|😀e\u0301')
    line.right()
    line.right()
    expect(shown(line)).toBe('a😀e\u0301|')
    line.right()
    line.deleteLeft()
    line.deleteLeft()
    line.deleteLeft()
    line.deleteLeft()
    line.left()
    expect(shown(line)).toBe('|')
  })

  test('joins kills in a row in the order of the text, and yanks older ones', () => {
    const line = given('one two three four', 8)
    line.killWordRight()
    line.killWordRight()
    expect(shown(line)).toBe('one two |')
    line.left()
    line.end()
    line.killWordLeft()
    line.killWordLeft()
    expect(shown(line)).toBe('|')
    line.yank()
    expect(shown(line)).toBe('one two |')
    line.yankOlder()
    expect(shown(line)).toBe('three four|')
  })

  test('undoes what was typed in a row at once, and all of it with revert', () => {
    const line = given('print')
    line.insert(' 1')
    line.killToStart()
    line.undo()
    expect(shown(line)).toBe('print 1|')
    line.undo()
    expect(shown(line)).toBe('|')
    line.insert('x')
    line.transpose()
    line.insert('y')
    line.revert()
    expect(shown(line)).toBe('|')
  })

  test('kills to a space with C-w and to a sign with M-Backspace', () => {
    const space = given('p $sh->len')
    space.killToSpace()
    expect(shown(space)).toBe('p |')
    const sign = given('p $sh->len')
    sign.killWordLeft()
    expect(shown(sign)).toBe('p $sh->|')
  })

  test('transposes and changes words', () => {
    const line = given('ab')
    line.transpose()
    expect(shown(line)).toBe('ba|')
    line.home()
    line.transpose()
    expect(shown(line)).toBe('|ba')
    line.changeWord('upper')
    expect(shown(line)).toBe('BA|')
    line.home()
    line.changeWord('capital')
    expect(shown(line)).toBe('Ba|')
  })
})

describe('Search', () => {
  const lines = ['p one', 'history 1', 'p two', 'p one more']
  const begin = (line: Line) => new Search(lines, line, false, lines.length)

  test('goes from match to match, in one line and on to older ones', () => {
    const line = given('')
    const search = begin(line)
    search.type('o')
    expect(shown(line)).toBe('p one m|ore')
    search.next(false, '')
    expect(shown(line)).toBe('p |one more')
    search.next(false, '')
    expect(shown(line)).toBe('p tw|o')
    search.next(true, '')
    expect(shown(line)).toBe('p |one more')
  })

  test('says that it failed and keeps what it found', () => {
    const line = given('')
    const search = begin(line)
    search.type('two')
    search.type('x')
    expect(search.prompt).toBe("(failed reverse-i-search)`twox': ")
    expect(line.text).toBe('p two')
    search.erase()
    expect(search.prompt).toBe("(reverse-i-search)`two': ")
  })

  test('given up, leaves the line and its place as they were', () => {
    const line = given('half', 2)
    const search = begin(line)
    search.type('history')
    search.cancel()
    expect(shown(line)).toBe('ha|lf')
    expect(search.at).toBe(lines.length)
  })
})

describe('candidates', () => {
  test('stand below each other first, as wide as the terminal allows', () => {
    const words = ['print', 'printf', 'ptype', 'pwd', 'pipe']
    expect(columnsOf(words, 20, 'p')).toEqual(['print   pwd', 'printf  pipe', 'ptype'])
    expect(columnsOf(words, 5, 'p')).toHaveLength(5)
  })
  test('are shown without what they all go on from', () => {
    expect(columnsOf(['$sh->len', '$sh->log'], 80, '$sh->l')).toEqual(['len  log'])
    expect(columnsOf(['/tmp/a/x', '/tmp/a/y/'], 80, '/tmp/a/')).toEqual(['x   y/'])
    expect(columnsOf(['-elements', '-pretty'], 80, '-')).toEqual(['-elements  -pretty'])
  })
  test('are aligned by their width', () => {
    expect(columnsOf(['漢', 'ab', 'c'], 8, '')).toEqual(['漢  c', 'ab'])
  })
  test('have a common start', () => {
    expect(commonStart(['history', 'histories', 'hi'])).toBe('hi')
    expect(commonStart(['a', 'b'])).toBe('')
  })
})

describe('expanded()', () => {
  const lines = ['p 1', 'info lists', 'p 2']
  test.each([
    ['!!', 'p 2'],
    ['!1', 'p 1'],
    ['!-2', 'info lists'],
    ['!info', 'info lists'],
    ['!?list?', 'info lists'],
    ['^2^3', 'p 3'],
    ['^2^$&^', 'p $&'],
    ['p 1 != 2', 'p 1 != 2'],
    ['! ls', '! ls'],
    ['echo \\!!', 'echo \\!!'],
  ])('%s is %s', (typed, wanted) => expect(expanded(typed, lines)).toBe(wanted))
  test('says what is not there', () => {
    expect(() => expanded('!nosuch', lines)).toThrow('!nosuch: event not found')
    expect(() => expanded('!9', lines)).toThrow('!9: event not found')
    expect(() => expanded('^x^y', lines)).toThrow('^x^y: substitution failed')
  })
})
