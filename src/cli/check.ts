// shdb check [--json] IMAGE…: what is wrong in these images, for scripts: exit status 0 when nothing is, 1 when something
// is, 2 when it could not be told.

import { CommandError, Runner } from '../inspector/index.ts'
import { systemHost } from './host.ts'
import { openFile } from './open.ts'
import { writeOut } from './output.ts'
import { parseWords } from './words.ts'

export const CHECK_USAGE = `Usage: shdb check [--json] [--list LIST] [--least CONFIDENCE] [--max N] IMAGE...

Says what went wrong in these images, the likeliest first: who did what to which
object, and the events that prove it.  Lists of one name are compared over all
images.  Exit status 0 when nothing is found, 1 when something is, 2 on an error.

  --json   One array of { kind, list, object, confidence, events, threads, text, history, image }.
  --list   Only this list.
  --least  What is less sure is not told: 0 to 1, default 0.5.
  --max    At most so many findings; default 20, with --json all.
`

/** Options that have a value. */
const VALUES = ['list', 'least', 'max']

export async function runCheck(argv: readonly string[]): Promise<number> {
  const { options, rest } = parseWords(argv, VALUES, ['json', 'help'])
  if (options.has('help')) {
    writeOut(CHECK_USAGE)
    return 0
  }
  const words = options.has('json') ? ['-json'] : []
  for (const name of VALUES) {
    const given = options.get(name)
    if (given === undefined) continue
    if (given.includes('"'))
      throw new CommandError(`option '--${name}': no name has a quote in it: ${given}`)
    words.push(`-${name} "${given}"`)
  }
  if (rest.length === 0) throw new CommandError('an image is required')
  const runner = new Runner(systemHost())
  runner.session.settings.set('style enabled', false)
  for (const name of rest) runner.session.attachAll(await openFile(name))
  await runner.execute(`check ${words.join(' ')}`)
  return runner.session.findings === 0 ? 0 : 1
}
