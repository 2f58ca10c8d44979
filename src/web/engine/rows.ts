// All histories in columns: 100,000 of them go to the page as a dozen arrays.

import type { Image } from '../../image/image.ts'
import { ENDED, PINNED, RELEASED, type Rows } from './protocol.ts'

export function rowsOf(images: readonly Image[]): Rows {
  const all = images.flatMap((image, number) =>
    image.lists().flatMap((list) => list.histories().map((history) => ({ history, number }))),
  )
  const count = all.length
  const threads = new Map<string, number>()
  const rows = {
    count,
    image: new Uint16Array(count),
    list: new Uint16Array(count),
    handle: new Float64Array(count),
    object: new Array<string>(count),
    events: new Uint32Array(count),
    ref: new Uint16Array(count),
    flags: new Uint8Array(count),
    created: new Float64Array(count),
    thread: new Uint16Array(count),
  }
  for (const [row, { history, number }] of all.entries()) {
    const { thread, ref } = history
    let name = threads.get(thread)
    if (name === undefined) {
      name = threads.size
      threads.set(thread, name)
    }
    rows.image[row] = number
    rows.list[row] = history.list.number
    rows.handle[row] = history.handle
    rows.object[row] = history.objectText
    rows.events[row] = history.len
    rows.ref[row] = ref
    rows.flags[row] =
      (history.ended ? ENDED : 0) | (ref === 0 ? RELEASED : 0) | (history.pinned ? PINNED : 0)
    rows.created[row] = history.created
    rows.thread[row] = name
  }
  return { ...rows, threadNames: [...threads.keys()] }
}
