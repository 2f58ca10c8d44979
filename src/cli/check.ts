// shdb check [--json] IMAGE…: what is wrong in these images, for scripts: exit status 0 when nothing is, 1 when something
// is, 2 when it could not be told.

import { CommandError, Runner } from '../inspector/index.ts'
import { followChecks } from './check-follow.ts'
import { systemHost } from './host.ts'
import { openLogs } from './logs.ts'
import { openFile } from './open.ts'
import { writeOut } from './output.ts'
import { parseWords } from './words.ts'

const CHECK_USAGE = `Usage: shdb check [--json] [--list LIST] [--least CONFIDENCE] [--max N] IMAGE...
       shdb check [OPTION]... --syslog FILE [--follow] [IMAGE]...

Says what went wrong in these images, the likeliest first: who did what to which
object, and the events that prove it.  Lists of one name are compared over all
images.  Exit status 0 when nothing is found, 1 when something is, 2 on an error.

  --json   One array of { kind, list, object, confidence, events, threads, text, history, image }.
  --list   Only this list.
  --least  What is less sure is not told: 0 to 1, default 0.5.
  --max    At most so many findings; default 20, with --json all.
  --syslog Histories out of a log, and out of what was rotated away from it; - is standard input.
  --follow Go on while the log goes on, and tell each finding once, when it is found; with --json
           one object a line.  Ends at Ctrl-C, or with the pipe.
`

/** Options that have a value. */
const VALUES = ['list', 'least', 'max']

export async function runCheck(argv: readonly string[]): Promise<number> {
  const { options, all, rest } = parseWords(argv, [...VALUES, 'syslog'], ['json', 'follow', 'help'])
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
  const logs = all.get('syslog') ?? []
  if (rest.length === 0 && logs.length === 0) throw new CommandError('an image is required')
  const follow = options.has('follow')
  if (follow && logs.length === 0) throw new CommandError("option '--follow' is for --syslog")
  const runner = new Runner(systemHost())
  runner.session.settings.set('style enabled', false)
  for (const name of rest) runner.session.attachAll(await openFile(name))
  const log = logs.length > 0 ? await openLogs(logs, { follow }) : undefined
  if (log !== undefined) runner.session.attachAll(log)
  if (follow && log !== undefined) {
    const [list, least] = [options.get('list'), options.get('least')]
    const told = await followChecks(runner.session, log, {
      json: options.has('json'),
      ...(list !== undefined && { list }),
      ...(least !== undefined && { least: Number(least) }),
    })
    return told === 0 ? 0 : 1
  }
  await runner.execute(`check ${words.join(' ')}`)
  return runner.session.findings === 0 ? 0 : 1
}
