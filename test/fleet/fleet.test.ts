// examples/fleet: many processes, one lake, and answers that are known beforehand.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asked } from '../support/duckdb.ts'

const ROOT = join(import.meta.dirname, '../..')
/** Of them host 3 and host 13 leak, host 4 has an object that failed, host 13 the rare path. */
const PROCESSES = 14
const EXAMPLE = join(ROOT, 'examples/fleet')
let folder: string
let output: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleet-test-'))
  const argv = [join(EXAMPLE, 'main.mjs'), '--processes', `${PROCESSES}`, '--folder', folder]
  const { stdout, stderr, status } = spawnSync(process.execPath, argv, { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  output = stdout
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const rowsOf = (title: string) =>
  (output.split('\n\n').find((part) => part.startsWith(title)) ?? '')
    .split('\n')
    .filter((line) => line.startsWith('  {'))
    .map((line) => JSON.parse(line))

describe('a fleet', () => {
  test('leaves a dump and a part of the lake for each process', () => {
    expect(readdirSync(join(folder, 'dumps'))).toHaveLength(PROCESSES)
    expect(readdirSync(join(folder, 'lake'))).toHaveLength(PROCESSES)
  })

  test('is answered for by DuckDB', () => {
    expect(rowsOf('The objects that failed')).toEqual([
      { host: 'host-004', object: '0x7f950040a280', end_index: '5', last_index: '6' },
    ])
    expect(rowsOf('The rarest path')).toEqual([
      {
        path: 'REF REF READ RETRY UNREF UNREF DESTROY',
        lives: '1',
        host: 'host-013',
        object: '0x7f9500d07d20',
      },
    ])
    expect(rowsOf('Leaks per host')).toEqual([
      { host: 'host-003', leaks: '10', held: '20' },
      { host: 'host-013', leaks: '10', held: '20' },
    ])
    expect(rowsOf('Who held what')).toEqual(
      ['host-003', 'host-013'].flatMap((host) => [
        { host, thread: 'acceptor', objects: '10', held: '10' },
        { host, thread: 'worker', objects: '10', held: '10' },
      ]),
    )
  })

  test('has the same in shdb sql over the dumps', () => {
    const dumps = readdirSync(join(folder, 'dumps')).map((name) => join(folder, 'dumps', name))
    const sql = `SELECT host, count(*)::INT AS leaks FROM histories WHERE NOT ended GROUP BY 1 ORDER BY 1`
    const argv = [join(ROOT, 'build/cli/shdb.js'), 'sql', '--format', 'json', '-c', sql, ...dumps]
    const { stdout } = spawnSync(process.execPath, argv, { encoding: 'utf8' })
    expect(JSON.parse(stdout)).toEqual([
      { host: 'host-003', leaks: 10 },
      { host: 'host-013', leaks: 10 },
    ])
  })

  test('has one table, whatever the host: the columns of the export', async () => {
    const lake = join(folder, 'lake/**/*.parquet')
    const [row] = await asked(
      `SELECT count(*) AS n, count(DISTINCT host) AS hosts FROM read_parquet('${lake}', hive_partitioning = true)`,
    )
    expect(row?.hosts).toBe(PROCESSES)
    expect(row?.n).toBe(PROCESSES * 200 * 6 - 2 * 10 * 3 + 2)
  })

  test('says in the documentation what it asks', () => {
    const page = readFileSync(join(ROOT, 'docs/FLEET.md'), 'utf8')
    const views = readFileSync(join(EXAMPLE, 'views.sql'), 'utf8')
    expect(page).toContain(views.slice(views.indexOf('CREATE VIEW')).trim())
  })
})
