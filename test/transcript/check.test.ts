// check, info anomalies, why, info paths, diff and -life, at the prompt; and docs/CHECK.md, which shows them.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { grow } from '../support/corpus/corpus.ts'
import { pipeline, tcpEngine } from '../support/corpus/styles.ts'
import { rerun, transcriptsOf } from '../support/corpus/transcripts.ts'
import { shdb as overRace } from '../support/race-session.ts'
import { runScript } from '../support/shdb.ts'

const page = readFileSync(new URL('../../docs/CHECK.md', import.meta.url), 'utf8')

describe('docs/CHECK.md', () => {
  const transcripts = transcriptsOf(page)

  test('has a transcript for each kind that it explains', () => {
    const kinds = [...page.matchAll(/^### (.*)$/gm)].flatMap(([, names = '']) => names.split(', '))
    expect(kinds).toHaveLength(13)
    const shown = new Set(transcripts.map(({ kind }) => kind as string))
    for (const kind of kinds) expect([kind, shown.has(kind)]).toEqual([kind, true])
  })

  test.each(transcripts.map((each) => [`${each.style}, ${each.kind}`, each] as const))(
    '%s',
    async (_, each) => {
      expect(await rerun(each)).toBe(each.text)
    },
  )
})

const { image, victim } = grow(tcpEngine, 1, 'end-while-referenced', { lives: 60 })

const shdb = async (...commands: string[]): Promise<string> => {
  const { stdout, stderr } = await runScript(commands, [image])
  return stdout + stderr
}

describe('check', () => {
  test('and info anomalies say the same', async () => {
    const checked = await shdb('check')
    expect(checked).toMatch(
      /^end-while-referenced \(9\d %\): tcp engine 0x7f95acf[0-9a-f]+ #\d+\n {4}#/,
    )
    expect(checked).toMatch(/in 55 lives \(\d+ events\)\.\n$/)
    expect(await shdb('info anomalies')).toBe(checked)
    expect(await shdb('info anomalies tcp engine')).toBe(checked)
    expect(await shdb('check -list "tcp engine"')).toBe(checked)
  })

  test('-json is an array with the keys that scripts rely on', async () => {
    const found = JSON.parse(await shdb('check -json'))
    expect(Object.keys(found[0])).toEqual([
      'kind',
      'list',
      'object',
      'confidence',
      'events',
      'threads',
      'text',
      'history',
      'image',
    ])
    expect(found[0]).toMatchObject({ kind: 'end-while-referenced', history: victim })
  })

  test('-max hides the less likely, and says how many', async () => {
    const all = JSON.parse(await shdb('check -json -least 0')).length
    expect(all).toBeGreaterThan(1)
    expect(await shdb('check -least 0 -max 1')).toContain(`- ${all - 1} finding`)
  })

  test('says that nothing is found', async () => {
    const { stdout } = await runScript(
      ['check'],
      [grow(pipeline, 3, undefined, { lives: 60 }).image],
    )
    expect(stdout).toBe('Nothing found in 55 lives (324 events).\n')
  })

  test('refuses what it does not know', async () => {
    expect(await shdb('check -least 2')).toContain('-least wants a number from 0 to 1, not "2"\n')
    expect(await shdb('check somewhere')).toContain('Unrecognized option at: somewhere\n')
    expect(await shdb('info anomalies nosuch')).toContain('No list "nosuch" in corpus.shdump')
    expect(await overRace('check -list nosuch')).toContain('No list "nosuch"')
  })

  test('finds the use after the end in the race', async () => {
    expect(await overRace('check')).toContain('use-after-end')
  })
})

describe('why', () => {
  test('tells one life, by handle or object, or the current one', async () => {
    const text = await shdb(`why #${victim}`)
    expect(text).toContain('end-while-referenced, 95 % sure: ')
    expect(text).toMatch(/Of 54 siblings in "tcp engine" 54 are right/)
    const object = image.history(victim)?.objectText
    expect(await shdb(`why ${object}`)).toBe(text)
    expect(JSON.parse(await shdb(`why -json ${object}`))[0]).toMatchObject({
      history: victim,
      list: 'tcp engine',
    })
  })

  test('acquits', async () => {
    const first = image.lists()[0]?.histories()[0]
    expect(await shdb(`why #${first?.handle}`)).toContain(
      'Nothing is found wrong with it: it is over',
    )
  })
})

describe('diff', () => {
  test('of two lives marks what only one of them has', async () => {
    const [first, second] = image.lists()[0]?.histories() ?? []
    const text = await shdb(`diff -all #${first?.handle} #${second?.handle}`)
    expect(text).toContain(`--- tcp engine ${first?.objectText}`)
    expect(text).toContain(`+++ tcp engine ${second?.objectText}`)
    const marked = text.split('\n').filter((line) => /^[-+] #/.test(line))
    const shared = text.split('\n').filter((line) => /^ {2}#/.test(line))
    expect(text).toContain(`${marked.length} events differ.`)
    expect(2 * shared.length + marked.length).toBe((first?.len ?? 0) + (second?.len ?? 0))
  })

  test('needs an object, and no more than two', async () => {
    expect(await shdb('diff')).toContain('Argument required (an object, or #HANDLE).')
    expect(await shdb(`diff #${victim} #${victim} #${victim}`)).toContain(
      'Junk after the second object',
    )
    expect(await shdb(`diff #${victim} #${victim}`)).toContain('Both lives took the same path.')
  })
})

describe('info paths', () => {
  test('counts every life once, the rarest first', async () => {
    const rows = JSON.parse(await shdb('info paths -json'))
    const lives = rows.map((row: { lives: number }) => row.lives)
    expect(lives.reduce((sum: number, count: number) => sum + count, 0)).toBe(55)
    expect([...lives].sort((one: number, other: number) => one - other)).toEqual(lives)
  })

  test('shows as many as are asked for', async () => {
    expect(await shdb('info paths -max 1')).toMatch(/- \d+ more common ones not shown -\n$/)
    expect(await shdb('info paths -max 0')).toContain('integer 0 out of range')
  })
})

describe('patterns in shdb', () => {
  test('find -life shows the event that completes the pattern', async () => {
    expect(await shdb('find -life "END then any"')).toMatch(/<after end>\n1 event found\.\n$/)
    expect(await shdb('find -life "REF{n} UNREF{<n} END"')).toMatch(
      /verb = TCP_DESTROY.*\n1 event found\.\n$/,
    )
  })

  test('filters histories and lives', async () => {
    expect(await shdb('info histories -life "END then any"')).toContain(`#${victim} `)
    expect(await shdb(`history -match "END then any" #${victim}`)).toContain('<after end>')
    expect(await shdb(`history -match "never END" #${victim}`)).toContain(
      'None of 1 life matches "never END".',
    )
  })

  test('refuse what is no pattern', async () => {
    expect(await shdb('find -life "REF ("')).toContain(
      'Cannot read the pattern "REF (": wanted an event, found its end',
    )
  })
})
