// Syslog over UDP: a line a datagram. Written means handed to the kernel; that a server has it nobody knows, but one that
// is not there makes the kernel of its machine say so.

import { builtin, type DatagramSocket, type Datagrams } from './builtin.ts'
import { nameOf } from './stream.ts'
import type { Output, SyslogTarget } from './target.ts'

/** After so long the refusal of a machine nearby has come. */
const REFUSED_AFTER_MS = 5
/** A server's buffer holds a few hundred lines: between so many it gets a moment. */
const AT_ONCE = 50

export function datagramOutput(target: SyslogTarget): Output {
  const { host, port, priority, structured, most } = target
  const encoder = new TextEncoder()
  let socket: DatagramSocket | undefined
  let failure: Error | undefined

  const open = async () => {
    const opened = builtin<Datagrams>('node:dgram', 'write to syslog over UDP').createSocket(
      host.includes(':') ? 'udp6' : 'udp4',
    )
    opened.on('error', (error) => {
      failure = error
    })
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no address')), target.timeout)
      opened.connect(port, host, () => {
        clearTimeout(timer)
        resolve()
      })
    })
    opened.unref()
    return opened
  }
  const pause = (milliseconds: number) =>
    new Promise((resolve) => setTimeout(resolve, milliseconds))

  return {
    form: { priority, structured, most },
    isSynchronous: false,
    async write(lines) {
      try {
        failure = undefined
        socket ??= await open()
        const to = socket
        for (const [at, line] of lines.entries()) {
          await new Promise<void>((resolve, reject) => {
            to.send(encoder.encode(line), (error) => (error ? reject(error) : resolve()))
          })
          if (at % AT_ONCE === AT_ONCE - 1) await pause(1)
          if (failure) throw failure
        }
        await pause(REFUSED_AFTER_MS)
        if (failure) throw failure
      } catch (error) {
        socket?.close()
        socket = undefined
        throw new Error(`${nameOf(target)}: ${(error as Error).message}`)
      }
    },
    close() {
      socket?.close()
      socket = undefined
    },
  }
}
