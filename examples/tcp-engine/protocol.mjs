// Frames: four bytes of length, then text in the manner of SIP. A reply's body is one byte repeated, which the request
// chose: a client that is sent another's bytes knows at once.

const PREFIX = 4

/**
 * @param {string} method
 * @param {number} sequence
 * @param {number} wanted bytes of body that the reply shall have
 * @param {number} fill the byte of which it shall consist
 */
export function request(method, sequence, wanted, fill) {
  return frame(
    `${method} sip:tcp-engine SIP/2.0\r\nCSeq: ${sequence}\r\nWant: ${wanted} ${fill}\r\n\r\n`,
  )
}

/**
 * What a frame asks for, or undefined where it is none of this protocol, or asks too much.
 * @param {Buffer} text
 */
export function parseRequest(text) {
  const found = /CSeq: (\d+)\r\nWant: (\d{1,8}) (\d{1,3})\r\n/.exec(text.toString('latin1'))
  if (!found) return
  return { sequence: Number(found[1]), wanted: Number(found[2]), fill: Number(found[3]) }
}

/**
 * @param {number} sequence
 * @param {number} wanted
 * @param {number} fill
 */
export function reply(sequence, wanted, fill) {
  return frame(`SIP/2.0 200 OK\r\nCSeq: ${sequence}\r\n\r\n`, wanted, fill)
}

/**
 * Cuts whole frames off the front; what is left of `bytes` waits for more.
 * @param {Buffer} bytes
 */
export function frames(bytes) {
  const whole = []
  let at = 0
  while (at + PREFIX <= bytes.length) {
    const length = bytes.readUInt32BE(at)
    if (at + PREFIX + length > bytes.length) break
    whole.push(bytes.subarray(at + PREFIX, at + PREFIX + length))
    at += PREFIX + length
  }
  return { whole, rest: bytes.subarray(at) }
}

/**
 * @param {string} head
 * @param {number} bodyLength
 * @param {number} fill
 */
function frame(head, bodyLength = 0, fill = 0) {
  const bytes = Buffer.allocUnsafe(PREFIX + head.length + bodyLength)
  bytes.writeUInt32BE(head.length + bodyLength, 0)
  bytes.write(head, PREFIX, 'latin1')
  return bytes.fill(fill, PREFIX + head.length)
}
