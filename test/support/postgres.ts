// A PostgreSQL server of one test: its data in a folder of its own, on a free port of loopback.

import { spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

const DEBIAN = '/usr/lib/postgresql'
const TRIES = 450
const PAUSE_MS = 100

export interface Postgres {
  readonly url: string
  stop(): Promise<void>
}

/** @throws Error with the line that installs it, where there is none. */
export async function startPostgres(): Promise<Postgres> {
  const programs = programsFolder()
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'))
  const isRoot = process.getuid?.() === 0
  // It refuses to run as root.
  const as = isRoot ? ['runuser', '-u', 'postgres', '--'] : []
  if (isRoot) {
    const uid = Number(run(['id', '-u', 'postgres']))
    chownSync(folder, uid, Number(run(['id', '-g', 'postgres'])))
  }
  const data = join(folder, 'data')
  run([...as, join(programs, 'initdb'), '-D', data, '-U', 'tester', '-A', 'trust', '--no-sync'])
  const port = await freePort()
  const [command = '', ...words] = [
    ...as,
    join(programs, 'postgres'),
    ...['-D', data, '-h', '127.0.0.1', '-p', `${port}`, '-k', folder, '-F'],
  ]
  const server = spawn(command, words, { stdio: 'ignore', detached: true })
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const isReady = () =>
    spawnSync(join(programs, 'pg_isready'), ['-h', '127.0.0.1', '-p', `${port}`]).status === 0
  for (let n = 0; n < TRIES && !isReady(); n++)
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  if (!isReady()) throw new Error(`PostgreSQL did not start on port ${port}`)
  return {
    url: `postgresql://tester@127.0.0.1:${port}/postgres`,
    async stop() {
      // The whole group: runuser passes no signal on.
      if (server.pid !== undefined) process.kill(-server.pid, 'SIGQUIT')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function programsFolder(): string {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : []
  const folders = [...versions.map((version) => join(DEBIAN, version, 'bin')), '/usr/local/bin']
  const found = folders.find(
    (folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_isready')),
  )
  if (found) return found
  throw new Error('PostgreSQL is not installed: apt-get install -y postgresql')
}

function run([command = '', ...words]: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}: ${stderr ?? ''}${error ?? ''}`)
  return stdout.trim()
}
