// What was opened, as the page lists it.

import type { Image, List } from '../../image/image.ts'
import type { Opening } from './engine.ts'
import type { ImageView, ListView } from './protocol.ts'

const TOLD_MAX = 3

export function imageViews(openings: readonly Opening[]): ImageView[] {
  const views: ImageView[] = []
  for (const { files, images, description, warnings } of openings) {
    for (const [i, image] of images.entries()) {
      const view = { ...imageView(image, views.length), files }
      const damage = damageOf(image)
      const notes =
        i === 0
          ? { description, warnings: [...warnings, ...damage] }
          : { description: [], warnings: damage }
      views.push({ ...view, ...notes })
    }
  }
  return views
}

function imageView(
  image: Image,
  number: number,
): Omit<ImageView, 'files' | 'description' | 'warnings'> {
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

/** The first things that cannot be believed: a dump that was cut says so before anybody asks. */
function damageOf(image: Image): string[] {
  const problems = image.problems()
  const more = problems.length - TOLD_MAX
  return [
    ...problems.slice(0, TOLD_MAX).map(({ text }) => text),
    ...(more > 0 ? [`${more} more: see Stats`] : []),
  ]
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
