// Syslog over TCP, TLS and unix sockets. These protocols have no receipts: what was written may lie in a buffer of a server
// that is being killed. So each batch is a connection of its own, and counts as written when the server has read it to its end
// and closes, while the next connection, made before, still stands: else it was the kernel that closed for a dead server.

import { builtin, type Net, type Socket } from './builtin.ts'
import type { Output, SyslogTarget } from './target.ts'

/** A killed process loses all its connections at once: after so long the next one would be gone, too. */
const ALIVE_AFTER_MS = 20

export function streamOutput(target: SyslogTarget): Output {
  const { priority, structured, most, framing } = target
  let standing: Connection | undefined
  return {
    form: { priority, structured, most },
    isSynchronous: false,
    async write(lines) {
      const current = standing?.isOpen ? standing : await Connection.open(target)
      standing = undefined
      let next: Connection | undefined
      try {
        next = await Connection.open(target)
        await current.finish(framed(lines, framing))
        await new Promise((resolve) => setTimeout(resolve, ALIVE_AFTER_MS))
        if (!next.isOpen) throw new Error(`${nameOf(target)}: the server ended`)
        standing = next
      } catch (error) {
        current.drop()
        next?.drop()
        throw error
      }
    },
    close() {
      standing?.drop()
    },
  }
}

class Connection {
  readonly #socket: Socket
  readonly #name: string
  #isFinishing = false
  #hasEnded = false
  #failure: Error | undefined
  #onClose: (() => void) | undefined
  isOpen = true

  private constructor(socket: Socket, name: string) {
    this.#socket = socket
    this.#name = name
    socket.on('end', () => {
      this.#hasEnded = true
      // Nothing is asked of a server but its end: one that closes first is going away.
      if (!this.#isFinishing) this.drop()
    })
    socket.on('error', (error: Error) => {
      this.#failure ??= new Error(`${name}: ${error.message}`)
      this.drop()
    })
    socket.on('timeout', () => {
      // A connection that waits for work may do so for ever.
      if (!this.#isFinishing) return
      this.#failure ??= new Error(`${name}: the server does not read`)
      this.drop()
    })
    socket.on('close', () => {
      this.isOpen = false
      this.#onClose?.()
    })
  }

  static open(target: SyslogTarget): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const name = nameOf(target)
      const socket = connected(target)
      const connection = new Connection(socket, name)
      const fail = () => reject(connection.#failure ?? new Error(`${name}: closed at once`))
      const timer = setTimeout(() => {
        connection.#failure ??= new Error(`${name}: no connection within ${target.timeout} ms`)
        connection.drop()
      }, target.timeout)
      connection.#onClose = () => {
        clearTimeout(timer)
        fail()
      }
      socket.on(target.transport === 'tls' ? 'secureConnect' : 'connect', () => {
        clearTimeout(timer)
        connection.#onClose = undefined
        socket.setTimeout(target.timeout)
        // A server says nothing; its end is only seen by who reads.
        socket.resume()
        socket.unref()
        resolve(connection)
      })
    })
  }

  /** Writes, ends, and waits until the server has read all and ends, too. */
  finish(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#isFinishing = true
      this.#onClose = () => {
        if (this.#hasEnded && !this.#failure) resolve()
        else reject(this.#failure ?? new Error(`${this.#name}: closed before all was read`))
      }
      if (this.isOpen) this.#socket.end(bytes)
      else this.#onClose()
    })
  }

  drop(): void {
    this.isOpen = false
    this.#socket.destroy()
  }
}

function connected({ transport, host, port, path, tls }: SyslogTarget): Socket {
  if (transport === 'unix')
    return builtin<Net>('node:net', 'write to a unix socket').connect({ path })
  if (transport === 'tcp')
    return builtin<Net>('node:net', 'write to syslog').connect({ host, port })
  const servername = tls.servername ?? (/^[\d.]+$|:/.test(host) ? undefined : host)
  return builtin<Net>('node:tls', 'write to syslog over TLS').connect({
    host,
    port,
    ...tls,
    ...(servername === undefined ? {} : { servername }),
  })
}

/** RFC 6587 and RFC 5425: the length before each, or a line feed behind it. */
function framed(lines: readonly string[], framing: 'octets' | 'lines'): Uint8Array {
  const encoder = new TextEncoder()
  if (framing === 'lines') return encoder.encode(lines.map((line) => `${line}\n`).join(''))
  return encoder.encode(lines.map((line) => `${encoder.encode(line).length} ${line}`).join(''))
}

export const nameOf = ({ transport, host, port, path }: SyslogTarget): string =>
  transport === 'unix' ? `unix:${path}` : `${transport}://${host}:${port}`
