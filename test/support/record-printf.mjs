// Records what the real C printf prints, for test/unit/printf.test.ts:
//
//   node test/support/record-printf.mjs > test/unit/printf-table.json
//
// The cases come from a seeded generator, so the same C library gives the same table.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const CASES = 800
let state = 20260102
const random = (below) => {
  state = (state * 48271) % 0x7fffffff
  return state % below
}
const pick = (values) => values[random(values.length)]
const flags = (all) => [...all].filter(() => random(3) === 0).join('')
const width = () => (random(2) ? String(1 + random(24)) : '')
const precision = () => (random(2) ? `.${random(5) ? random(22) : ''}` : '')

const floats = [
  0,
  -0,
  1,
  -1,
  0.5,
  1.5,
  2.5,
  8.5,
  0.1,
  -0.1,
  123.456,
  1e10,
  1e21,
  1e22,
  1.7976931348623157e308,
  5e-324,
  2.2250738585072014e-308,
  1e-7,
  123456789,
  0.0001,
  0.00001,
  99999.95,
  1e100,
  -2.675,
  1.005,
  0.045,
  1e15,
  1e16,
  3.1425926535897,
  1234567.891,
  Infinity,
  -Infinity,
]
const text = (value) => (Object.is(value, -0) ? '-0' : String(value))

const makers = [
  () => {
    const value = (BigInt(random(2 ** 31)) << BigInt(random(33))) >> BigInt(random(40))
    return [
      'd',
      `%${flags('-+ 0')}${width()}${precision()}ll${pick('di')}`,
      random(2) ? -value : value,
    ]
  },
  () => {
    const value = (BigInt(random(2 ** 31)) << BigInt(random(34))) >> BigInt(random(40))
    const type = pick('uxXo')
    return ['u', `%${flags(type === 'u' ? '-0' : '-0#')}${width()}${precision()}ll${type}`, value]
  },
  () => {
    const value = random(2) ? pick(floats) : (random(2 ** 31) - 2 ** 30) * 10 ** (random(40) - 25)
    // glibc 2.36 prints %#g wrong where rounding carries (1.e+06 for 999999.5): not asked here.
    const type = pick('feEgGFaA')
    return [
      'f',
      `%${flags('gG'.includes(type) ? '-+ 0' : '-+ 0#')}${width()}${precision()}${type}`,
      text(value),
    ]
  },
  () => ['s', `%${flags('-')}${width()}${precision()}s`, 'abcdefghijkl'.slice(0, random(13))],
  () => ['c', `%${flags('-')}${width()}c`, 33 + random(90)],
  () => ['p', `%${flags('-')}${width()}p`, pick([0, 1, 0x7f95acf6ea60, random(2 ** 31)])],
]
const cases = Array.from({ length: CASES }, (_, i) => makers[i % makers.length]().map(String))

const folder = mkdtempSync(join(tmpdir(), 'printf-'))
try {
  const program = join(folder, 'record-printf')
  const source = fileURLToPath(new URL('record-printf.c', import.meta.url))
  execFileSync('cc', ['-O1', '-Wno-format-security', '-o', program, source])
  const input = `${cases.map((line) => line.join('\t')).join('\n')}\n`
  const printed = spawnSync(program, { input, encoding: 'latin1' }).stdout.split('\n')
  const rows = cases.map((line, i) => `  ${JSON.stringify([...line, printed[i]])}`)
  process.stdout.write(`[\n${rows.join(',\n')}\n]\n`)
} finally {
  rmSync(folder, { recursive: true })
}
