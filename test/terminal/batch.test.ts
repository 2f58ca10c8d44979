// Settings, logs, pipes, scripts and completion in batch: as the real gdb 13 answered (record.mjs), word for word.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import cases from './cases.json' with { type: 'json' }
import recorded from './recorded.json' with { type: 'json' }
import { bundled } from './terminal.ts'

let folder = ''
let program = ''
beforeAll(async () => {
  ;({ folder, program } = await bundled())
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Where shdb has a file, a word or a list of its own. */
const ours = (text: string): string => text.replaceAll('gdb.txt', 'shdb.txt')

function run(commands: readonly string[]): { out: string; err: string; code: number | null } {
  const { execPath, versions } = process
  const first = 'deno' in versions ? ['run', '-A', '-q', program] : [program]
  const home = mkdtempSync(join(folder, 'home-'))
  for (const [name, text] of Object.entries(cases.files)) writeFileSync(join(home, name), text)
  const words = ['-q', '-nx', '-batch', ...commands.flatMap((each) => ['-ex', each])]
  const { stdout, stderr, status } = spawnSync(execPath, [...first, ...words], {
    cwd: home,
    input: '',
    encoding: 'utf8',
    env: { ...process.env, HOME: home, SHELL: '/bin/sh', NO_COLOR: '1' },
  })
  return { out: stdout, err: stderr, code: status }
}

describe('as gdb answered', () => {
  test('every case is recorded', () => {
    expect(recorded.map(({ commands }) => commands)).toEqual(cases.cases)
  })
  test.each(recorded.map((each) => [each.commands.join('; '), each] as const))(
    '%s',
    (_, { commands, out, err, code }) => {
      const got = run(commands)
      expect(got).toEqual({ out: ours(out), err: ours(err), code })
    },
  )
})
