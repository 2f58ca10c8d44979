// What a real rsyslogd makes of the lines, in each of its formats, becomes the same histories again.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'
import { lineOf, PRIORITY } from '../../src/line/line.ts'
import { freePorts } from '../support/free-port.ts'
import { read, recordsOfImage, told } from '../support/log-lines.ts'
import { sleep } from '../wreck/running.ts'

const WAIT_MS = 45_000
const FILES = {
  RSYSLOG_SyslogProtocol23Format: 'protocol23.log',
  'a JSON template': 'json.log',
  'a JSON template behind mmpstrucdata': 'parsed.log',
  RSYSLOG_TraditionalFileFormat: 'traditional.log',
  RSYSLOG_FileFormat: 'rfc3339.log',
}

const recorder = new Recorder({ name: 'proxy', budget: '4MiB', thread: 'tcp worker 1' })
const { REF, UNREF, SAY, END } = recorder.verbs({ REF: +1, UNREF: -1, SAY: 0, END: 'end' })
const list = recorder.list('TCP con', { maxEvents: 12 })
for (let n = 0; n < 30; n++) {
  const history = list.push(n % 2 === 0 ? 0x7f95acf6ea60 + n : `sip:"${n}"@[::1]\\`)
  history.log(REF, 'accept, (%d)', 1)
  if (n === 7) for (let i = 0; i < 40; i++) history.log(SAY, 'part %d', i)
  history.log(SAY, 'in "%s"', 'ünï 🐢 ] \\n \\\\x41 \n#011\t\u0007%d')
  history.log(UNREF, 'close, (%d)', 0)
  history.log(END)
}
const image = openImage(recorder.snapshot())
const records = recordsOfImage(image)

let folder = ''
let server: ChildProcess | undefined

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'struct-history-rsyslog-'))
  const [structured, plain] = (await freePorts(2)) as [number, number]
  const file = (name: string, template: string): string =>
    `action(type="omfile" file="${join(folder, name)}" template="${template}" flushOnTXEnd="on")`
  writeFileSync(
    join(folder, 'rsyslog.conf'),
    `global(workDirectory="${folder}")
main_queue(queue.type="direct")
module(load="imptcp")
module(load="mmpstrucdata")
template(name="json" type="list") {
  constant(value="{") property(name="timereported" dateFormat="rfc3339" format="jsonf")
  constant(value=",") property(name="hostname" format="jsonf")
  constant(value=",") property(name="app-name" format="jsonf")
  constant(value=",") property(name="procid" format="jsonf")
  constant(value=",") property(name="structured-data" format="jsonf")
  constant(value=",") property(name="msg" format="jsonf")
  constant(value="}\\n")
}
template(name="parsed" type="list") {
  constant(value="{") property(name="timereported" dateFormat="rfc3339" format="jsonf")
  constant(value=",") property(name="hostname" format="jsonf")
  constant(value=",") property(name="app-name" format="jsonf")
  constant(value=",") property(name="procid" format="jsonf")
  constant(value=",") property(name="msg" format="jsonf")
  constant(value=",\\"data\\":") property(name="$!")
  constant(value="}\\n")
}
ruleset(name="structured") {
  ${file('protocol23.log', 'RSYSLOG_SyslogProtocol23Format')}
  ${file('json.log', 'json')}
  action(type="mmpstrucdata")
  ${file('parsed.log', 'parsed')}
}
ruleset(name="plain") {
  ${file('traditional.log', 'RSYSLOG_TraditionalFileFormat')}
  ${file('rfc3339.log', 'RSYSLOG_FileFormat')}
}
input(type="imptcp" address="127.0.0.1" port="${structured}" ruleset="structured")
input(type="imptcp" address="127.0.0.1" port="${plain}" ruleset="plain")
`,
  )
  server = spawn(
    'rsyslogd',
    ['-n', '-f', join(folder, 'rsyslog.conf'), '-i', join(folder, 'pid')],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  )
  await send(structured, true)
  await send(plain, false)
}, WAIT_MS * 2)

afterAll(async () => {
  if (server !== undefined && server.exitCode === null) {
    const gone = once(server, 'exit')
    server.kill()
    await gone
  }
  rmSync(folder, { recursive: true })
})

/** As soon as it listens. */
async function send(port: number, isStructured: boolean): Promise<void> {
  const form = { priority: PRIORITY, structured: isStructured, most: Number.POSITIVE_INFINITY }
  for (const end = performance.now() + WAIT_MS; ; await sleep(50)) {
    const socket = connect(port, '127.0.0.1')
    try {
      await once(socket, 'connect')
      socket.end(records.map((record) => `${lineOf(record, form)}\n`).join(''))
      await once(socket, 'close')
      return
    } catch (error) {
      if (performance.now() > end) throw error
    }
  }
}

async function written(name: string): Promise<string> {
  const path = join(folder, name)
  for (const end = performance.now() + WAIT_MS; ; await sleep(50)) {
    const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
    if (text.split('\n').length > records.length || performance.now() > end) return text
  }
}

describe('a real rsyslogd writes', () => {
  for (const [format, name] of Object.entries(FILES)) {
    test(format, { timeout: WAIT_MS * 2 }, async () => {
      const text = await written(name)
      const reading = read(text)
      expect(reading.warnings()).toEqual([])
      expect(reading.lines).toBe(records.length)
      const [again] = reading.images()
      expect(again && told(again)).toEqual(told(image))
      expect(again?.host).toBe('proxy-7')
    })
  }
})
