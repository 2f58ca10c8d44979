// fetch(), from the call to its end. Node's is undici's, which tells on channels; that of Deno and Bun tells nothing, and
// is wrapped: there a life ends with the headers, as nobody tells of the end of a body.

import type { Recorder } from '../recorder/recorder.ts'
import { careful } from './careful.ts'
import { isBun, isDeno, onChannel } from './hosts.ts'
import { withoutQuery } from './http.ts'
import { Lives } from './lives.ts'

interface UndiciRequest {
  readonly method: string
  readonly origin: string | URL
  readonly path: string
}

const VERBS = {
  FETCH_REQUEST: 0,
  FETCH_HEADERS: 0,
  FETCH_ERROR: 0,
  FETCH_END: 'end',
} as const

type Fetches = Lives<keyof typeof VERBS>

export function recordFetches(recorder: Recorder): void {
  const fetches: Fetches = new Lives(recorder, 'fetch', VERBS)
  if (isBun || isDeno) wrapFetch(fetches)
  else followUndici(fetches)
}

function followUndici(fetches: Fetches): void {
  const { verbs } = fetches
  onChannel<{ request: UndiciRequest }>('undici:request:create', ({ request }) => {
    const { method, origin, path } = request
    const history = fetches.begin(request)
    history.log(verbs.FETCH_REQUEST, '%s %s%s', method, String(origin), withoutQuery(path))
  })
  onChannel<{ request: object; response: { statusCode: number } }>(
    'undici:request:headers',
    ({ request, response }) =>
      fetches.of(request)?.log(verbs.FETCH_HEADERS, '%d', response.statusCode),
  )
  onChannel<{ request: object }>('undici:request:trailers', ({ request }) =>
    fetches.of(request)?.log(verbs.FETCH_END),
  )
  onChannel<{ request: object; error: Error }>('undici:request:error', ({ request, error }) => {
    fetches.of(request)?.log(verbs.FETCH_ERROR, '%s', error.message)
    fetches.of(request)?.log(verbs.FETCH_END)
  })
}

function wrapFetch(fetches: Fetches): void {
  const { verbs } = fetches
  const { fetch } = globalThis
  const began = careful((request: object, input: unknown, init: unknown) => {
    const { method = 'GET' } = (init ?? (input instanceof Request ? input : {})) as RequestInit
    const url = input instanceof Request ? input.url : String(input)
    fetches.begin(request).log(verbs.FETCH_REQUEST, '%s %s', method, withoutQuery(url))
  })
  const ended = careful((request: object, verb: 'FETCH_HEADERS' | 'FETCH_ERROR', what: unknown) => {
    const history = fetches.of(request)
    history?.log(verbs[verb], '%s', String(what))
    history?.log(verbs.FETCH_END)
  })
  const recorded = async (input: unknown, init: unknown) => {
    const request = {}
    began(request, input, init)
    try {
      const response = await Reflect.apply(fetch, globalThis, [input, init])
      ended(request, 'FETCH_HEADERS', response.status)
      return response
    } catch (error) {
      ended(request, 'FETCH_ERROR', error instanceof Error ? error.message : error)
      throw error
    }
  }
  // What else hangs on it (Bun's preconnect) stays.
  globalThis.fetch = Object.assign(recorded, fetch) as typeof fetch
}
