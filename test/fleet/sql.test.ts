// shdb sql: DuckDB in the command, over images.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Recorder } from '../../src/index.ts'

const ROOT = join(import.meta.dirname, '../..')
const SHDB = join(ROOT, 'build/cli/shdb.js')
const DUMPS = ['one', 'two', 'three']
const LIVES = 40
let folder: string

/** Of three recorders; in the last, object 7 is used after its end. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shdb-sql-test-'))
  for (const name of DUMPS) {
    const recorder = new Recorder({ name, budget: '4MiB' })
    const { REF, UNREF, END } = recorder.verbs({ REF: +1, UNREF: -1, END: 'end' })
    const list = recorder.list('jobs', { window: 100 })
    for (let n = 0; n < LIVES; n++) {
      const history = list.push(n, { origin: `job-${n}` })
      history.log(REF, 'take, (%d)', 1)
      history.log(UNREF, 'give, (%d)', 0)
      history.log(END)
      if (name === 'three' && n === 7) history.log(REF, 'late, (%d)', 1)
    }
    recorder.dumpSync(join(folder, name))
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function sql(words: readonly string[], input = '', shdb = SHDB) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [shdb, 'sql', ...words], {
    cwd: folder,
    encoding: 'utf8',
    input,
    env: { ...process.env, TMPDIR: folder },
  })
  return { status, stdout, stderr }
}

const asked = (statement: string) => {
  const { status, stdout, stderr } = sql(['--format', 'json', '-c', statement, ...DUMPS])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return JSON.parse(stdout)
}

describe('shdb sql', () => {
  test('has a row for each event, life and list of all images', () => {
    expect(asked('SELECT count(*) AS n FROM events')).toEqual([{ n: 3 * 3 * LIVES + 1 }])
    expect(
      asked(
        'SELECT recorder, count(*) AS lives, sum(len) AS events FROM histories GROUP BY 1 ORDER BY 1',
      ),
    ).toEqual([
      { recorder: 'one', lives: LIVES, events: 3 * LIVES },
      { recorder: 'three', lives: LIVES, events: 3 * LIVES + 1 },
      { recorder: 'two', lives: LIVES, events: 3 * LIVES },
    ])
    expect(asked('SELECT list, pushed, retained, window_size FROM lists LIMIT 1')).toEqual([
      { list: 'jobs', pushed: LIVES, retained: LIVES, window_size: 100 },
    ])
  })

  test('says what shdb check says', () => {
    const found = asked("SELECT kind, object, recorder, text FROM anomalies WHERE object = '0x7'")
    const { stdout } = spawnSync(process.execPath, [SHDB, 'check', '--json', ...DUMPS], {
      cwd: folder,
      encoding: 'utf8',
    })
    const expected = JSON.parse(stdout).filter(({ object }: { object: string }) => object === '0x7')
    expect(found.map(({ kind, text }: Record<string, string>) => ({ kind, text }))).toEqual(
      expected.map(({ kind, text }: Record<string, string>) => ({ kind, text })),
    )
    expect(found[0].recorder).toBe('three')
  })

  test('joins lives of one origin over the images', () => {
    expect(
      asked(`SELECT origin, count(*) AS n, list(recorder ORDER BY created) AS went
        FROM histories WHERE origin = 'job-5' GROUP BY 1`),
    ).toEqual([{ origin: 'job-5', n: 3, went: DUMPS }])
  })

  test('prints tables, CSV, JSON and JSON lines, of several statements in their order', () => {
    const statement = 'SELECT 1 AS n, \'a,"b"\' AS text, NULL AS none; SELECT 2::HUGEINT AS n'
    expect(sql(['-c', statement, 'one']).stdout).toBe(
      'n  text   none\n1  a,"b"  NULL\n(1 row)\nn\n2\n(1 row)\n',
    )
    expect(sql(['--format=csv', '-c', statement, 'one']).stdout).toBe(
      'n,text,none\r\n1,"a,""b""",\r\nn\r\n2\r\n',
    )
    expect(sql(['--format', 'jsonl', '-c', statement, 'one']).stdout).toBe(
      '{"n":1,"text":"a,\\"b\\"","none":null}\n{"n":2}\n',
    )
  })

  test('takes statements from a file and from standard input', () => {
    writeFileSync(join(folder, 'q.sql'), 'SELECT count(*) AS n\nFROM histories;\n')
    const expected = `n\r\n${LIVES}\r\n`
    expect(sql(['--format', 'csv', '-f', 'q.sql', 'two']).stdout).toBe(expected)
    expect(sql(['--format', 'csv', 'two'], 'SELECT count(*) AS n FROM histories;').stdout).toBe(
      expected,
    )
  })

  test('answers nothing to no statement', () => {
    for (const text of ['', ' ;\n', '-- SELECT 1\n/* nor\n this */'])
      expect(sql(['one'], text), text).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(
      sql(['-c', '-- the answer\nSELECT 42 AS n; -- no more', '--format', 'csv', 'one']).stdout,
    ).toBe('n\r\n42\r\n')
  })

  test("says DuckDB's own sentence for a mistake, and what it needs", () => {
    const first = (...words: string[]) => sql(words).stderr.split('\n')[0]
    expect(sql(['-c', 'SELECT nosuch FROM events', 'one'])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^shdb sql: Binder Error: .*"nosuch" not found/),
    })
    expect(first('-c', 'SELECT 1')).toBe('shdb sql: expected an image')
    expect(first('--format', 'xml', 'one')).toMatch(/unknown format "xml", expected one of table/)
    expect(first('-c', 'SELECT 1', 'nosuch')).toMatch(/nosuch: No such file or directory/)
    expect(sql(['--help']).stdout).toMatch(/^Usage: shdb sql/)
  })

  test('without DuckDB says how to install it', () => {
    const alone = join(folder, 'alone')
    mkdirSync(join(alone, 'build'), { recursive: true })
    for (const name of ['cli', 'chunks', 'export'])
      execFileSync('cp', ['-r', join(ROOT, 'build', name), join(alone, 'build')])
    symlinkSync(join(ROOT, 'package.json'), join(alone, 'package.json'))
    const { status, stderr } = sql(['-c', 'SELECT 1', 'one'], '', join(alone, 'build/cli/shdb.js'))
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        'shdb sql: DuckDB is not installed.  Install it with:\n  npm install @duckdb/node-api\n',
    })
  })

  test('leaves nothing behind', () => {
    asked('SELECT count(*) AS n FROM events')
    expect(readdirSync(folder).filter((name) => name.startsWith('shdb-sql-'))).toEqual([])
  })
})
