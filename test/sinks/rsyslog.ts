// A real rsyslogd with a folder of its own: UDP, TCP, TLS and a unix socket in, a spool file out.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { freePorts } from '../support/free-port.ts'
import { sleep } from '../wreck/running.ts'

const WAIT_MS = 45_000

export class Rsyslog {
  readonly folder: string
  readonly spool: string
  readonly socket: string
  readonly certificate: string
  udp = 0
  tcp = 0
  tls = 0
  #child: ChildProcess | undefined

  constructor(folder: string) {
    this.folder = folder
    this.spool = join(folder, 'spool.log')
    this.socket = join(folder, 'in.socket')
    this.certificate = join(folder, 'certificate.pem')
  }

  static async start(folder: string): Promise<Rsyslog> {
    const server = new Rsyslog(folder)
    mkdirSync(join(folder, 'work'), { recursive: true })
    certify(folder)
    const ports = (await freePorts(3)) as [number, number, number]
    ;[server.udp, server.tcp, server.tls] = ports
    writeFileSync(join(folder, 'rsyslog.conf'), server.#configuration())
    await server.start()
    return server
  }

  /** With another configuration: `tcp` is the port that it opens. */
  async start(configuration?: string, tcp = this.tcp): Promise<void> {
    const { folder } = this
    const file = join(folder, 'rsyslog.conf')
    if (configuration !== undefined) writeFileSync(file, configuration)
    const child = spawn('rsyslogd', ['-n', '-f', file, '-i', join(folder, 'pid')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    let said = ''
    child.stderr?.on('data', (bytes) => {
      said += bytes
    })
    const isUp = async () =>
      (await answers(tcp)) &&
      (configuration !== undefined || (existsSync(this.socket) && (await answers(this.tls))))
    const deadline = performance.now() + WAIT_MS
    while (!(await isUp())) {
      if (performance.now() > deadline || child.exitCode !== null)
        throw new Error(`rsyslogd did not start: ${said}`)
      await sleep(20)
    }
  }

  async end(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (!child || child.exitCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }

  /** What stands in the spool file: whole lines, without what rsyslogd says of itself. */
  lines(): string[] {
    const text = existsSync(this.spool) ? readFileSync(this.spool, 'utf8') : ''
    return text.split('\n').filter((line) => line.includes('[struct-history'))
  }

  /** docs/LOGGING.md shows the same. */
  #configuration(): string {
    const { folder, spool, socket, udp, tcp, tls, certificate } = this
    return `global(
  workDirectory="${folder}/work"
  defaultNetstreamDriverCAFile="${certificate}"
  defaultNetstreamDriverCertFile="${certificate}"
  defaultNetstreamDriverKeyFile="${folder}/key.pem"
)
# What was read is written before more is read.
main_queue(queue.type="direct")
module(load="imudp")
module(load="imptcp")
module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="anon")
input(type="imudp" address="127.0.0.1" port="${udp}")
input(type="imptcp" address="127.0.0.1" port="${tcp}")
input(type="imptcp" path="${socket}" unlink="on")
input(type="imtcp" address="127.0.0.1" port="${tls}")
action(type="omfile" file="${spool}" template="RSYSLOG_SyslogProtocol23Format" flushOnTXEnd="on")
`
  }
}

function certify(folder: string): void {
  execFileSync(
    'openssl',
    [
      ...'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost'.split(' '),
      ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
      ...['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'certificate.pem')],
    ],
    { stdio: 'pipe' },
  )
}

async function answers(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
