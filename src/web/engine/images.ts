// What was opened, as the page lists it.

import type { Image, List } from '../../image/image.ts'
import type { Opening } from './engine.ts'
import type { ImageView, ListView } from './protocol.ts'

export function imageViews(openings: readonly Opening[]): ImageView[] {
  const views: ImageView[] = []
  for (const { images, description, warnings } of openings) {
    for (const [i, image] of images.entries()) {
      const notes = i === 0 ? { description, warnings } : { description: [], warnings: [] }
      views.push({ ...imageView(image, views.length), ...notes })
    }
  }
  return views
}

function imageView(image: Image, number: number): Omit<ImageView, 'description' | 'warnings'> {
  const { source, name, pid, started, coarse, size, budget } = image
  return {
    number,
    source,
    name,
    pid,
    started,
    coarse,
    size,
    budget,
    lists: image.lists().map(listView),
    threads: image.threads(),
    // `enabled` is a getter, which no message carries.
    verbs: image.verbs().map((verb) => ({ name: verb.name, role: verb.role })),
  }
}

const listView = (list: List): ListView => ({
  number: list.number,
  name: list.name,
  histories: list.histories().length,
  window: list.window,
  pushed: list.pushed,
  evicted: list.evictedByWindow + list.evictedByBudget + list.evictedPinned,
  enabled: list.enabled,
})
