// Who may ask the server of `shdb web`: whoever knows the token, on this machine, from the page itself. Any page in the
// browser and any user of the machine can reach a port on loopback; docs/PAGE.md has what each of these rules is against.

import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Nobody guesses 192 bits. */
const TOKEN_BYTES = 24

/** In the path, not in a cookie: cookies go to every port of a host, those of other users' servers included. */
export const newToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url')

export interface Refusal {
  readonly status: 400 | 403 | 405
  readonly why: string
}

/** What was asked for below the token, without the query; or why nothing is answered. */
export function admitted(
  request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  token: string,
  port: number,
): string | Refusal {
  const { method, url = '', headers } = request
  // A name that somebody else's DNS points at loopback.
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  if (!hosts.includes(headers.host ?? '')) return refused('another host was asked for')
  if (!isFromHere(headers, hosts)) return refused('another page asks')
  const [, given = '', path = ''] = /^\/([^/?#]*)\/([^?#]*)/.exec(url) ?? []
  if (!isSame(given, token)) return refused('open the address that shdb has printed')
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, why: 'GET and HEAD only' }
  return path
}

const refused = (why: string): Refusal => ({ status: 403, why })

function isFromHere(headers: IncomingMessage['headers'], hosts: readonly string[]): boolean {
  const { origin } = headers
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) return false
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return true
  // A link to the page, which --open follows, too: what it shows nobody else can read.
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
}

function isSame(given: string, token: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(token)]
  return one.length === other.length && timingSafeEqual(one, other)
}
