// Lines in the body of a request: what a page has for a log.

import { type Output, PLAIN, type PostTarget, Refused } from './target.ts'

/** What a page that is being left may still have under way. */
const KEEPALIVE_BYTES = 60_000
const TOO_MANY = 429
const TIMED_OUT = 408

export function postOutput({ url, headers, timeout }: PostTarget): Output {
  return {
    form: PLAIN,
    isSynchronous: false,
    async write(lines) {
      const body = lines.map((line) => `${line}\n`).join('')
      const response = await fetch(url, {
        method: 'POST',
        body,
        headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
        signal: AbortSignal.timeout(timeout),
        keepalive: body.length * 3 <= KEEPALIVE_BYTES,
      })
      await response.arrayBuffer()
      if (response.ok) return
      const sentence = `${url}: the server answered ${response.status}`
      const { status } = response
      if (status >= 400 && status < 500 && status !== TOO_MANY && status !== TIMED_OUT)
        throw new Refused(sentence)
      throw new Error(sentence)
    },
    close() {},
  }
}
