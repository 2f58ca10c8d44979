// The distinct lives of a list as a tree that a page can show: steps that all took in a row are one, and of very many
// branches the rarest are counted only.

import { type Branch, pathsOf } from '../../check/compare/paths.ts'
import type { Family } from '../../check/lives.ts'
import type { Image } from '../../image/image.ts'
import type { PathsView, Step } from './protocol.ts'

const STEPS_MAX = 4000
const BRANCHES_MAX = 60

export function pathsView(images: readonly Image[], family: Family): PathsView {
  const { lives, count, root, notWhole, leftOut } = pathsOf(family)
  let steps = 0
  const stepOf = (branch: Branch): Step => {
    steps++
    const names: string[] = branch.name === '' ? [] : [branch.name]
    let at = branch
    while (at.ends === 0 && at.next.size === 1) {
      at = at.next.values().next().value as Branch
      names.push(at.name)
    }
    const sorted = [...at.next.values()].sort((one, other) => other.lives - one.lives)
    const next: Step[] = []
    let more = 0
    for (const each of sorted) {
      if (next.length < BRANCHES_MAX && steps < STEPS_MAX) next.push(stepOf(each))
      else more += each.lives
    }
    const example = at.example && {
      image: images.indexOf(at.example.source.image),
      handle: at.example.history.handle,
    }
    return { names, lives: branch.lives, ends: at.ends, example, next, more }
  }
  return { list: family.name, lives, distinct: count, notWhole, leftOut, root: stepOf(root) }
}
