// What one did before there were histories: each event a line at INFO, to the syslog daemon. For comparison only.

import { writeSync } from 'node:fs'
import { format } from 'node:util'

/** Facility local0, severity INFO. */
const PRIORITY = 16 * 8 + 6

/**
 * Answers to what the proxy calls on a list of the recorder.
 * @param {string} name
 * @param {number} descriptor of a stream socket to the daemon
 * @returns {import('struct-history').List}
 */
export function syslogList(name, descriptor) {
  const at = (handle) => ({
    handle,
    log(verb, text = '', ...args) {
      const message = format(text, ...args)
      const line = `<${PRIORITY}>sip-proxy[${process.pid}]: ${name} ${handle.toString(16)}: ${verb.name} ${message}\n`
      write(descriptor, Buffer.from(line))
      return true
    },
    unref: () => true,
  })
  const list = { push: (object) => at(object), at }
  return /** @type {import('struct-history').List} */ (/** @type {unknown} */ (list))
}

/** As syslog(3): a full socket is waited for. */
function write(descriptor, bytes) {
  for (let from = 0; from < bytes.length; ) {
    try {
      from += writeSync(descriptor, bytes, from)
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error
    }
  }
}
