// Every option of a log and of its targets: its default, its range, and what is said when it is wrong.

import { known, show, text } from '../recorder/given.ts'
import {
  type ConsoleTarget,
  type FileTarget,
  LINE_BYTES,
  type ModuleTarget,
  type PostTarget,
  type SyslogTarget,
  type Target,
  type WriteLines,
} from './target.ts'

export interface LogOptions {
  /**
   * Histories that may wait for the thread that writes; more are dropped. Rounded up to a power of two. From 1 to 1,048,576.
   * Default: 1024.
   */
  readonly queue?: number
  /** Bytes of lines that may wait for the target; then histories wait in the queue. From 1 to 2^30. Default: 4 MiB. */
  readonly pending?: number
  /**
   * Bytes of lines that are written at once, and again when that fails; a history is never split. From 1 to 2^30. Default:
   * 256 KiB.
   */
  readonly batch?: number
  /** Milliseconds between two looks at the queue. From 1 to 60,000. Default: 50. */
  readonly interval?: number
  /** Milliseconds that the end of the process waits for the rest at most. From 0 to 60,000. Default: 2000. */
  readonly endWithin?: number
  /** 'worker' (default): a thread of its own, where there are threads; 'idle': this one, a few milliseconds at a time. */
  readonly thread?: 'worker' | 'idle'
}

const FACILITIES =
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock local0 local1 local2 local3 local4 local5 local6 local7'.split(
    ' ',
  )
const SEVERITIES = 'emerg alert crit err warning notice info debug'.split(' ')

export interface SyslogOptions {
  /** How it is sent. 'unix': a stream socket (rsyslog's imptcp), not /dev/log, which takes datagrams. Default: 'tcp'. */
  readonly transport?: 'udp' | 'tcp' | 'tls' | 'unix'
  /** Name or address of the server. Default: '127.0.0.1'. */
  readonly host?: string
  /** From 0 to 65,535. Default: 514 for UDP, 601 for TCP, 6514 for TLS. */
  readonly port?: number
  /** The socket, for 'unix'. */
  readonly path?: string
  /** Between lines of a stream: 'octets' (default), the length before each (RFC 6587, 5425); 'lines', a line feed behind it. */
  readonly framing?: 'octets' | 'lines'
  /** `kern` … `local7`. Default: 'local0'. */
  readonly facility?: string
  /** `emerg` … `debug`. Default: 'info'. */
  readonly severity?: string
  /** 'structured' (default): the columns as structured data; 'plain': in the message, for servers that drop structured data. */
  readonly form?: 'structured' | 'plain'
  /** Bytes of a line; a longer one is cut, and says so. From 480 to 65,000. Default: 8096, what rsyslog takes. */
  readonly maxLine?: number
  /** Milliseconds until a connection, or a server that does not read, is given up. From 1 to 600,000. Default: 5000. */
  readonly timeout?: number
  /** For TLS: certificates in PEM of whom to trust, instead of those of the runtime. */
  readonly ca?: string | readonly string[]
  /** For TLS: the client's own, in PEM. */
  readonly cert?: string
  readonly key?: string
  /** For TLS: the name in the server's certificate. Default: host. */
  readonly servername?: string
}

const DEFAULT_PORTS = { udp: 514, tcp: 601, tls: 6514, unix: 0 }

/**
 * RFC 5424 to a syslog server. Over streams a batch counts as written when the server has read it to its end; over UDP when
 * the kernel has taken it. What fails is repeated, so lines may come twice.
 * @throws {TypeError | RangeError} For an option that is unknown, of the wrong type or out of range.
 */
