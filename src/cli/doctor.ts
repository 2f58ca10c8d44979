// shdb doctor [PID]: will this machine, or that process, leave a core when it crashes? And if not, the lines that mend it.

import { accessSync, constants, readFileSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { CommandError } from '../inspector/index.ts'
import { writeOut } from './output.ts'
import { processNumber } from './process.ts'
import { parseWords } from './words.ts'

const USAGE = `Usage: shdb doctor [PID]

Tells whether a crash will leave a core that holds the recorder: of that
process, or of what is started from here.  Exit code 1 when it will not.
`
/** Longer ones the kernel cuts (CORENAME_MAX_SIZE). */
const PATTERN_BYTES_MAX = 127
/** Anonymous private memory, which a shared WebAssembly memory is. */
const FILTER_ANONYMOUS = 1

interface Finding {
  readonly isWell: boolean
  readonly text: string
  /** Lines for a shell. */
  readonly mend?: readonly string[]
}

export async function runDoctor(argv: readonly string[]): Promise<number> {
  const { options, rest } = parseWords(argv, [], ['help'])
  if (options.size > 0) {
    writeOut(USAGE)
    return 0
  }
  const [text, more] = rest
  if (more !== undefined) throw new CommandError(`expected one PID at most\n${USAGE.trim()}`)
  if (process.platform !== 'linux') {
    writeOut(
      `${process.platform}: no cores that shdb can read.  Have the process dump itself: struct-history/faults.\n`,
    )
    return 1
  }
  const findings = findingsOf(text === undefined ? undefined : processNumber(text))
  for (const { isWell, text: line, mend = [] } of findings) {
    writeOut(`${isWell ? 'ok  ' : 'NO  '}${line}\n`)
    for (const each of mend) writeOut(`      ${each}\n`)
  }
  const isWell = findings.every((each) => each.isWell)
  writeOut(
    isWell
      ? 'A crash will leave a core (abort, SIGSEGV, SIGQUIT, heap exhaustion).  Nothing is left by\nprocess.exit(), an uncaught error, SIGTERM, SIGKILL or the OOM killer: struct-history/faults is for these.\n'
      : 'A crash will leave no core that holds the recorder.\n',
  )
  return isWell ? 0 : 1
}

/** `pid` undefined: what is started from here. */
export function findingsOf(pid: number | undefined): readonly Finding[] {
  const here = `/proc/${pid ?? 'self'}`
  const limits = contents(`${here}/limits`)
  if (limits === undefined) {
    if (pid === undefined) throw new CommandError('Cannot read /proc/self/limits')
    throw new CommandError(
      contents(`${here}/stat`) === undefined
        ? 'ptrace: No such process.'
        : `Cannot look at process ${pid}: it belongs to another user.  Try again as that user or as root.`,
    )
  }
  const pattern = contents('/proc/sys/kernel/core_pattern') ?? 'core'
  return [
    limitFinding(limits, pattern, pid),
    filterFinding(contents(`${here}/coredump_filter`), pid),
    patternFinding(pattern, pid),
    scopeFinding(contents('/proc/sys/kernel/yama/ptrace_scope')),
  ]
}

function contents(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}

export function limitFinding(limits: string, pattern: string, pid?: number): Finding {
  const [, soft = '', hard = ''] = /^Max core file size\s+(\S+)\s+(\S+)/m.exec(limits) ?? []
  const text = `core size limit: ${soft} (hard: ${hard})`
  if (soft === 'unlimited') return { isWell: true, text }
  // 0 is no hindrance to a handler; the kernel takes 1 only for "do not pipe".
  if (pattern.startsWith('|') && soft !== '1')
    return { isWell: true, text: `${text}; a core handler is not bound by it` }
  const isRoot = process.getuid?.() === 0
  const sudo = hard === 'unlimited' || isRoot ? '' : 'sudo '
  const mend =
    pid === undefined
      ? [
          hard === 'unlimited' ? 'ulimit -c unlimited' : 'ulimit -c unlimited   # as root',
          'LimitCORE=infinity   # in a systemd service',
          'docker run --ulimit core=-1 ...',
        ]
      : [`${sudo}prlimit --pid ${pid} --core=unlimited:unlimited`]
  const why =
    soft === '0' ? 'no core is written' : 'a core is cut there, and the recorder comes late in it'
  return { isWell: false, text: `${text}: ${why}`, mend }
}

export function filterFinding(filter: string | undefined, pid?: number): Finding {
  if (filter === undefined) return { isWell: true, text: 'coredump_filter: not told' }
  const bits = Number.parseInt(filter, 16)
  const text = `coredump_filter: 0x${bits.toString(16)}`
  if ((bits & FILTER_ANONYMOUS) !== 0) return { isWell: true, text }
  return {
    isWell: false,
    text: `${text}: the memory of recorders (bit 0, anonymous private) is left out`,
    mend: [`echo 0x33 > /proc/${pid ?? 'self'}/coredump_filter`],
  }
}

export function patternFinding(pattern: string, pid?: number): Finding {
  const text = `core_pattern: ${pattern}`
  if (pattern.startsWith('|')) {
    const program = pattern.slice(1).split(' ')[0] ?? ''
    const isThere = isExecutable(program)
    const name = /systemd-coredump|apport|abrt|shdb/.exec(pattern)?.[0]
    const where: Readonly<Record<string, string>> = {
      'systemd-coredump':
        '; afterwards: coredumpctl dump PID > core.zst   # it keeps 1 GiB at most unless told otherwise',
      apport: '; it keeps cores of packages only, others in /var/lib/apport/coredump',
      abrt: '; it keeps them in /var/spool/abrt',
    }
    if (!isThere) {
      return { isWell: false, text: `${text}: ${program} cannot be run`, mend: patternLines() }
    }
    return { isWell: true, text: `${text}${where[name ?? ''] ?? ''}` }
  }
  if (pattern === '') return { isWell: false, text: 'core_pattern: empty', mend: patternLines() }
  if (pattern.startsWith('/')) return { isWell: true, text }
  const folder = pid === undefined ? undefined : folderOf(pid)
  const place = folder === undefined ? 'the working directory of the process' : folder
  const isSame = !pattern.includes('%')
  const again = isSame ? ', where the next one overwrites it' : ''
  const finding = { isWell: true, text: `${text}, in ${place}${again}` }
  return isSame
    ? {
        ...finding,
        mend: ['echo core.%e.%p.%t > /proc/sys/kernel/core_pattern   # as root: one file each'],
      }
    : finding
}

function scopeFinding(scope: string | undefined): Finding {
  const names = ['no restriction', 'only ancestors and root', 'root only', 'nobody']
  const text =
    scope === undefined
      ? 'ptrace_scope: no Yama; shdb -p PID works for processes of the same user'
      : `ptrace_scope: ${scope}, ${names[Number(scope)] ?? ''} may use shdb -p PID`
  return { isWell: true, text }
}

function folderOf(pid: number): string | undefined {
  try {
    return realpathSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The lines that make shdb the machine's core handler. */
export function patternLines(): readonly string[] {
  const here = fileURLToPath(import.meta.url)
  const root = here.slice(0, Math.max(here.lastIndexOf('/build/'), here.lastIndexOf('/src/')))
  const program = `${root}/build/cli/shdb.js`
  const runtime = process.execPath
  const pattern = `|${runtime} ${program} core-handler %P`
  if (pattern.length <= PATTERN_BYTES_MAX && !/\s/.test(runtime + program))
    return [
      `echo '${pattern}' > /proc/sys/kernel/core_pattern   # as root: shdb keeps the recorder alone`,
    ]
  // The kernel takes no longer line, and splits it at blanks.
  return [
    `printf '#!/bin/sh\\nexec "${runtime}" "${program}" core-handler "$@"\\n' > /usr/local/sbin/shdb-core   # as root`,
    'chmod 755 /usr/local/sbin/shdb-core',
    "echo '|/usr/local/sbin/shdb-core %P' > /proc/sys/kernel/core_pattern",
  ]
}
