// Commands that look at every open image in turn.

import type { Image } from '../../image/image.ts'
import { shownName } from '../print/name.ts'
import type { Session } from '../session.ts'
import type { Target } from '../target.ts'

/** Runs once for each open image, with its name above where there are several. */
export async function eachTarget(
  session: Session,
  show: (target: Target) => void | Promise<void>,
): Promise<void> {
  const several = session.targets.length > 1
  session.target
  for (const target of session.targets) {
    if (several) session.out(`${target.image.source}:\n`)
    await show(target)
  }
}

/** What could not be believed is said wherever it may matter. */
export function tellProblems(session: Session, image: Image): void {
  for (const problem of image.problems()) session.out(`- ${shownName(problem.text)} -\n`)
}
