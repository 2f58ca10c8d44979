// TCP and Unix sockets, from connect or accept to close. Not their data: only how much of it there was.

import type { Recorder } from '../recorder/recorder.ts'
import { careful } from './careful.ts'
import { beforeEmit, isBun, onChannel } from './hosts.ts'
import { Lives } from './lives.ts'
import { builtin, errorMonitor, type Socket } from './node.ts'

const VERBS = {
  SOCKET_OPEN: 0,
  SOCKET_ACCEPT: 0,
  SOCKET_CONNECTED: 0,
  SOCKET_REQUEST: 0,
  SOCKET_TIMEOUT: 0,
  SOCKET_END: 0,
  SOCKET_ERROR: 0,
  SOCKET_CLOSE: 'end',
} as const

export type Sockets = Lives<keyof typeof VERBS>

export function recordSockets(recorder: Recorder): Sockets {
  const sockets: Sockets = new Lives(recorder, 'socket', VERBS)
  const { verbs } = sockets
  const opened = careful((socket: Socket, given: readonly unknown[]) => {
    if (sockets.of(socket)) return
    const history = sockets.begin(socket)
    history.log(verbs.SOCKET_OPEN, 'to %s', targetOf(given))
    follow(sockets, socket)
  })
  const accepted = (socket: Socket) => {
    if (sockets.of(socket)) return
    const history = sockets.begin(socket)
    const { remoteAddress = 'a Unix socket', remotePort = 0, localPort = 0 } = socket
    history.log(
      verbs.SOCKET_ACCEPT,
      'from %s port %d, at port %d',
      remoteAddress,
      remotePort,
      localPort,
    )
    follow(sockets, socket)
  }
  // The channel of client sockets tells of net.connect() alone, and many a driver makes its socket by hand.
  const { Server, Socket } = builtin('node:net')
  const { connect } = Socket.prototype
  Socket.prototype.connect = function (this: Socket, ...given: unknown[]) {
    opened(this, given)
    return Reflect.apply(connect, this, given)
  }
  if (isBun) beforeEmit(Server, 'connection', (_, socket) => accepted(socket as Socket))
  else onChannel<{ socket: Socket }>('net.server.socket', ({ socket }) => accepted(socket))
  return sockets
}

function follow(sockets: Sockets, socket: Socket): void {
  const { verbs } = sockets
  const history = sockets.of(socket)
  if (!history) return
  socket.once(
    'connect',
    careful(() => history.log(verbs.SOCKET_CONNECTED, 'from port %d', socket.localPort ?? 0)),
  )
  socket.on(
    'timeout',
    careful(() => history.log(verbs.SOCKET_TIMEOUT, 'idle for %d ms', socket.timeout ?? 0)),
  )
  socket.once(
    'end',
    careful(() => history.log(verbs.SOCKET_END, 'by the other side')),
  )
  // Not 'error': whoever listens to that one takes it on.
  socket.on(
    errorMonitor,
    careful((error: Error) => history.log(verbs.SOCKET_ERROR, '%s', error.message)),
  )
  socket.once(
    'close',
    careful(() =>
      history.log(
        verbs.SOCKET_CLOSE,
        'read %d, written %d bytes',
        socket.bytesRead,
        socket.bytesWritten,
      ),
    ),
  )
}

/** Of the arguments of connect(): (options), (path), (port, host), each perhaps in an array of net's own. */
function targetOf(given: readonly unknown[]): string {
  const [first, second] = Array.isArray(given[0]) ? given[0] : given
  if (typeof first === 'object' && first !== null) {
    const {
      path,
      host = 'localhost',
      port,
    } = first as { path?: string; host?: string; port?: number }
    return path ?? `${host} port ${port}`
  }
  if (typeof first === 'string' && !/^\d+$/.test(first)) return first
  return `${typeof second === 'string' ? second : 'localhost'} port ${first}`
}
