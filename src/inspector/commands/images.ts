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

/** What could not be believed is said wherever it may matter; beyond `most`, how much more there is. */
export function tellProblems(
  session: Session,
  image: Image,
  most = Number.POSITIVE_INFINITY,
): void {
  const problems = image.problems()
  for (const { text } of problems.slice(0, most)) session.out(`- ${shownName(text)} -\n`)
  const more = problems.length - most
  if (more > 0)
    session.out(
      `- ${more} problems more in ${shownName(image.source)}: "info lists" lists them -\n`,
    )
}
