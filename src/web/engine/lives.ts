// One life, whole.

import type { Image } from '../../image/image.ts'
import type { LifeView } from './protocol.ts'

export function lifeView(
  images: readonly Image[],
  number: number,
  handle: number,
): LifeView | undefined {
  const image = images[number]
  const history = image?.history(handle)
  if (image === undefined || history === undefined) return undefined
  return {
    image: number,
    list: history.list.name,
    handle,
    object: history.objectText,
    created: history.created,
    thread: history.thread,
    ref: history.ref,
    ended: history.ended,
    pinned: history.pinned,
    len: history.len,
    events: history.events(),
    gaps: history.gaps(),
    lives: image
      .find(history.object)
      .filter((each) => each.list.number === history.list.number)
      .map((each) => each.handle),
  }
}
