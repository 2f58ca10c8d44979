// A folder for each page, with what the pages take for granted: the package installed, dumps, a service that runs.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'
import { recordsOfImage, structured } from '../support/log-lines.ts'
import { raceBytes } from '../support/race-image.ts'
import { scratchFolder } from '../support/scratch.ts'
import { ROOT } from './blocks.ts'

/** Of a command; a busy machine takes long. */
const DEADLINE_MS = 120_000
const VERBS = { TCP_REF: +1, TCP_UNREF: -1, TCP_SEND: 0, TCP_DESTROY: 'end' } as const

/** The pages' places outside of the reader's folder. */
const PLACES = ['/var/crash', '/var/lib/proxy', '/var/log', '/var/spool/struct-history', '/dev/shm']
/** The pages' process. */
const PID = /\b4711\b/g
/** The history that one service has told another. */
const ORIGIN = /\b[0-9a-f]{16}-[0-9a-f]{7}\b/g

export interface Said {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export class World {
  readonly #home = scratchFolder('documents')
  readonly #service: ChildProcess
  readonly #dumps: ReadonlyMap<string, Uint8Array>
  readonly #origin: string
  readonly #commands = join(this.#home, 'bin')

  static async begin(): Promise<World> {
    const world = new World()
    await new Promise((done) => world.#service.stdout?.once('data', done))
    return world
  }

  private constructor() {
    const caller = recorded('caller', 'web1')
    const called = recorded('called', 'web2', caller.origin)
    this.#origin = caller.origin
    this.#dumps = new Map([
      ['conns.shdump', raceBytes()],
      ['a.shdump', caller.bytes],
      ['b.shdump', called.bytes],
      ['one.shdump', caller.bytes],
      ['two.shdump', called.bytes],
      ['sip-proxy-20261128T060000.000Z-4711.shdump', raceBytes()],
      ['var/crash/proxy-20261128T053702.666Z-4932.shdump', caller.bytes],
      ['var/crash/proxy-20261128T053703.398Z-5014.shdump', called.bytes],
    ])
    mkdirSync(this.#commands)
    const shdb = `exec ${process.execPath} ${join(ROOT, 'build/cli/shdb.js')} "$@"`
    const commands = { shdb, npx: 'exec "$@"', 'xdg-open': 'exit 0' }
    for (const [name, text] of Object.entries(commands)) {
      writeFileSync(join(this.#commands, name), `#!/bin/sh\n${text}\n`)
      chmodSync(join(this.#commands, name), 0o755)
    }
    // Last, for whatever fails before must not leave it behind.
    const program = join(this.#home, 'service.mjs')
    writeFileSync(program, BUSY)
    const cwd = join(this.#home, 'srv/proxy')
    mkdirSync(cwd, { recursive: true })
    this.#service = spawn(process.execPath, [program], { cwd, stdio: ['ignore', 'pipe', 'ignore'] })
    spawnSync('prlimit', ['--pid', `${this.#service.pid}`, '--core=0:unlimited'])
  }

  /** A new folder with all of it. */
  folder(): string {
    const folder = mkdtempSync(join(this.#home, 'page-'))
    const write = (name: string, content: string | Uint8Array): void => {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), content)
    }
    for (const place of PLACES) mkdirSync(join(folder, place), { recursive: true })
    for (const [name, bytes] of this.#dumps) write(name, bytes)
    // Shipped already: a hook that ships must find nothing to send to the pages' hosts.
    for (const name of this.#dumps.keys())
      if (name.startsWith('var/crash/')) write(`${name}.shipped`, '')
    for (const [name, text] of Object.entries(FILES)) write(name, text)
    write('var/log/histories.log', LOG)
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(ROOT, join(folder, 'node_modules/struct-history'))
    symlinkSync(join(ROOT, 'examples'), join(folder, 'examples'))
    symlinkSync(join(ROOT, 'docs/gdb/struct-history.py'), join(folder, 'struct-history.py'))
    symlinkSync(join(folder, 'conns.shdump'), join(folder, `core.${this.#service.pid}`))
    return folder
  }

  /** The page's words, for this machine. */
  here(text: string, folder: string): string {
    const places = new RegExp(`(?<![\\w.])(${PLACES.join('|')})\\b`, 'g')
    return text
      .replace(places, (place) => join(folder, place))
      .replace(PID, `${this.#service.pid}`)
      .replace(ORIGIN, this.#origin)
      .replaceAll('…', '*')
  }

  /** What bash makes of the line there; Ctrl-C at `until`, of what goes on for ever. */
  run(line: string, folder: string, until?: RegExp): Promise<Said> {
    const path = [this.#commands, dirname(process.execPath), join(ROOT, 'node_modules/.bin')]
    // A group of its own, which Ctrl-C meets; and a shell that stays, to say how the program has ended.
    const child = spawn('bash', ['-c', `${line}\nexit $?`], {
      detached: true,
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PATH: [...path, process.env.PATH].join(':'),
        HOME: this.#home,
        NO_COLOR: '1',
        DEBUGINFOD_URLS: '',
        HISTORY_KEY: 'a key that nobody can guess',
      },
    })
    const send = (signal: NodeJS.Signals) => process.kill(-(child.pid as number), signal)
    const deadline = setTimeout(() => send('SIGKILL'), DEADLINE_MS)
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (part) => {
      stdout += part
      if (until?.test(stdout)) send('SIGINT')
    })
    child.stderr.on('data', (part) => {
      stderr += part
    })
    return new Promise((done) =>
      child.once('close', (status) => {
        clearTimeout(deadline)
        // The page's reader is at home in /srv/proxy.
        const plain = (text: string) =>
          text.replaceAll(folder, '/srv/proxy').replaceAll(this.#home, '')
        done({ status, stdout: plain(stdout), stderr: plain(stderr) })
      }),
    )
  }

  end(): void {
    this.#service.kill('SIGKILL')
    rmSync(this.#home, { recursive: true, force: true })
  }
}

/** One life in a recorder of a host. */
function recorded(name: string, host: string, origin?: string) {
  const recorder = new Recorder({ name, host, budget: '512KiB' })
  const verbs = recorder.verbs(VERBS)
  const history = recorder.list('TCP con').push(0x7f95acf6ea60, ...(origin ? [{ origin }] : []))
  history.log(verbs.TCP_REF, 'connect, (%d)', 1)
  history.log(verbs.TCP_DESTROY, 'type=%d', 2)
  return { bytes: new Uint8Array(recorder.snapshot()), origin: history.origin }
}

const SERVICE = `import { Recorder } from 'struct-history'
const recorder = new Recorder({ name: 'proxy', budget: '4MiB' })
const { TCP_REF } = recorder.verbs({ TCP_REF: +1 })
recorder.list('TCP con').push(0x7f95acf6ea60).log(TCP_REF, 'connect, (%d)', 1)
`
/** The pages' running service: something goes on in it. */
const BUSY = `import { Recorder } from ${JSON.stringify(join(ROOT, 'build/index.js'))}
const recorder = new Recorder({ name: 'proxy', budget: '4MiB' })
const { TCP_SEND } = recorder.verbs({ TCP_SEND: 0 })
const list = recorder.list('TCP con', { window: 100 })
const history = list.push(0x7f95acf6ea60)
history.ref()
setInterval(() => {
  history.log(TCP_SEND, 'send %d', 6)
  list.push(0x10).log(TCP_SEND, 'send %d', 7)
}, 20)
console.log('ready')
`

const LOG = recordsOfImage(openImage(raceBytes()))
  .map((record) => `${structured(record)}\n`)
  .join('')

/** A text whose lines stand where a page says that they stand. */
function placed(lines: Readonly<Record<number, string>>): string {
  const last = Math.max(...Object.keys(lines).map(Number))
  return `${Array.from({ length: last }, (_, n) => lines[n + 1] ?? '').join('\n')}\n`
}

/** Files of the reader's. */
const FILES: Readonly<Record<string, string>> = {
  'package.json': '{ "type": "module", "dependencies": { "struct-history": "*" } }',
  'app.mjs': SERVICE,
  'app.js': SERVICE,
  'app.ts': SERVICE,
  'server.mjs': `${SERVICE}process.abort()\n`,
  'questions.sql': 'SELECT count(*) AS lives FROM histories;\n',
  // What docs/COMPILE-OUT.md shows the plugin say is said of these.
  'build.mjs': `import { build } from 'esbuild'
import { esbuild } from 'struct-history/plugin'
const { warnings } = await build({
  entryPoints: ['src/conn.ts'], bundle: true, write: false, plugins: [esbuild()], logLevel: 'silent', external: ['./pool.js', 'struct-history'],
})
for (const { text, location: { file, line, column } } of warnings) console.log(\`\${file}:\${line}:\${column + 1}: \${text}\`)
`,
  'src/shell.ts': placed({ 8: "export const shell = { history: ['ls'] }" }),
  'src/conn.ts': placed({
    1: "import { Recorder } from 'struct-history'",
    2: "import { pool } from './pool.js'",
    3: "import { shell } from './shell.ts'",
    5: "const recorder = new Recorder({ name: 'proxy' })",
    6: 'const V = recorder.verbs({ TCP_REF: +1 })',
    7: "const list = recorder.list('TCP con')",
    38: 'export function open() {',
    39: '  const history = list.push(1)',
    40: '  pool.add(',
    41: '      history,',
    42: '  )',
    43: '}',
    50: 'export function keep(conn) {',
    51: '  if (conn.id > 0)',
    52: '    conn.history = list.push(conn.id)',
    53: '  return shell.history',
    54: '}',
    58: 'export function next(): number { return pool.next() }',
    60: "list.push(2).log(V.TCP_REF, '', next())",
  }),
}
