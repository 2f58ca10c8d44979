// The command, its files, and what other programs read in them.

import { execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rowsOf } from '../../src/export/index.ts'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'

const SHDB = join(import.meta.dirname, '../../build/cli/shdb.js')
const HISTORIES = 60
let folder: string
const image = (name: string): string => join(folder, name)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shdb-export-'))
  for (const name of ['one', 'two']) {
    const recorder = new Recorder({ name, budget: '4MiB' })
    const { REF, END } = recorder.verbs({ REF: +1, END: 'end' })
    const list = recorder.list('TCP con', { window: HISTORIES })
    const histories = Array.from({ length: HISTORIES }, (_, n) => list.push(0x1000 + n))
    for (const history of histories) history.log(REF, 'from "%s", (%d)', 'sip:x\n', 1)
    for (const history of histories.reverse()) history.log(END)
    writeFileSync(image(name), recorder.snapshot())
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

function shdb(...argv: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SHDB, ...argv], {
    encoding: 'utf8',
    cwd: folder,
    maxBuffer: 1 << 26,
  })
  return { status, stdout, stderr }
}

const rows = (name: string) => [
  ...rowsOf([{ image: openImage(readFileSync(image(name))), host: '' }]),
]

describe('shdb export', () => {
  test('writes rows of all images to standard output', () => {
    const { status, stdout, stderr } = shdb('export', '--format', 'jsonl', 'one', 'two')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const found = stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
    expect(found).toEqual([...rows('one'), ...rows('two')])
  })

  test('writes a file for its owner alone, never over another, and leaves nothing half', () => {
    expect(shdb('export', '--format=csv', '-o', 'out.csv', '--host', 'a1', 'one')).toMatchObject({
      status: 0,
      stdout: '',
    })
    expect(statSync(image('out.csv')).mode & 0o777).toBe(0o600)
    expect(readFileSync(image('out.csv'), 'utf8')).toContain('\r\na1,')
    const again = shdb('export', '--format=csv', '-o', 'out.csv', 'two')
    expect(again).toMatchObject({ status: 1, stderr: expect.stringContaining('the file exists') })
    expect(readFileSync(image('out.csv'), 'utf8')).toContain('\r\na1,')
    expect(shdb('export', '--format=csv', '-o', 'no/such/out.csv', 'one').status).toBe(1)
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([])
  })

  test('a file that cannot grow leaves nothing', () => {
    const command = `ulimit -f 8; "${process.execPath}" "${SHDB}" export --format jsonl -o large one`
    const { status, stderr } = spawnSync('bash', ['-c', command], { cwd: folder, encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr).toMatch(/^shdb export: Cannot write large: EFBIG/)
    expect(readdirSync(folder).filter((name) => name.startsWith('large'))).toEqual([])
  })

  test('says what it does not know, with what it knows', () => {
    const first = (...argv: string[]) => shdb('export', ...argv).stderr.split('\n')[0]
    expect(first('one')).toBe(
      'shdb export: expected --format, one of jsonl, csv, syslog, perfetto, ctf, otlp, parquet, arrow',
    )
    expect(first('--format', 'xml', 'one')).toMatch(
      /^shdb export: unknown format "xml", expected one of/,
    )
    expect(first('--format', 'csv')).toBe('shdb export: expected an image')
    expect(first('--format', 'ctf', 'one')).toMatch(
      /ctf is a folder of files: name it with -o FOLDER/,
    )
    expect(first('--format', 'csv', '--partition', 'one')).toMatch(
      /--partition is for parquet, got "csv"/,
    )
    expect(first('--format', 'csv', 'nosuch')).toMatch(/nosuch: No such file or directory\./)
    expect(shdb('export', '--help').stdout).toMatch(/^Usage: shdb export --format FORMAT/)
  })

  test('shows what it can of a damaged image, and says so', () => {
    const bytes = readFileSync(image('one'))
    writeFileSync(image('cut'), bytes.subarray(0, bytes.length - 70_000))
    const { status, stdout, stderr } = shdb('export', '--format', 'jsonl', 'cut')
    expect(status).toBe(0)
    expect(stderr).toMatch(/^warning: Cannot read/)
    for (const line of stdout.split('\n').slice(0, -1)) JSON.parse(line)
  })

  test('ends quietly when its reader does', () => {
    const text = execFileSync(
      'sh',
      ['-c', `"${process.execPath}" "${SHDB}" export --format jsonl one | head -1`],
      { cwd: folder, encoding: 'utf8' },
    )
    expect(JSON.parse(text)).toEqual(rows('one')[0])
  })
})

describe('ctf', () => {
  test('babeltrace2 reads every row, by time', () => {
    expect(shdb('export', '--format', 'ctf', '-o', 'trace', 'one', 'two')).toMatchObject({
      status: 0,
      stderr: '',
    })
    const text = execFileSync('babeltrace2', ['--clock-date', '--clock-gmt', 'trace'], {
      cwd: folder,
      encoding: 'utf8',
    })
    const lines = text.split('\n').slice(0, -1)
    const expected = [...rows('one'), ...rows('two')]
    expect(lines).toHaveLength(expected.length)
    const times = lines.map((line) => /^\[(\S+ \S+)\d{3}\]/.exec(line)?.[1])
    expect(times).toEqual([...times].sort())
    expect([...times].sort()).toEqual(
      expected.map(({ time }) => time.replace('T', ' ').slice(0, -1)).sort(),
    )
    const { object, history, index } = expected[0] ?? {}
    const one = lines.find(
      (line) => line.includes(`history = ${history},`) && line.includes(`index = ${index},`),
    )
    expect(one).toContain(`list = "TCP con", object = "${object}"`)
    expect(one).toContain('log = "from \\"sip:x\\n\\", (1)"')
  })
})

describe('parquet', () => {
  test('by host, list and day', () => {
    expect(
      shdb(
        'export',
        '--format',
        'parquet',
        '--partition',
        '--host',
        'a1',
        '-o',
        'parts',
        'one',
        'two',
      ).status,
    ).toBe(0)
    const day = rows('one')[0]?.time.slice(0, 10)
    const place = join(folder, 'parts', 'host=a1', 'list=TCP%20con', `day=${day}`)
    expect(existsSync(place)).toBe(true)
    expect(readdirSync(place)).toHaveLength(2)
  })
})
