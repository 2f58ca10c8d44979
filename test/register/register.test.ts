// struct-history/register in real programs of each runtime: what it finds without a line for it, and what it must not touch.

import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { check, type Image, openImage } from '../../src/inspect.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'

const root = join(import.meta.dirname, '../..')
const REGISTER = join(root, 'build/register/index.js')
const DEADLINE_MS = 60_000
const node = (version: number) => join(root, `ci/nodes/node_modules/node${version}/bin/node`)
const bin = (name: string) => join(root, 'node_modules/.bin', name)

const RUNTIMES: Record<string, string[]> = {
  'Node 20': [node(20), '--import'],
  'Node 22': [node(22), '--import'],
  'Node 26': [node(26), '--import'],
  Deno: [bin('deno'), 'run', '-A', '--preload'],
  Bun: [bin('bun'), '--preload'],
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'register-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function run(runtime: string, program: string, environment: Record<string, string> = {}) {
  const dumps = mkdtempSync(join(folder, 'dumps-'))
  const [command = '', ...words] = RUNTIMES[runtime] ?? []
  const file = join(import.meta.dirname, program)
  const { status, stdout, stderr } = spawnSync(command, [...words, REGISTER, file], {
    encoding: 'utf8',
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
    env: {
      ...process.env,
      NO_COLOR: '1',
      STRUCT_HIST_EXIT: '1',
      STRUCT_HIST_DUMPS: dumps,
      ...environment,
    },
  })
  const [dump] = readdirSync(dumps)
  const image = dump === undefined ? undefined : openImage(readFileSync(join(dumps, dump)))
  return { status, stdout, stderr, image }
}

/** Each life of a list, as its verbs. */
const lives = (image: Image | undefined, list: string) =>
  [...(image?.list(list)?.histories() ?? [])].map((history) =>
    history.events().map(({ verb }) => verb),
  )

const texts = (image: Image | undefined, list: string) =>
  [...(image?.list(list)?.histories() ?? [])].flatMap((history) =>
    history.events().map(({ verb, log }) => `${verb} ${log}`.trimEnd()),
  )

describe.each(Object.keys(RUNTIMES))('in %s', (runtime) => {
  let found: ReturnType<typeof run>
  beforeAll(() => {
    found = run(runtime, 'service.program.mjs')
  }, DEADLINE_MS)

  test('a program ends as it would without, and says but where its dump is', () => {
    expect(found.status).toBe(3)
    expect(found.stdout).toBe('')
    expect(found.stderr).toMatch(/^struct-history: exit with status 3: dumped .*\n$/)
  })

  test('a request that was answered is told from one whose socket was destroyed', () => {
    const served = lives(found.image, 'HTTP request')
    expect(served).toContainEqual(['HTTP_REQUEST', 'HTTP_RESPONSE', 'HTTP_CLOSE'])
    expect(served).toContainEqual(['HTTP_REQUEST', 'HTTP_ABORTED', 'HTTP_CLOSE'])
    expect(served).toHaveLength(4)
  })

  test('requests are known by their paths, and no query is stored anywhere', () => {
    const told = ['HTTP request', 'HTTP client request', 'fetch'].flatMap((list) =>
      texts(found.image, list),
    )
    expect(told.some((text) => text.includes('GET /asked'))).toBe(true)
    expect(told.some((text) => text.includes('/fetched'))).toBe(true)
    expect(JSON.stringify(told)).not.toContain('secret')
  })

  test('a client request that failed says why', () => {
    expect(lives(found.image, 'HTTP client request').map((life) => life.at(-1))).toContain(
      'CLIENT_CLOSE',
    )
    expect(texts(found.image, 'HTTP client request')).toContainEqual(
      expect.stringMatching(/^CLIENT_ERROR ./),
    )
  })

  test('a fetch has its status and its end', () => {
    expect(lives(found.image, 'fetch')).toEqual([['FETCH_REQUEST', 'FETCH_HEADERS', 'FETCH_END']])
  })

  test('a socket that nobody closed is the one that has not ended', () => {
    const sockets = [...(found.image?.list('socket')?.histories() ?? [])]
    const open = sockets.filter((history) => !history.ended)
    const opened = open.flatMap((history) =>
      history.events().filter(({ verb }) => verb === 'SOCKET_OPEN'),
    )
    // fetch() keeps its own open.
    expect(opened.length).toBeGreaterThanOrEqual(1)
    expect(texts(found.image, 'socket')).toContainEqual(
      expect.stringMatching(/^SOCKET_ERROR .*REFUSED/),
    )
  })

  test.runIf(runtime !== 'Bun')('a worker thread is a life, and its end has the status', () => {
    expect(lives(found.image, 'worker')).toEqual([['WORKER_START', 'WORKER_ONLINE', 'WORKER_EXIT']])
    expect(texts(found.image, 'worker')).toContain('WORKER_EXIT status 0')
  })

  test.runIf(runtime.startsWith('Node'))('worker threads record into the same recorder', () => {
    const [request] = [...(found.image?.list('HTTP client request')?.histories() ?? [])].filter(
      (history) => history.events().some(({ log }) => log.includes('/from-worker')),
    )
    expect(request?.events()[0]?.thread).toBe('worker 1')
  })
})

