// Ships a dump when there is no time left to do so: a process of its own is started, which outlives this one.

import type { FileSystem, Host } from './host.ts'

export interface ShipOptions {
  /**
   * Where to, with `{name}` of the dump, `{host}`, `{day}`, `{time}` and `{pid}`: `https://dumps.example.com/{host}/{name}`.
   * https, or http to this machine.
   */
  readonly url: string
  /** Default PUT. */
  readonly method?: 'PUT' | 'POST'
  /** Such as `{ authorization: 'Bearer …' }`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Signs for S3 and what speaks like it, with the keys that AWS_ACCESS_KEY_ID and the like have in the environment. */
  readonly region?: string
  /** File of certificates to trust besides the system's, PEM. */
  readonly ca?: string
  /** Attempts after the first, default 8. */
  readonly retries?: number
  /** Seconds for all attempts of a dump, default 600. */
  readonly timeout?: number
  /** Larger dumps stay here; MiB, default 1,024. */
  readonly maxSize?: number
  /** Removes a dump that is shipped. Default false. */
  readonly remove?: boolean
  /** What runs `shdb`, where it is not found beside this library: `['/usr/bin/shdb']`. */
  readonly command?: readonly string[]
}

const KEYS = ['url', 'method', 'headers', 'region', 'ca', 'retries', 'timeout', 'maxSize', 'remove']
const URL_START = /^(https:\/\/|http:\/\/(localhost|127\.|\[::1\]))/

export interface Shipper {
  /** Starts shipping; what is to be said of it. Never throws. */
  ship(paths: readonly string[]): string
}

/** @throws {TypeError} For options that are wrong. */
export function shipSettings(given: unknown): ShipOptions | undefined {
  if (given === undefined) return undefined
  const ship = given as ShipOptions
  if (typeof ship !== 'object' || ship === null)
    throw wrong(`ship must be an object as { url: 'https://…' }, got ${JSON.stringify(given)}`)
  for (const key of Object.keys(ship))
    if (key !== 'command' && !KEYS.includes(key))
      throw wrong(`unknown option "ship.${key}", expected ${KEYS.join(', ')}, command`)
  if (typeof ship.url !== 'string' || !URL_START.test(ship.url))
    throw wrong(`ship.url must be https, or http to this machine, got ${JSON.stringify(ship.url)}`)
  return ship
}

const wrong = (what: string) => new TypeError(`Cannot dump on fault: ${what}`)

interface Spawned {
  readonly pid?: number
  unref(): void
  on(event: 'error', listener: () => void): unknown
}
type Spawn = (
  command: string,
  argv: readonly string[],
  options: { detached: true; stdio: 'ignore'; env: Record<string, string | undefined> },
) => Spawned

/** @throws {Error} When shdb is not where it should be. */
export function shipperOf(options: ShipOptions, process: Host, files: FileSystem): Shipper {
  const { spawn } = process.getBuiltinModule('node:child_process') as { spawn: Spawn }
  const [command, ...first] = options.command ?? ownCommand(process, files)
  const env = {
    ...process.env,
    // Secrets may stand in these, so they are not among the arguments, which everybody can list.
    STRUCT_HISTORY_SHIP_URL: options.url,
    STRUCT_HISTORY_SHIP_HEADERS: JSON.stringify(options.headers ?? {}),
  }
  const argv = [...first, 'ship', ...optionsOf(options)]
  return {
    ship(paths) {
      try {
        const child = spawn(command as string, [...argv, ...paths], {
          ...{ detached: true, stdio: 'ignore' },
          env,
        })
        // Told below, as far as it is known by then.
        child.on('error', () => {})
        child.unref()
        if (child.pid === undefined) return 'not shipped: its process did not start'
        return `process ${child.pid} ships it to ${options.url.replace(/\?.*/s, '?…')}`
      } catch (error) {
        return `not shipped: ${error instanceof Error ? error.message : String(error)}`
      }
    },
  }
}

function optionsOf({ method, region, ca, retries, timeout, maxSize, remove }: ShipOptions) {
  const given = { method, region, ca, retries, timeout, 'max-size': maxSize }
  const words = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)],
  )
  return remove === true ? [...words, '--remove'] : words
}

/** shdb.js of this package, by the runtime that runs this. */
function ownCommand({ versions, execPath }: Host, files: FileSystem): readonly string[] {
  const script = decodeURIComponent(new URL('../cli/shdb.js', import.meta.url).pathname)
  try {
    files.statSync(script)
  } catch {
    throw new Error(
      `Cannot dump on fault: ship needs shdb, and there is none at ${script} (was the library bundled?): name it as ship.command`,
    )
  }
  return versions.deno === undefined ? [execPath, script] : [execPath, 'run', '-A', script]
}
