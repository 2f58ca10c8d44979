// The command line, as gdb takes it: long options with one dash or two, abbreviated, `-ex` and `-x` in their order.

import { parseArgs } from 'node:util'
import { CommandError } from '../inspector/index.ts'

export interface Step {
  readonly kind: 'command' | 'script'
  readonly text: string
}

/** A file, or a running process by its number. */
export interface Subject {
  readonly kind: 'file' | 'process'
  readonly name: string
}

/** What --syslog names: one whole, whichever of them a line is in. */
export interface LogSubject {
  readonly names: readonly string[]
  readonly follow: boolean
}

export interface Options {
  readonly subjects: readonly Subject[]
  readonly logs: LogSubject
  /** Of the recorders in each: this one, by its number from 1 or its name. */
  readonly recorder: string | undefined
  readonly steps: readonly Step[]
  /** Before the images are opened. */
  readonly early: readonly Step[]
  readonly batch: boolean
  readonly quiet: boolean
  /** Neither ~/.shdbinit nor ./.shdbinit. */
  readonly noInit: boolean
  readonly noHomeInit: boolean
  readonly help: boolean
  readonly version: boolean
  readonly directory: string | undefined
}

const FLAGS = ['batch', 'quiet', 'silent', 'nx', 'nh', 'follow', 'help', 'version'] as const
const VALUES = [
  'eval-command',
  'command',
  'init-eval-command',
  'init-command',
  'cd',
  'core',
  'pid',
  'recorder',
  'syslog',
] as const
const NAMES: readonly string[] = [...FLAGS, ...VALUES]

/** gdb's other names of the same options. */
const ALIASES: Readonly<Record<string, string>> = {
  ex: 'eval-command',
  x: 'command',
  iex: 'init-eval-command',
  ix: 'init-command',
  c: 'core',
  p: 'pid',
  q: 'quiet',
  n: 'nx',
  h: 'help',
  v: 'version',
}

/** Of gdb, but of later versions of shdb. */
const NOT_YET = new Set(['args'])

function fullName(name: string): string {
  const alias = ALIASES[name]
  if (alias !== undefined) return alias
  if (NAMES.includes(name)) return name
  const candidates = NAMES.filter((each) => each.startsWith(name))
  const [only] = candidates
  if (candidates.length === 1 && only !== undefined) return only
  if (NOT_YET.has(name)) throw new CommandError(`option '-${name}' is not possible yet`)
  if (candidates.length === 0) throw new CommandError(`unrecognized option '-${name}'`)
  throw new CommandError(
    `option '-${name}' is ambiguous: ${candidates.map((each) => `-${each}`).join(', ')}`,
  )
}

/** `-ex CMD` → `--eval-command=CMD`: parseArgs knows neither one dash nor abbreviations. */
function normalized(argv: readonly string[]): string[] {
  const out: string[] = []
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] as string
    if (word === '--') return [...out, ...argv.slice(at)]
    const [, given, value] = /^--?([a-z][a-z-]*)(?:=(.*))?$/s.exec(word) ?? []
    if (given === undefined) {
      if (word.startsWith('-') && word !== '-')
        throw new CommandError(`unrecognized option '${word}'`)
      out.push(word)
      continue
    }
    const name = fullName(given)
    if ((FLAGS as readonly string[]).includes(name)) out.push(`--${name}`)
    else {
      const text = value ?? argv[++at]
      if (text === undefined) throw new CommandError(`option '${word}' requires an argument`)
      out.push(`--${name}=${text}`)
    }
  }
  return out
}

export function parseOptions(argv: readonly string[]): Options {
  const { tokens } = parseArgs({
    args: normalized(argv),
    options: {
      ...Object.fromEntries(FLAGS.map((name) => [name, { type: 'boolean' as const }])),
      ...Object.fromEntries(
        VALUES.map((name) => [name, { type: 'string' as const, multiple: true }]),
      ),
    },
    allowPositionals: true,
    tokens: true,
  })
  const given = tokens.filter((token) => token.kind === 'option')
  const has = (name: string): boolean => given.some((token) => token.name === name)
  const steps = (command: string, script: string): Step[] =>
    given
      .filter((token) => token.name === command || token.name === script)
      .map((token) => ({
        kind: token.name === command ? 'command' : 'script',
        text: token.value ?? '',
      }))
  const subjects = tokens.flatMap((token): Subject[] => {
    if (token.kind === 'positional') return [{ kind: 'file', name: token.value }]
    if (token.kind !== 'option' || token.value === undefined) return []
    if (token.name === 'core') return [{ kind: 'file', name: token.value }]
    return token.name === 'pid' ? [{ kind: 'process', name: token.value }] : []
  })
  const logs = given.filter((token) => token.name === 'syslog').map(({ value }) => value ?? '')
  if (has('follow') && logs.length === 0)
    throw new CommandError("option '--follow' is for --syslog")
  return {
    subjects,
    logs: { names: logs, follow: has('follow') },
    recorder: given.filter((token) => token.name === 'recorder').at(-1)?.value,
    steps: steps('eval-command', 'command'),
    early: steps('init-eval-command', 'init-command'),
    batch: has('batch'),
    quiet: has('quiet') || has('silent') || has('batch'),
    noInit: has('nx'),
    noHomeInit: has('nh'),
    help: has('help'),
    version: has('version'),
    directory: given.filter((token) => token.name === 'cd').at(-1)?.value,
  }
}

export const USAGE = `Usage: shdb [OPTION]... [IMAGE | CORE | -]...
       shdb [OPTION]... -p PID
       shdb [OPTION]... --syslog FILE [--follow]
       shdb snapshot PID [-o FILE]
       shdb check [--json] IMAGE... [--syslog FILE]
       shdb export --format FORMAT [-o FILE] IMAGE... [--syslog FILE]
       shdb merge [LABEL=]FILE... [--syslog FILE] -o OUT
       shdb redact RULE... IMAGE -o OUT
       shdb doctor [PID]
       shdb core-handler [OPTION]... PID

Walks the histories in a dump of struct-history, in a core, in a running process,
or in a log, in gdb's words.  Dumps and cores may be compressed by gzip, zstd or
lz4; - is standard input.

Options (one dash or two):
  -p PID           Look at a running process, without stopping it.
  --syslog FILE    Histories out of a log, and out of what was rotated away from it (FILE.1, FILE.2.gz);
                   several make one whole; - is standard input.
  --follow         With --syslog: "refresh", "follow" and "watch" read what came since.
  -core FILE       The same as FILE.
  -recorder N      Of several recorders in a core or process this one; its name does, too.
  -batch           Run the commands that are given, then exit; exit code 1 when the last one failed.
  -ex COMMAND      Run a command. May be given several times.
  -x FILE          Run the commands in FILE.
  -iex, -ix        The same, before the images are opened.
  -q, -quiet       No banner.
  -nx              Read neither ~/.shdbinit nor ./.shdbinit.
  -nh              Do not read ~/.shdbinit.
  -cd DIR          Change to DIR first.
  --version        Print the version.
  --help           Print this.

Examples:
  shdb conns.shdump
  shdb -batch -ex 'info lists' -ex 'history 0x7f95acf6ea60' conns.shdump
  shdb -batch -x walk.gdb conns.shdump
  shdb conns.shdump < walk.gdb
  journalctl -o json -u proxy | shdb -batch -ex check --syslog -
  zstdcat core.zst | shdb -batch -ex 'info histories -live' -

At the prompt, "help" lists the commands.
`
