// Texts are what C's printf prints: the table beside this file was recorded from the real one, see
// test/support/record-printf.mjs.

import { describe, expect, test } from 'vitest'
import { type Argument, formatText, LongText } from '../../src/image/text.ts'
import table from './printf-table.json' with { type: 'json' }

const CONVERSIONS = [
  'd',
  'i',
  'u',
  'x',
  'X',
  'o',
  'c',
  's',
  'p',
  'f',
  'F',
  'e',
  'E',
  'g',
  'G',
  'a',
  'A',
]

function argumentOf(kind: string, text: string): Argument {
  if (kind === 's') return text
  if (kind === 'd' || kind === 'u') return BigInt(text)
  return Number(text)
}

describe('formatText()', () => {
  test.each(CONVERSIONS)('prints conversion %s as the real C printf does', (type) => {
    const rows = table.filter(([, format]) => format?.endsWith(type))
    expect(rows.length).toBeGreaterThanOrEqual(10)
    for (const [kind = '', format = '', value = '', expected = ''] of rows)
      expect([format, value, formatText(format, [argumentOf(kind, value)])]).toEqual([
        format,
        value,
        expected,
      ])
  })

  test.each<[string, string, Argument[]]>([
    ['100%', '%d%%', [100]],
    ['50%', '50%', []],
    ['%y 5', '%y %d', [5]],
    ['-1 ffffffff ffffffffffffffff', '%d %x %lx', [-1, -1, -1]],
    ['4294967295', '%u', [-1]],
    ['18446744069414584319', '%u', [-4294967297]],
    ['1099511627776', '%d', [2 ** 40]],
    ['18446744073709551615', '%llu', [2n ** 64n - 1n]],
    ['9007199254740993', '%ld', [9007199254740993n]],
    ['   42|42   |00042', '%5d|%-5d|%05d', [42, 42, 42]],
    ['   42|42   |', '%*d|%*d|', [5, 42, -5, 42]],
    ['3.14', '%.*f', [2, 3.14259]],
    ['nan inf -INF', '%f %f %E', [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
    ['A é 😀', '%c %c %c', [65, 'é', 0x1f600]],
    ['   é|', '%4s|', ['é']],
    ['{"a":1} "x" 5 null', '%j %j %j %j', [new LongText('{"a":1}', 0, true), 'x', 5, null]],
    ['1.00000e+06', '%#g', [999999.5]],
    ['9007199254740993.0', '%.1f', [9007199254740993n]],
  ])('prints %j for %j', (expected, format, args) => {
    expect(formatText(format, args)).toBe(expected)
  })

  test.each<[string, string, Argument[]]>([
    ['abc', '%d', ['abc']],
    ['  abc', '%5d', ['abc']],
    ['1.5', '%d', [1.5]],
    ['null undefined true', '%d %x %f', [null, undefined, true]],
    ['{"a":1}', '%d', [new LongText('{"a":1}', 0, true)]],
    ['7', '%s', [7]],
    ['abc', '%c', ['abc']],
    ['-1', '%c', [-1]],
    ['NaN', '%d', [Number.NaN]],
    ['1e+21', '%s', [1e21]],
  ])('prints %j for %j, a wrong argument, as such', (expected, format, args) => {
    expect(formatText(format, args)).toBe(expected)
  })

  test.each<[string, string, Argument[]]>([
    ['100%', '100%', []],
    ['100% (extra: 1)', '100%', [1]],
    ['%', '%', []],
    ['%% %', '%%%% %', []],
    ['% 5', '%% %d', [5]],
    ['%n %y %S %5 %-', '%n %y %S %5 %-', []],
    ['%n 7', '%n %d', [7]],
    ['5d', '%jd', [5]],
    ['%m%', '%m%%', []],
  ])(
    'prints %j for %j: what is no conversion stands as it is and takes no argument',
    (...[expected, format, args]) => {
      expect(formatText(format, args)).toBe(expected)
    },
  )

  test.each<[string, string, Argument[]]>([
    ['300 70000', '%hhd %hd', [300, 70000]],
    ['4294967296', '%d', [2 ** 32]],
    ['1180591620717411303424', '%d', [2n ** 70n]],
    ['400000000000000000', '%x', [2n ** 70n]],
    ['1000000000000000000000', '%d', [1e21]],
    ['+0x10| 0x10|(nil)', '%+p|% p|%+p', [16, 16, 0]],
    ['-0.0 -0x0p+0 -0', '%.1f %a %g', [-0, -0, -0]],
    ['0x1.fffffffffffffp+1023 0x0.0000000000001p-1022', '%a %a', [Number.MAX_VALUE, 5e-324]],
    ['18446744073709551616.00', '%.2f', [2n ** 64n]],
    ['inf 0x1p+64', '%a %a', [2n ** 2000n, 2n ** 64n]],
    ['0 2 2 4', '%.0f %.0f %.0f %.0f', [0.5, 1.5, 2.5, 3.5]],
  ])('prints %j for %j: numbers whole, and exactly', (...[expected, format, args]) => {
    expect(formatText(format, args)).toBe(expected)
  })

  test('names what is missing and shows what is too much', () => {
    expect(formatText('%d and %-5s', [1])).toBe('1 and <missing %-5s>')
    expect(formatText('%*d', [])).toBe('<missing %*d>')
    expect(formatText('%*d', [5])).toBe('<missing %*d>')
    expect(formatText('send', [1, 'x', null])).toBe('send (extra: 1, "x", null)')
    expect(formatText('', [1])).toBe('(extra: 1)')
  })

  test('survives any format, in bounded space and time', () => {
    expect(formatText('%999999999d', [1])).toHaveLength(4096)
    expect(formatText('%.999999999f', [1]).length).toBeLessThan(4200)
    expect(formatText('%*d', [2 ** 31, 1])).toHaveLength(4096)
    expect(formatText('%-*.*f|', [-(2 ** 53), 2 ** 53, 1])).toBe(`1.${'0'.repeat(4096)}|`)
    expect(formatText('%s', Array(20_000).fill(4)).length).toBeLessThan(33_000)
    for (const type of 'fFeEgGaA')
      for (const value of [5e-324, Number.MAX_VALUE, 1 / 3, 2n ** 1000n])
        expect(formatText(`%#.999999999${type}`, [value]).length).toBeLessThan(4500)
    const wide = formatText('%4096d'.repeat(600), Array(600).fill(1), 128)
    expect(wide.length).toBeLessThan(150)
    for (const part of ['%', '%0', '%-', '%1', '%.', '%l', '%*', '%.*', '%000%', '%j%%'])
      expect(() => formatText(part.repeat(2000), [1, 2, 3])).not.toThrow()
  })
})
