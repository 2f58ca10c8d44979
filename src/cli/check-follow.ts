// shdb check --follow: what goes wrong, told when the log tells of it; each finding once.

import { type CheckOptions, checking } from '../check/check.ts'
import type { Finding } from '../check/finding.ts'
import { breathing, type Found, findingText, type Session } from '../inspector/index.ts'
import { writeOut } from './output.ts'

const PAUSE_MILLISECONDS = 500
/** Of a large log a check takes a while: no more than a third of the time goes into it. */
const PAUSE_SHARE = 2

/** Until Ctrl-C, or the end of a pipe. Gives how many were told. */
export async function followChecks(
  session: Session,
  { log }: Found,
  options: CheckOptions & { readonly json: boolean },
): Promise<number> {
  const told = new Set<string>()
  let isWanted = true
  const stop = (): void => {
    isWanted = false
  }
  process.once('SIGINT', stop)
  try {
    for (let before = ''; isWanted; ) {
      const isOver = log?.isOver() ?? true
      session.refreshAll()
      // Every event adds to the addresses that are given out.
      const now = session.targets.map(({ image }) => image.size).join()
      const begun = Date.now()
      if (now !== before) await tellNew(session, options, told)
      before = now
      if (isOver) break
      await session.pause(Math.max(PAUSE_MILLISECONDS, (Date.now() - begun) * PAUSE_SHARE))
    }
  } finally {
    process.off('SIGINT', stop)
  }
  return told.size
}

async function tellNew(
  session: Session,
  { json, ...options }: CheckOptions & { readonly json: boolean },
  told: Set<string>,
): Promise<void> {
  const images = session.targets.map(({ image }) => image)
  const { findings } = await breathing(session, checking(images, options), 'life')
  for (const finding of findings) {
    const which = keyOf(finding)
    if (told.has(which)) continue
    told.add(which)
    writeOut(json ? `${JSON.stringify(finding)}\n` : findingText(finding, images.length > 1))
  }
}

/** A life goes on: more events of it may bear out the same. */
const keyOf = ({ image, history, kind }: Finding): string => `${image} ${history} ${kind}`
