// examples/sip-proxy under real sipp: its load leaves nothing and accuses nobody; each of its bugs leaves a dump in which
// check names the true cause first.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { check, openImage } from '../../src/inspect.ts'
import { runProgram } from '../host/program.ts'

const PROXY = fileURLToPath(new URL('../../examples/sip-proxy/main.mjs', import.meta.url))
const PATIENCE_MS = 120_000
/** A race that a busy machine did not let happen is tried again. */
const TRIES = { timeout: PATIENCE_MS, retry: 2 }
const ALL_KINDS = 'answer:4,busy:2,late:1,cancel:2,reinvite:2,tcp:2'

let dumps: string
beforeEach(() => {
  dumps = mkdtempSync(join(tmpdir(), 'sip-proxy-test-'))
})
afterEach(() => rmSync(dumps, { recursive: true }))

async function run(...options: string[]) {
  const ended = await runProgram(PROXY, [...options, '--dumps', dumps], PATIENCE_MS)
  const files = readdirSync(dumps).sort()
  const images = files.map((file) => openImage(readFileSync(join(dumps, file)), { source: file }))
  return { ended, images, findings: images.map((image) => check(image)) }
}

test('calls of all kinds leave nothing behind, and check accuses nobody', TRIES, async () => {
  const { ended, findings } = await run(
    '--load',
    ALL_KINDS,
    '--calls',
    '1500',
    '--rate',
    '300',
    '--dump',
  )
  expect(ended.stderr).toBe('')
  expect(ended.stdout).toMatch(/ 0 failed, /)
  expect(ended.stdout).toMatch(/left 0, 0, 0\n/)
  expect(ended.code).toBe(0)
  // A path that few lives take is worth a look, and no accusation.
  const accusing = findings.flat().filter(({ kind }) => kind !== 'rare-path')
  expect(accusing.map(({ text }) => text)).toEqual([])
})

describe('a bug, under load', () => {
  const bugs: { name: string; calls: number; kinds: string[]; list: string; proof: RegExp[] }[] = [
    {
      name: 'timeout',
      calls: 6000,
      kinds: ['double-release'],
      list: 'transaction',
      proof: [/^HOLD .* by timer$/, /^RELEASE /, /^RELEASE /],
    },
    {
      name: 'cancel',
      calls: 6000,
      kinds: ['double-release'],
      list: 'transaction',
      proof: [/^HOLD .* by timer$/, /^RELEASE /, /^RELEASE /],
    },
    {
      name: 'lost-ack',
      // For some seconds: what hangs is told by what passed meanwhile.
      calls: 2000,
      kinds: ['never-released'],
      list: 'transaction',
      proof: [/^HOLD .* by table$/],
    },
    {
      name: 'reinvite',
      calls: 6000,
      kinds: ['use-after-end', 'slot-reused'],
      list: 'dialog',
      proof: [/^DESTROY/, /^FAULT/],
    },
    {
      name: 'slot',
      calls: 6000,
      kinds: ['slot-reused', 'use-after-end'],
      list: 'TCP con',
      proof: [/^DESTROY/, /^FAULT/],
    },
    {
      name: 'handover',
      calls: 800,
      kinds: ['never-released', 'missed-handover'],
      list: 'transaction',
      proof: [/^HOLD .* by timer$/, /^TRANSFER .* by sip worker \d$/],
    },
  ]
  for (const { name, calls, kinds, list, proof } of bugs)
    test(`"${name}" leaves a dump, and check ranks its cause first`, TRIES, async () => {
      const { images, findings } = await run(
        '--bug',
        name,
        '--calls',
        `${calls}`,
        '--rate',
        '400',
        '--seconds',
        '20',
      )
      expect(images).toHaveLength(1)
      const [first] = findings[0] ?? []
      expect(first?.list).toBe(list)
      expect(kinds).toContain(first?.kind)
      const life = images[0]?.history(first?.history ?? 0)
      const events = life?.events().filter(({ index }) => first?.events.includes(index)) ?? []
      const lines = events.map(({ verb, log }) => `${verb} ${log}`.trim())
      for (const line of proof) expect(lines).toContainEqual(expect.stringMatching(line))
    })
})
