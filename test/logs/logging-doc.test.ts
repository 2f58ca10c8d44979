// The session of docs/LOGGING.md, "Back again", as shdb prints it.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { grow } from '../support/corpus/corpus.ts'
import { STYLES } from '../support/corpus/styles.ts'
import { closed, recordsOfImage, shuffled, structured } from '../support/log-lines.ts'
import { random } from '../support/random.mjs'

const ROOT = join(import.meta.dirname, '../..')
const BLOCK = /<!-- log -->\n```console\n\$ shdb (.*)\n([\s\S]*?)```\n/

/** A service's log: out of order, some lines twice, two of them gone. */
function log(): string {
  const style = STYLES[0]
  if (style === undefined) throw new Error('no style')
  const { image, victim } = grow(style, 1, 'use-after-end', { lives: 200 })
  const records = recordsOfImage(closed(image), 'web1')
  const isGone = ({ data }: (typeof records)[number]): boolean =>
    data.history === victim + 1 && (data.index === 3 || data.index === 4)
  const kept = records.filter((record) => !isGone(record))
  const lines = kept.map(structured)
  return shuffled([...lines, ...lines.slice(0, 40)], random(1))
    .map((line) => `${line}\n`)
    .join('')
}

test('docs/LOGGING.md shows what shdb says', { timeout: 60_000 }, () => {
  const page = readFileSync(join(ROOT, 'docs/LOGGING.md'), 'utf8')
  const [, command = '', session = ''] = BLOCK.exec(page) ?? []
  const folder = mkdtempSync(join(tmpdir(), 'logging-doc-'))
  try {
    writeFileSync(join(folder, 'proxy.log'), log())
    const commands = [...session.matchAll(/^\(shdb\) (.*)$/gm)].map(([, typed = '']) => typed)
    const argv = commands.flatMap((typed) => ['-ex', `echo (shdb) ${typed}\\n`, '-ex', typed])
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, 'build/cli/shdb.js'), '-batch', '-nx', ...argv, ...command.split(' ')],
      { cwd: folder, encoding: 'utf8', env: { ...process.env, HOME: folder, NO_COLOR: '1' } },
    )
    expect(stderr).toBe('')
    expect(stdout).toBe(session)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
