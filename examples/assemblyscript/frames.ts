// The worker's part in AssemblyScript: decodes frames in Wasm, and logs what it does with each into the frame's history.

import { recorder } from 'struct-history/assembly'

const frames = recorder.list('frame')
const FRAME_DECODE = recorder.verb('FRAME_DECODE', 0)
const FRAME_BAD = recorder.verb('FRAME_BAD', 0)

/** A checksum, -1 where the length is no multiple of 4. `handle` names the frame's history. */
export function decode(handle: f64, length: i32): i32 {
  const history = frames.at(handle)
  history.log(FRAME_DECODE, 'decode, %d bytes', length)
  if (length % 4 > 0) {
    history.log(FRAME_BAD, '%d bytes too many', length % 4)
    return -1
  }
  let sum = 0
  for (let n = 0; n < length; n++) sum = (sum << 5) - sum + n
  return sum & 0xffff
}
