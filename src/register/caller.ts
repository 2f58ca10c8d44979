// Who called: the first line of the stack that is the application's own.

const FRAMES = 20
const ELSEWHERE = 'the runtime or a package'
const RUNTIME = /\bnode:/
/** The runtime's modules, and packages that the application uses. */
const NOT_ITS_OWN = /\bnode:|\(internal|node_modules[\\/]|\bext:|\bbun:|native code/
/** This package, built: `build/`. */
const OURS = new URL('..', import.meta.url)
const OURS_AS_PATH = decodeURIComponent(OURS.pathname)
const FRAME = /^\s*at (?:(?:async )?(?:new )?(.*?) \()?(.*?:\d+:\d+)\)?$/

export interface Caller {
  /** `src/app.js:41:9 getUser`; 'the runtime or a package' when no line of the stack is the application's. */
  readonly place: string
  /**
   * Whether the runtime's function that is at work was called by this package: the keeper of a recorder's clock is a
   * timer, too.
   */
  readonly isOurs: boolean
}

export function callerOf(): Caller {
  const lines = stack()
  const own = lines.find((line) => !NOT_ITS_OWN.test(line) && !isOurs(line) && FRAME.test(line))
  const behindRuntime = lines.findIndex((line) => RUNTIME.test(line))
  const asker = lines.slice(behindRuntime).find((line) => !RUNTIME.test(line))
  return { place: own === undefined ? ELSEWHERE : placeOf(own), isOurs: isOurs(asker ?? '') }
}

function placeOf(line: string): string {
  const [, name = '', place = ''] = FRAME.exec(line) ?? []
  // The folder of the file and its name tell enough, and nothing of whose machine it is.
  const file = place.replace(/^.*[\\/](?=[^\\/]+[\\/][^\\/]+$)/, '')
  return name === '' ? file : `${file} ${name}`
}

function stack(): string[] {
  const limited = Error as { stackTraceLimit?: number }
  const { stackTraceLimit } = limited
  limited.stackTraceLimit = FRAMES
  const lines = (new Error().stack ?? '').split('\n').slice(1)
  if (stackTraceLimit !== undefined) limited.stackTraceLimit = stackTraceLimit
  return lines
}

const isOurs = (line: string): boolean => line.includes(OURS.href) || line.includes(OURS_AS_PATH)
