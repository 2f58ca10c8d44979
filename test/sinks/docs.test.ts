// docs/LOGGING.md as a reader would follow it: its rsyslog configuration, its program, its grep.

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { killAll, ROOT, sleep, start } from '../wreck/running.ts'
import { Rsyslog } from './rsyslog.ts'
import { BUILD, newFolder } from './running.ts'
import { parsed } from './spooled.ts'

const page = readFileSync(join(ROOT, 'docs/LOGGING.md'), 'utf8')
const blocks = [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(
  ([, language, text = '']) => ({
    language,
    text,
  }),
)

let folder = ''
beforeEach(() => {
  folder = newFolder()
})
afterEach(() => {
  killAll()
  rmSync(folder, { recursive: true })
})

test("the page's program writes to an rsyslogd with the page's configuration", async () => {
  const port = await freePort()
  const configuration =
    blocks.find(({ text }) => text.startsWith('module(load="imptcp")'))?.text ?? ''
  const program = blocks.find(({ text }) => text.includes('history.flush()'))?.text ?? ''
  const here = (text: string) =>
    text
      .replace('10514', `${port}`)
      .replace('/var/log/histories.log', join(folder, 'spool.log'))
      .replace("'struct-history'", `'${BUILD}/index.js'`)
      .replace("'struct-history/sinks'", `'${BUILD}/sinks/index.js'`)
  const server = new Rsyslog(folder)
  await server.start(here(configuration), port)
  const file = join(folder, 'program.mjs')
  writeFileSync(file, here(program))
  expect(await start('node20', [file]).ended).toMatchObject({ code: 0, stderr: '' })
  for (let n = 0; n < 2000 && server.lines().length < 3; n++) await sleep(20)
  await server.end()
  const lines = server.lines()
  expect(lines.map((line) => parsed(line)?.text)).toEqual([
    'TCP con 0x7f95acf6ea60: 2 events, #0 to #1',
    'connect, (1)',
    'timed out, (0)',
  ])
  for (const line of lines) expect(line).toContain('object="0x7f95acf6ea60"')
})

test('the page has the lines that are written', () => {
  const shown = blocks
    .filter(({ text }) => text.includes('[struct-history@32473 '))
    .map(({ text }) => parsed(text.replace(/\n */g, ' ').trim()))
  expect(shown.map((line) => line?.text)).toEqual(['connect, (1)', 'connect, (1)'])
  const [structured, plain] = shown.map((line) => Object.keys(line?.data ?? {}))
  const columns = 'run tid thread list object history index t verb role site lost'.split(' ')
  expect(structured).toEqual(columns)
  expect(plain).toEqual(['host', 'name', 'pid', 'time', ...columns])
})