describe('what is recorded', () => {
  test('timers where they are asked for, but never those of the recorder itself', () => {
    const { image, status } = run('Node 20', 'service.program.mjs', {
      STRUCT_HIST_RECORD: '+timers',
    })
    expect(status).toBe(3)
    const started = texts(image, 'timer').filter((text) => text.startsWith('TIMER_START'))
    expect(started).toContainEqual(
      expect.stringMatching(/^TIMER_START after 50 ms, by register\/service\.program\.mjs:\d+:\d+/),
    )
    expect(started.some((text) => text.includes('every 1 ms'))).toBe(false)
  })

  test('is what STRUCT_HIST_RECORD names', () => {
    const { image } = run('Node 20', 'service.program.mjs', { STRUCT_HIST_RECORD: 'http' })
    expect(image?.lists().map(({ name }) => name)).toEqual([
      'HTTP request',
      'HTTP client request',
      'struct-history triggers',
    ])
  })

  test('a wrong name is told, and the program runs', () => {
    const { image, status, stderr } = run('Node 20', 'service.program.mjs', {
      STRUCT_HIST_RECORD: '+nonsense',
      STRUCT_HIST_BUDGET: 'much',
    })
    expect(status).toBe(3)
    expect(stderr).toContain(
      'cannot record "+nonsense": STRUCT_HIST_RECORD may name sockets, http,',
    )
    expect(stderr).toContain('STRUCT_HIST_BUDGET must be bytes or like "64MiB", got "much"')
    expect(lives(image, 'fetch')).toHaveLength(1)
  })
})

describe('clients of pools', () => {
  let postgres: Postgres
  beforeAll(async () => {
    postgres = await startPostgres()
  }, DEADLINE_MS)
  afterAll(() => postgres.stop())

  test.each(['Node 20', 'Node 26', 'Deno'])(
    'of pg, tarn and generic-pool are lives, and the one that was not given back says who took it, in %s',
    (runtime) => {
      const { image, status, stderr } = run(runtime, 'pools.program.mjs', {
        DATABASE_URL: postgres.url,
      })
      expect([status, stderr]).toEqual([3, expect.stringMatching(/^struct-history: exit/)])
      const clients = [...(image?.list('pool client')?.histories() ?? [])]
      expect(clients).toHaveLength(4)
      const balance = clients.map((history) => {
        const verbs = history.events().map(({ verb }) => verb)
        const count = (name: string) => verbs.filter((verb) => verb === name).length
        return count('HOLD') - count('RELEASE')
      })
      expect(balance.filter((count) => count !== 0)).toEqual([1])
      const leaked = clients[balance.indexOf(1)]
      const taken = leaked?.events().findLast(({ verb }) => verb === 'HOLD')
      const program = readFileSync(join(import.meta.dirname, 'pools.program.mjs'), 'utf8')
      const line = program.slice(0, program.indexOf('  await pool.connect()')).split('\n').length
      expect(taken?.log).toMatch(
        new RegExp(`^hold \\d+\\.\\d+ by register/pools\\.program\\.mjs:${line}:\\d+ .*forget$`),
      )
      expect(clients.filter(({ ended }) => ended)).toHaveLength(1)
    },
    DEADLINE_MS,
  )

  test(
    'the example of docs/REGISTER.md fails at an innocent request, and check names who keeps the clients',
    () => {
      // As a user has it: the packages beside the program.
      const project = mkdtempSync(join(folder, 'pg-pool-'))
      cpSync(join(root, 'examples/pg-pool/app.mjs'), join(project, 'app.mjs'))
      symlinkSync(join(root, 'ci/pools/node_modules'), join(project, 'node_modules'))
      const { status, stderr } = spawnSync(node(20), ['--import', REGISTER, 'app.mjs'], {
        cwd: project,
        encoding: 'utf8',
        timeout: DEADLINE_MS,
        env: { ...process.env, DATABASE_URL: postgres.url },
      })
      expect(status).toBe(1)
      const page = readFileSync(join(root, 'docs/REGISTER.md'), 'utf8')
      const shown = [...page.matchAll(/^```text\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text)
      expect(shown).toHaveLength(3)
      const [error = '', finding = '', life = ''] = shown
      for (const line of error.trimEnd().split('\n'))
        expect(stderr.replaceAll(`file://${project}/`, '')).toContain(line.trim())
      const [dump = ''] = readdirSync(project).filter((name) => name.endsWith('.shdump'))
      /** As the page has it, but for what differs from run to run. */
      const shape = (text: string) =>
        text
          .replaceAll(basename(project), 'pg-pool')
          .replace(/0x[0-9a-f]+|\d+(?:\.\d+)?/g, '0')
          .replace(/0 [um]?s\b/g, '0 s')
      const shdb = (...words: string[]) =>
        shape(
          spawnSync(node(20), [join(root, 'build/cli/shdb.js'), ...words, dump], {
            cwd: project,
            encoding: 'utf8',
          }).stdout,
        )
      expect(shdb('check')).toContain(shape(finding))
      const lives = shdb('-nx', '-q', '-batch', '-ex', 'history 1').replace(/^\$0 = /gm, '')
      expect(lives).toContain(shape(life))
      const findings = check([openImage(readFileSync(join(project, dump)))])
      const kept = findings.filter(({ kind }) => kind === 'never-released')
      expect(kept).toHaveLength(4)
      for (const { list, text } of kept)
        expect([list, text]).toEqual([
          'pool client',
          expect.stringMatching(/^Hold \S+ of \S+\/app\.mjs:27:\d+ userOf was never released/),
        ])
    },
    DEADLINE_MS,
  )
})
