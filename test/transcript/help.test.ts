// Every example that help shows runs: in the order in which it stands there, in a session that has just begun. And so do
// the five commands with which docs/SHDB.md begins.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Command } from '../../src/inspector/commands/command.ts'
import { COMMANDS } from '../../src/inspector/commands/registry.ts'
import { tcpImage } from '../support/fake-image.ts'
import { raceImage } from '../support/race-image.ts'
import { runScript } from '../support/shdb.ts'

/** Lines below `Example:` or `Examples:`, up to the next empty one. */
function examplesOf(command: Command): string[] {
  const [, block = ''] = /^Examples?:\n((?: {2}.*(?:\n|$))+)/m.exec(command.help ?? '') ?? []
  return block.split('\n').filter((line) => line !== '')
}

const all = (commands: readonly Command[], path = ''): [string, readonly string[]][] =>
  commands.flatMap((each) => [
    [`${path}${each.name}`, examplesOf(each)] as [string, readonly string[]],
    ...all(each.sub ?? [], `${path}${each.name} `),
  ])

const cases = all(COMMANDS).filter(([, examples]) => examples.length > 0)

/** What examples take for granted. */
const BEFORE = ['set $sh = history(0x7f95acf6ea60)', 'set $i = 0', 'history 0x7f95acf6ea60']

test('help has examples', () => {
  expect(cases.length).toBeGreaterThan(15)
})

test.each(cases)('help %s', async (_name, examples) => {
  const { stderr } = await runScript([...BEFORE, ...examples], [tcpImage()])
  expect(stderr).toBe('')
})

test('the five commands of the guide lead from the failure to the culprit', async () => {
  const guide = readFileSync(new URL('../../docs/SHDB.md', import.meta.url), 'utf8')
  const [, walk = ''] =
    /^## From a dump to the culprit[\s\S]*?```console\n([\s\S]*?)```/m.exec(guide) ?? []
  const commands = [...walk.matchAll(/^\(shdb\) (.*?) {2,}/gm)].map(([, line]) => line as string)
  expect(commands).toHaveLength(5)
  const { stdout, stderr } = await runScript(commands, [raceImage()])
  expect(stderr).toBe('')
  expect(stdout).toContain('    event 4, by tcp writer; verbs so far: 0\n')
  expect(stdout).toMatch(/^=> {2}\$\d+ +0 {2}tcp writer {2}.* "send 6, \(0\)"$/m)
})
