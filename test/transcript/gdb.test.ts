// shdb against recordings of the real gdb 13: the same stdout, the same last line on stderr. See test/gdb/record.mjs.

import { describe, expect, test } from 'vitest'
import { CommandError, Runner } from '../../src/inspector/index.ts'
import recorded from '../gdb/recorded.json' with { type: 'json' }
import recordedLines from '../gdb/recorded-lines.json' with { type: 'json' }
import recordedStructs from '../gdb/recorded-structs.json' with { type: 'json' }
import { tcpImage } from '../support/fake-image.ts'
import { recordingHost, runScript } from '../support/shdb.ts'

interface Case {
  readonly file: string
  readonly script: readonly string[]
  readonly stdout: string
  readonly error: string
}

const cases = recorded as readonly Case[]
const files = [...new Set(cases.map((each) => each.file))]

describe('without a program, shdb prints what gdb prints', () => {
  test.each(files)('%s', async (file) => {
    const wrong: string[] = []
    for (const each of cases.filter((one) => one.file === file)) {
      const { stdout, error } = await runScript(each.script)
      if (stdout === each.stdout && error === each.error) continue
      wrong.push(
        `${each.script.join('\n')}\n  gdb:  ${each.stdout}${each.error}\n  shdb: ${stdout}${error}`,
      )
    }
    expect(wrong).toEqual([])
  })
})

interface LineSession {
  readonly file: string
  readonly lines: readonly (readonly [line: string, written: string])[]
}

describe('line by line in one session, shdb prints what gdb prints', () => {
  test.each(recordedLines as unknown as readonly LineSession[])('$file', async ({ lines }) => {
    const host = recordingHost()
    // One stream, as gdb's was.
    host.writeError = (text) => host.write(text)
    const runner = new Runner(host)
    const wrong: string[] = []
    for (const [line, written] of lines) {
      host.stdout = ''
      try {
        await runner.execute(line)
      } catch (error) {
        if (!(error instanceof CommandError)) throw error
        host.stdout += `${error.message}\n`
      }
      if (host.stdout !== written) wrong.push(`${line}\n  gdb:  ${written}  shdb: ${host.stdout}`)
    }
    expect(wrong).toEqual([])
  })
})

/** What shdb says otherwise, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'p $sh->actions[6]': 'the C program has room behind its last action; an image has not',
}

test('over structures of the same content, shdb prints what gdb prints', async () => {
  const host = recordingHost()
  const runner = new Runner(host)
  runner.session.attach(tcpImage())
  await runner.execute('set $sh = history(0x7f95acf6ea60)')
  await runner.execute('set $shl = list("TCP con")')
  // A line that differs on purpose also shifts the numbers after it.
  const unnumbered = (text: string): string => text.replace(/^\$\d+ = /gm, '$N = ')
  const wrong: string[] = []
  for (const { line, written } of recordedStructs as readonly { line: string; written: string }[]) {
    host.stdout = ''
    host.stderr = ''
    try {
      await runner.execute(line)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      host.stderr += `${error.message}\n`
    }
    const ours = host.stdout + host.stderr
    if (DIFFERENT[line] !== undefined || unnumbered(ours) === unnumbered(written)) continue
    wrong.push(`${line}\n  gdb:  ${written}  shdb: ${ours}`)
  }
  expect(wrong).toEqual([])
})
