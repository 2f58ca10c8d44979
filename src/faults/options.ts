// Every option of dumpOnFault(): its default, its range, and what is said when it is wrong.

import { type ShipOptions, shipSettings } from './ship.ts'
import type { Place } from './write-dump.ts'

export interface DumpOnFaultOptions {
  /** How dump names begin, perhaps with folders: `dumps/proxy` gives `dumps/proxy-TIME-PID.shdump`. Default `struct-history`. */
  readonly file?: string
  /** Folder of the dumps, made when missing. Default: that of `file`, or the current one. */
  readonly directory?: string
  /** Signals that also dump, then act as if nobody had listened: `['SIGTERM']`. Default none. */
  readonly signals?: readonly string[]
  /** Dumps when the process exits with such a status: true any, 'nonzero', or those of an array. Default none. */
  readonly exitCodes?: boolean | 'nonzero' | readonly number[]
  /**
   * Dumps when so much of V8's heap limit is in use, from 0.1 to 1: looked at four times a second while the event loop
   * turns. Node and Deno; Bun's heap has no limit. Default: never.
   */
  readonly heapLimit?: number
  /**
   * At least so many milliseconds between two dumps of a process that lives on (triggers, signals, workers). From 0 to
   * 2^31 - 1. Default 60,000.
   */
  readonly interval?: number
  /**
   * When there are so many dumps of this name, no more are written: the first evidence is the better one. From 1 to
   * 1,000,000. Default 20; in a page 4.
   */
  readonly limit?: number
  /**
   * Ships each dump to object storage or a collector: `{ url: 'https://dumps.example.com/{host}/{name}' }`. By a process of
   * its own, which outlives this one; what an earlier one could not ship is shipped now. Not in a page. Default: dumps stay
   * here.
   */
  readonly ship?: ShipOptions
  /** In a page: also dumps when it is left. Default false. */
  readonly pagehide?: boolean
}

export interface Settings {
  readonly place: Place
  readonly signals: readonly string[]
  readonly isWatchedExit: (code: number) => boolean
  readonly heapLimit: number | undefined
  readonly interval: number
  readonly pagehide: boolean
  readonly ship: ShipOptions | undefined
}

const OPTIONS = [
  'file',
  'directory',
  'signals',
  'exitCodes',
  'heapLimit',
  'interval',
  'limit',
  'ship',
  'pagehide',
]

export function settingsOf(options: DumpOnFaultOptions, limit: number): Settings {
  for (const key of Object.keys(options)) {
    if (OPTIONS.includes(key)) continue
    throw wrong(`unknown option "${key}", expected ${OPTIONS.join(', ')}`)
  }
  return {
    place: { ...placeOf(options), limit: numberOf(options, 'limit', limit, 1, 1_000_000) },
    signals: signalsOf(options),
    isWatchedExit: exitCodesOf(options),
    heapLimit:
      options.heapLimit === undefined ? undefined : numberOf(options, 'heapLimit', 1, 0.1, 1),
    interval: numberOf(options, 'interval', 60_000, 0, 2 ** 31 - 1),
    pagehide: options.pagehide === true,
    ship: shipSettings(options.ship),
  }
}

function placeOf({ file = 'struct-history', directory }: DumpOnFaultOptions) {
  requireString('file', file)
  if (directory !== undefined) requireString('directory', directory)
  const [, folder = '', base = ''] = /^(.*[/\\])?([^/\\]*)$/.exec(file) ?? []
  const name = base.replace(/\.shdump$/, '')
  if (name === '') throw wrong(`file must name a file, got "${file}"`)
  const trimmed = folder.length > 1 ? folder.slice(0, -1) : folder
  if (directory === undefined) return { directory: trimmed || '.', base: name }
  return { directory: trimmed ? `${directory}/${trimmed}` : directory, base: name }
}

function signalsOf({ signals = [] }: DumpOnFaultOptions) {
  if (Array.isArray(signals) && signals.every((signal) => /^SIG[A-Z0-9]+$/.test(String(signal)))) {
    return signals as readonly string[]
  }
  throw wrong(`signals must be an array of names as "SIGTERM", got ${JSON.stringify(signals)}`)
}

function exitCodesOf({ exitCodes = false }: DumpOnFaultOptions): (code: number) => boolean {
  if (typeof exitCodes === 'boolean') return () => exitCodes
  if (exitCodes === 'nonzero') return (code) => code !== 0
  if (Array.isArray(exitCodes) && exitCodes.every((code) => Number.isInteger(code)))
    return (code) => exitCodes.includes(code)
  throw wrong(
    `exitCodes must be true, 'nonzero' or an array of integers, got ${JSON.stringify(exitCodes)}`,
  )
}

function numberOf(
  options: DumpOnFaultOptions,
  option: 'heapLimit' | 'interval' | 'limit',
  otherwise: number,
  least: number,
  most: number,
): number {
  const value = options[option] ?? otherwise
  if (typeof value === 'number' && value >= least && value <= most) return value
  throw wrong(`${option} must be a number from ${least} to ${most}, got ${JSON.stringify(value)}`)
}

function requireString(option: string, value: unknown) {
  if (typeof value === 'string' && value !== '') return
  throw wrong(`${option} must be a string with something in it, got ${JSON.stringify(value)}`)
}

const wrong = (what: string) => new TypeError(`Cannot dump on fault: ${what}`)
