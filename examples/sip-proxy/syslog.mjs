// What one did before there were histories: each event a line at INFO, to the syslog daemon. For comparison only.

import { writeSync } from 'node:fs'
import { format } from 'node:util'

/** Facility local0, severity INFO. */
const PRIORITY = 16 * 8 + 6

/**
 * Answers to what the proxy calls on a list of the recorder.
 * @param {string} name
 * @param {number} descriptor of a stream socket to the daemon
 * @param {Int32Array} enabled 1 in its first word while lines are written
 * @returns {import('struct-history').List}
 */
export function syslogList(name, descriptor, enabled) {
  const say = (handle, verb, message) => {
    if (enabled[0] === 0) return false
    const object = `${name} ${handle.toString(16)}`
    const line = `<${PRIORITY}>sip-proxy[${process.pid}]: ${object}: ${verb} ${message}\n`
    write(descriptor, Buffer.from(line))
    return true
  }
  const holdAt = (handle, number, owner) => ({
    number,
    transfer: (to) => say(handle, 'TRANSFER', `hold ${number} by ${to}`),
    release: () => say(handle, 'RELEASE', `hold ${number} by ${owner}`),
  })
  let holds = 0
  const at = (handle) => ({
    handle,
    log: (verb, text = '', ...args) => say(handle, verb.name, format(text, ...args)),
    hold(owner) {
      say(handle, 'HOLD', `hold ${++holds} by ${owner}`)
      return holdAt(handle, holds, owner)
    },
    holdAt: (number, owner) => holdAt(handle, number, owner),
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
