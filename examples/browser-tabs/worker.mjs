// Hashes the parts of uploads, which it knows by their handles, and ends them.

import { Recorder } from 'struct-history'
import { histories } from './histories.mjs'

const PART_MS = 5
let known

addEventListener('message', async ({ data: { ticket, name, handle, parts } }) => {
  if (ticket) {
    known = histories(Recorder.join(ticket, { thread: name }))
    return
  }
  const { uploads, UPLOAD_PART, UPLOAD_UNREF, UPLOAD_END } = known
  const history = uploads.at(handle)
  for (let part = 1; part <= parts; part++) {
    await new Promise((resolve) => setTimeout(resolve, PART_MS))
    history?.log(UPLOAD_PART, 'part %d of %d', part, parts)
  }
  history?.log(UPLOAD_UNREF, 'hashed, (%d)', 1)
  history?.log(UPLOAD_UNREF, 'sent, (%d)', 0)
  history?.log(UPLOAD_END, 'done')
})
