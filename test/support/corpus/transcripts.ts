// The transcripts of docs/CHECK.md: which world each is of, and what shdb says there.

import type { Kind } from '../../../src/check/finding.ts'
import { CommandError, Runner } from '../../../src/inspector/index.ts'
import { recordingHost } from '../shdb.ts'
import { grow } from './corpus.ts'
import { STYLES } from './styles.ts'

export interface Transcript {
  readonly style: string
  readonly kind: Kind
  /** As the page has it, without its fences. */
  readonly text: string
}

const BLOCK = /<!-- world: ([^,]+), ([\w-]+) -->\n```console\n([\s\S]*?)```\n/g

export const transcriptsOf = (page: string): Transcript[] =>
  [...page.matchAll(BLOCK)].map(([, style = '', kind = '', text = '']) => ({
    style,
    kind: kind as Kind,
    text,
  }))

/** The same session, run. `VICTIM` is the planted life. */
export async function rerun({ style: name, kind, text }: Transcript): Promise<string> {
  const style = STYLES.find((each) => each.name === name)
  if (style === undefined) throw new Error(`no style ${name}`)
  const { image, victim } = grow(style, 1, kind)
  const host = recordingHost()
  const runner = new Runner(host)
  runner.session.attach(image)
  for (const [, command = ''] of text.matchAll(/^\(shdb\) (.*)$/gm)) {
    const typed = command.replace('VICTIM', `#${victim}`)
    host.write(`(shdb) ${typed}\n`)
    try {
      await runner.execute(typed)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      host.write(`${error.message}\n`)
    }
  }
  return host.stdout
}
