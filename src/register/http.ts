// Requests of node:http, those that a server answers and those that a client makes. Of an URL the path, never the query:
// that is where secrets are.

import type { Recorder } from '../recorder/recorder.ts'
import { careful } from './careful.ts'
import { beforeEmit, isBun, onChannel } from './hosts.ts'
import { Lives } from './lives.ts'
import {
  builtin,
  type ClientRequest,
  errorMonitor,
  type IncomingMessage,
  type ServerResponse,
} from './node.ts'
import type { Sockets } from './sockets.ts'

interface Served {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

interface Answered {
  readonly request: ClientRequest
  readonly response: IncomingMessage
}

export function recordRequests(recorder: Recorder, sockets: Sockets | undefined): void {
  recordServed(recorder, sockets)
  recordMade(recorder, sockets)
}

function recordServed(recorder: Recorder, sockets: Sockets | undefined): void {
  const requests = new Lives(recorder, 'HTTP request', {
    HTTP_REQUEST: 0,
    HTTP_RESPONSE: 0,
    HTTP_ABORTED: 0,
    HTTP_CLOSE: 'end',
  })
  const { verbs } = requests
  const began = ({ request, response }: Served) => {
    if (requests.of(response)) return
    const history = requests.begin(response)
    const { method = '', url = '', socket } = request
    const path = withoutQuery(url)
    history.log(
      verbs.HTTP_REQUEST,
      '%s %s, socket %#x',
      method,
      path,
      sockets?.numberOf(socket) ?? 0,
    )
    noteOn(sockets, socket, requests.numberOf(response))
    response.once(
      'finish',
      careful(() => history.log(verbs.HTTP_RESPONSE, '%d', response.statusCode)),
    )
    response.once(
      'close',
      careful(() => {
        if (!response.writableFinished)
          history.log(verbs.HTTP_ABORTED, 'before the response was written')
        history.log(verbs.HTTP_CLOSE)
      }),
    )
  }
  if (isBun)
    beforeEmit(builtin('node:http').Server, 'request', (_, request, response) =>
      began({ request: request as IncomingMessage, response: response as ServerResponse }),
    )
  else onChannel<Served>('http.server.request.start', began)
}

function recordMade(recorder: Recorder, sockets: Sockets | undefined): void {
  const requests = new Lives(recorder, 'HTTP client request', {
    CLIENT_REQUEST: 0,
    CLIENT_SOCKET: 0,
    CLIENT_RESPONSE: 0,
    CLIENT_ERROR: 0,
    CLIENT_CLOSE: 'end',
  })
  const { verbs } = requests
  onChannel<{ request: ClientRequest }>('http.client.request.start', ({ request }) => {
    if (requests.of(request)) return
    const history = requests.begin(request)
    const { method, host = '', path } = request
    history.log(verbs.CLIENT_REQUEST, '%s %s %s', method, host, withoutQuery(path))
    // By now it has one.
    const { socket, reusedSocket } = request
    if (socket) {
      const number = sockets?.numberOf(socket) ?? 0
      history.log(verbs.CLIENT_SOCKET, 'socket %#x, reused: %d', number, Number(reusedSocket))
      noteOn(sockets, socket, requests.numberOf(request))
    }
    request.on(
      errorMonitor,
      careful((error: Error) => history.log(verbs.CLIENT_ERROR, '%s', error.message)),
    )
    request.once(
      'close',
      careful(() => history.log(verbs.CLIENT_CLOSE)),
    )
  })
  // Not the event 'response': a request that somebody listens to there keeps what nobody reads.
  onChannel<Answered>('http.client.response.finish', ({ request, response }) =>
    requests.of(request)?.log(verbs.CLIENT_RESPONSE, '%d', response.statusCode ?? 0),
  )
}

/** The life of a socket tells which requests went over it. */
function noteOn(sockets: Sockets | undefined, socket: object, number: number): void {
  sockets?.of(socket)?.log(sockets.verbs.SOCKET_REQUEST, 'request %#x', number)
}

export function withoutQuery(url: string): string {
  return url.replace(/[?#].*/s, '')
}