export function syslog(options: SyslogOptions = {}): SyslogTarget {
  const action = 'write to syslog'
  known(action, options, [
    'transport',
    'host',
    'port',
    'path',
    'framing',
    'facility',
    'severity',
    'form',
    'maxLine',
    'timeout',
    'ca',
    'cert',
    'key',
    'servername',
  ])
  const transport = choice(action, 'transport', options.transport ?? 'tcp', [
    'udp',
    'tcp',
    'tls',
    'unix',
  ] as const)
  if ((transport === 'unix') !== (options.path !== undefined))
    throw new TypeError(
      `Cannot ${action}: path is for transport 'unix', and wanted there, got ${show(options.path)}`,
    )
  const facility = choice(action, 'facility', options.facility ?? 'local0', FACILITIES)
  const severity = choice(action, 'severity', options.severity ?? 'info', SEVERITIES)
  const { ca, cert, key, servername } = options
  return {
    kind: 'syslog',
    transport,
    host: text(action, 'host', options.host ?? '127.0.0.1'),
    port: integerWithin(action, 'port', options.port ?? DEFAULT_PORTS[transport], 0, 65_535),
    path: transport === 'unix' ? text(action, 'path', options.path) : '',
    framing: choice(action, 'framing', options.framing ?? 'octets', ['octets', 'lines'] as const),
    priority: FACILITIES.indexOf(facility) * SEVERITIES.length + SEVERITIES.indexOf(severity),
    structured:
      choice(action, 'form', options.form ?? 'structured', ['structured', 'plain'] as const) ===
      'structured',
    most: integerWithin(action, 'maxLine', options.maxLine ?? LINE_BYTES, 480, 65_000),
    timeout: integerWithin(action, 'timeout', options.timeout ?? 5000, 1, 600_000),
    tls: {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(servername === undefined ? {} : { servername }),
    },
  }
}

/**
 * The plain form, appended to a file that only its owner may read. A batch for which the disk has no room leaves nothing and is
 * repeated.
 */
export function file(path: string): FileTarget {
  return { kind: 'file', path: text('write to a file', 'its path', path) }
}

/** The plain form, in the body of requests: `POST`, a line each. Repeated but for answers 4xx. */
export function post(
  url: string | URL,
  options: { readonly headers?: Record<string, string>; readonly timeout?: number } = {},
): PostTarget {
  const action = 'post histories'
  known(action, options, ['headers', 'timeout'])
  return {
    kind: 'post',
    url: text(action, 'the URL', String(url)),
    headers: options.headers ?? {},
    timeout: integerWithin(action, 'timeout', options.timeout ?? 5000, 1, 600_000),
  }
}

/** The plain form, by console.info(). */
export const toConsole = (): ConsoleTarget => ({ kind: 'console' })

/**
 * What a module exports by default, a target or a function, opened in the thread that writes: so that LogTape, or code of
 * your own, is off the thread that logs, too. `inWorker(new URL('./log.mjs', import.meta.url))`
 */
export const inWorker = (url: string | URL): ModuleTarget => ({
  kind: 'module',
  url: text('write in a worker', 'the URL of a module', String(url)),
})

export function logSettings(target: unknown, options: LogOptions) {
  const action = 'make a log'
  const isTarget =
    typeof target === 'function' || typeof (target as Target | undefined)?.kind === 'string'
  if (!isTarget)
    throw new TypeError(`Cannot ${action}: expected a target or a function, got ${show(target)}`)
  known(action, options, ['queue', 'pending', 'batch', 'interval', 'endWithin', 'thread'])
  const queue = integerWithin(action, 'queue', options.queue ?? 1024, 1, 2 ** 20)
  const bytes = (name: 'pending' | 'batch', otherwise: number) =>
    integerWithin(action, name, options[name] ?? otherwise, 1, 2 ** 30)
  return {
    queue: 2 ** Math.ceil(Math.log2(queue)),
    interval: integerWithin(action, 'interval', options.interval ?? 50, 1, 60_000),
    thread: choice(action, 'thread', options.thread ?? 'worker', ['worker', 'idle'] as const),
    settings: {
      pendingBytes: bytes('pending', 4 * 2 ** 20),
      batchBytes: bytes('batch', 2 ** 18),
      endWithin: integerWithin(action, 'endWithin', options.endWithin ?? 2000, 0, 60_000),
    },
  }
}

export type { Target, WriteLines }

function choice<const Choice extends string>(
  action: string,
  what: string,
  value: unknown,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((each) => each === value)
  if (found !== undefined) return found
  throw new TypeError(
    `Cannot ${action}: ${what} must be one of ${choices.join(', ')}, got ${show(value)}`,
  )
}

function integerWithin(
  action: string,
  what: string,
  value: unknown,
  least: number,
  most: number,
): number {
  const wanted = `Cannot ${action}: ${what} must be an integer from ${least} to ${most}, got ${show(value)}`
  if (typeof value !== 'number') throw new TypeError(wanted)
  if (!Number.isInteger(value) || value < least || value > most) throw new RangeError(wanted)
  return value
}
