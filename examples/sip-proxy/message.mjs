// As much of SIP's syntax (RFC 3261) as a proxy must understand to pass a message on.

/**
 * @typedef {object} Message
 * @property {string} text
 * @property {string} method of a request; of a reply, that of its CSeq
 * @property {number} status 0: a request
 * @property {string} uri
 * @property {string} callId
 * @property {number} cseq
 * @property {string} from
 * @property {string} to
 * @property {string} fromTag
 * @property {string} toTag '': outside of a dialog
 * @property {string} branch of the topmost Via
 * @property {[number, number]} via where the topmost Via stands in the text, its line's end included
 * @property {string} origin of the call, as the proxy before this one has it; '': it begins here
 * @property {string} vias all Via lines
 * @property {number} bodyBytes what Content-Length says
 * @property {number} headEnd where the body begins
 */

/**
 * Undefined for what is not SIP.
 * @param {string} text
 * @returns {Message | undefined}
 */
export function parse(text) {
  const headEnd = text.indexOf('\r\n\r\n') + 4
  const first = text.indexOf('\r\n')
  if (headEnd < 4 || first < 0) return
  const isReply = text.startsWith('SIP/2.0 ')
  const line = text.slice(0, first)
  const words = line.split(' ')
  if (!isReply && (words.length !== 3 || words[2] !== 'SIP/2.0')) return
  const message = {
    text,
    method: isReply ? '' : words[0],
    status: isReply ? Number(words[1]) : 0,
    uri: isReply ? '' : words[1],
    callId: '',
    cseq: 0,
    from: '',
    to: '',
    fromTag: '',
    toTag: '',
    branch: '',
    via: /** @type {[number, number]} */ ([0, 0]),
    origin: '',
    vias: '',
    bodyBytes: 0,
    headEnd,
  }
  for (let at = first + 2; at < headEnd - 2; ) {
    let end = text.indexOf('\r\n', at) + 2
    // A line that begins with a space goes on with the one before.
    while (text[end] === ' ' || text[end] === '\t') end = text.indexOf('\r\n', end) + 2
    const colon = text.indexOf(':', at)
    const name = text.slice(at, colon).trimEnd().toLowerCase()
    readHeader(message, name, text, colon + 1, at, end)
    at = end
  }
  if (message.callId === '' || message.method === '' || message.via[1] === 0) return
  return message
}

function readHeader(message, name, text, valueAt, at, end) {
  switch (name) {
    case 'v':
    case 'via':
      if (message.via[1] === 0) {
        // Several may stand in one line; then the others keep the name.
        const comma = text.slice(valueAt, end).indexOf(',')
        message.via = comma < 0 ? [at, end] : [valueAt, valueAt + comma + 1]
        message.branch = parameter(text.slice(valueAt, comma < 0 ? end : valueAt + comma), 'branch')
      }
      message.vias += text.slice(at, end)
      break
    case 'i':
    case 'call-id':
      message.callId = text.slice(valueAt, end).trim()
      break
    case 'cseq': {
      const [number, method] = text.slice(valueAt, end).trim().split(/\s+/)
      message.cseq = Number(number)
      if (message.status !== 0) message.method = method ?? ''
      break
    }
    case 'f':
    case 'from':
      message.from = text.slice(valueAt, end).trim()
      message.fromTag = parameter(message.from, 'tag')
      break
    case 't':
    case 'to':
      message.to = text.slice(valueAt, end).trim()
      message.toTag = parameter(message.to, 'tag')
      break
    case 'struct-history-origin':
      message.origin = text.slice(valueAt, end).trim()
      break
    case 'l':
    case 'content-length':
      message.bodyBytes = Number(text.slice(valueAt, end)) || 0
      break
  }
}

/**
 * @param {string} value
 * @param {string} name
 */
function parameter(value, name) {
  const at = value.lastIndexOf(`;${name}=`)
  if (at < 0) return ''
  const from = at + name.length + 2
  const found = /^[^;,>\s]*/.exec(value.slice(from))
  return found ? found[0] : ''
}

/**
 * The request as it is passed on, with our Via on top.
 * @param {Message} request
 * @param {string} via
 * @param {string} headers '' or whole lines
 */
export function forwarded({ text }, via, headers) {
  const first = text.indexOf('\r\n') + 2
  return `${text.slice(0, first)}Via: ${via}\r\n${headers}${text.slice(first)}`
}

/**
 * A reply, or a request that we forwarded, without the topmost Via.
 * @param {Message} message
 */
export function withoutVia({ text, via: [from, to] }) {
  return text.slice(0, from) + text.slice(to)
}

/**
 * A reply of our own.
 * @param {Message} request
 * @param {number} status
 * @param {string} reason
 * @param {string} vias
 */
export function ownReply({ from, to, toTag, callId, cseq, method }, status, reason, vias) {
  const tagged = toTag === '' && status > 100 ? `${to};tag=proxy-${cseq}` : to
  return (
    `SIP/2.0 ${status} ${reason}\r\n${vias}From: ${from}\r\nTo: ${tagged}\r\n` +
    `Call-ID: ${callId}\r\nCSeq: ${cseq} ${method}\r\nContent-Length: 0\r\n\r\n`
  )
}

/**
 * An ACK or CANCEL of our own for a request that we forwarded: the same branch, the same CSeq.
 * @param {Message} sent
 * @param {string} method
 * @param {string} to
 */
export function ownRequest({ uri, from, callId, cseq, text, via: [at, end] }, method, to) {
  return (
    `${method} ${uri} SIP/2.0\r\n${text.slice(at, end)}Max-Forwards: 70\r\nFrom: ${from}\r\n` +
    `To: ${to}\r\nCall-ID: ${callId}\r\nCSeq: ${cseq} ${method}\r\nContent-Length: 0\r\n\r\n`
  )
}

/**
 * host and port of the topmost Via: where a reply goes that belongs to no transaction.
 * @param {string} vias
 */
export function sentBy(vias) {
  const found = /^[^:]+:\s*SIP\/2\.0\/(\w+)\s+([\d.]+):(\d+)/.exec(vias)
  return found ? { transport: found[1], host: found[2], port: Number(found[3]) } : undefined
}
