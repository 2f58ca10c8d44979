// The benchmarks run at all, and say of each figure whether it is reached. Their figures mean nothing here: nothing asserts time.

import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runtime } from '../support/platform.ts'

const SCRIPT = fileURLToPath(new URL('../../bench/run.mjs', import.meta.url))
const DEADLINE_MS = 120_000

interface Row {
  held?: number
  missing?: string
}

interface Report {
  runs: { rows: Record<string, Row> }[]
}

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'struct-history-bench-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function bench(...options: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile('node', [SCRIPT, ...options], { timeout: DEADLINE_MS }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
  })
}

// It starts runtimes itself: where the tests run does not matter, so they run it once.
describe.runIf(runtime === 'node' && process.versions.node.startsWith('20.'))(
  'npm run bench',
  () => {
    test(
      'measures the same load logged to rsyslogd, and recorded',
      async () => {
        const { code, stdout } = await bench('syslog', '--effort', 'tiny', '--json')
        expect(code).toBe(0)
        const { rows } = JSON.parse(stdout) as {
          rows: { how: string; sent: number; spooled: number }[]
        }
        expect(rows.map(({ how }) => how)).toEqual(['silent', 'logged', 'recorded'])
        const [silent, logged, recorded] = rows
        expect(silent?.sent).toBe(0)
        // A hundredth of the lives, with headers and longer lines.
        expect(recorded?.sent).toBeGreaterThan(0)
        expect(logged?.sent).toBeGreaterThan(5 * Number(recorded?.sent))
      },
      DEADLINE_MS,
    )

    test(
      'measures every figure of SPEC, and tells what is reached from what falls short',
      async () => {
        const file = join(folder, 'report.json')
        const ran = await bench('--effort', 'tiny', '--no-peers', '--json', '--out', file)
        expect(ran).toMatchObject({ code: 0, stdout: '' })
        const report = JSON.parse(readFileSync(file, 'utf8')) as Report
        const rows = report.runs[0]?.rows ?? {}
        const failed = Object.entries(rows).filter(([, row]) => row.missing?.startsWith('failed'))
        expect(failed).toEqual([])
        expect(rows['many-lives']?.held).toBe(100_000)

        const lineOf = async (what: string, held: number) => {
          const row = rows[what]
          if (!row) throw new Error(`No row "${what}"`)
          writeFileSync(
            file,
            JSON.stringify({
              ...report,
              runs: [{ ...report.runs[0], rows: { ...rows, [what]: { ...row, held } } }],
            }),
          )
          return (await bench('--from', file)).stdout
        }
        const sentence = 'log(verb, fmt, int), coarse clock'
        const line = (text: string) => text.split('\n').find((each) => each.startsWith(sentence))
        // At most 1.5, at the limit and a hair beyond.
        expect(line(await lineOf('one-integer', 1.5))).toMatch(/ {2}holds$/)
        const short = await lineOf('one-integer', 1.501)
        expect(line(short)).toMatch(/ {2}falls short$/)
        // At least 1.8.
        const two = (text: string) =>
          text.split('\n').find((each) => each.startsWith('two threads, own'))
        expect(two(await lineOf('two-own', 1.8))).toMatch(/ {2}holds$/)
        expect(two(await lineOf('two-own', 1.799))).toMatch(/ {2}falls short$/)

        for (const what of [
          sentence,
          "… against the seed's design in C",
          'two integers',
          'three integers',
          'a 16-character string seen before',
          'a new 16-character string',
          'precise clock',
          'list switched off at run time',
          'compiled out',
          'push + unref',
          'garbage of one log',
          'memory of a one-integer event',
          '100,000 histories of 11 events in 64 MiB',
          'two threads, own histories',
          'two threads, same history',
          'snapshot of a full 64 MiB',
          'shdb opens it and prints one history',
          'finding the image in a core',
        ])
          expect(short).toContain(`\n${what} `)
        expect(short).toContain('no byte is left')
      },
      DEADLINE_MS,
    )

    test('refuses what it does not know, and says what there is', async () => {
      expect(await bench('--runtime', 'netscape')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('no runtime "netscape"; there are: all, node, '),
      })
      expect(await bench('figure')).toMatchObject({ code: 2 })
      expect(await bench('--effort', 'none')).toMatchObject({ code: 2 })
    })
  },
)
