// The memory of a running process, as Linux shows it in /proc: looked at without stopping it, and without making it grow.
// A page that was never written reads as zeros and is not touched, for the kernel would give it to the process then.

import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'
import { CommandError } from '../inspector/index.ts'
import { type AddressSpace, type Region, regionAt } from '../wreck/address-space.ts'

const PAGE_BYTES = 4096
const ENTRY_BYTES = 8
/** Of the page map, so many pages are asked for at once. */
const SPAN_PAGES = 4096
const SPAN_BYTES = SPAN_PAGES * PAGE_BYTES
/** Bits 63 and 62 of an entry: in memory, or swapped out. */
const IS_THERE = 0xc0
const MAP_LINE = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ \S+\s*(.*)$/

interface Mapping extends Region {
  /** Others may have written what this process has not mapped yet. */
  readonly isShared: boolean
}

export class ProcessMemory implements AddressSpace {
  regions: readonly Mapping[]
  readonly #pid: number
  readonly #memory: number
  readonly #pages: number | undefined
  readonly #span = new Uint8Array(SPAN_PAGES * ENTRY_BYTES)
  #spanAt = -1

  /** Throws a CommandError that says why the process cannot be read. */
  constructor(pid: number) {
    this.#pid = pid
    this.regions = mappingsOf(pid)
    this.#memory = opened(pid, 'mem')
    this.#pages = attempted(() => openSync(`/proc/${pid}/pagemap`, 'r'))
  }

  close(): void {
    closeSync(this.#memory)
    if (this.#pages !== undefined) closeSync(this.#pages)
  }

  renew(): void {
    this.regions = mappingsOf(this.#pid)
    this.#spanAt = -1
  }

  isPresent(address: number): boolean {
    if (this.#pages === undefined) return true
    const region = this.regions[regionAt(this.regions, address)]
    if (region === undefined) return false
    return region.isShared || this.#isMapped(this.#pages, address)
  }

  #isMapped(pages: number, address: number): boolean {
    const span = Math.floor(address / SPAN_BYTES)
    if (span !== this.#spanAt) {
      this.#span.fill(0)
      const { length } = this.#span
      const at = span * SPAN_PAGES * ENTRY_BYTES
      attempted(() => readSync(pages, this.#span, 0, length, at))
      this.#spanAt = span
    }
    const page = Math.floor((address % SPAN_BYTES) / PAGE_BYTES)
    return ((this.#span[page * ENTRY_BYTES + ENTRY_BYTES - 1] as number) & IS_THERE) !== 0
  }

  read(address: number, into: Uint8Array): number {
    let at = 0
    while (at < into.length) {
      const [isThere, length] = this.#runAt(address + at, into.length - at)
      if (length === 0) break
      const part = into.subarray(at, at + length)
      if (isThere) {
        const read = attempted(() => readSync(this.#memory, part, 0, length, address + at)) ?? 0
        if (read === 0) break
        at += read
      } else {
        part.fill(0)
        at += length
      }
    }
    return at
  }

  /** How many bytes from an address on are alike: pages that are there, or that are not. */
  #runAt(address: number, most: number): readonly [boolean, number] {
    if (regionAt(this.regions, address) < 0) return [false, 0]
    const isThere = this.isPresent(address)
    let end = (Math.floor(address / PAGE_BYTES) + 1) * PAGE_BYTES
    while (end - address < most && regionAt(this.regions, end) >= 0) {
      if (this.isPresent(end) !== isThere) break
      end += PAGE_BYTES
    }
    return [isThere, Math.min(most, end - address)]
  }
}

/** Writes into a process that runs on; the kernel does it in one piece. Throws a CommandError that says why it cannot. */
export function writeMemory(pid: number, address: number, bytes: Uint8Array): void {
  let memory: number | undefined
  try {
    memory = openSync(`/proc/${pid}/mem`, 'r+')
    writeSync(memory, bytes, 0, bytes.length, address)
  } catch (error) {
    throw refusal(pid, error, 'write')
  } finally {
    if (memory !== undefined) closeSync(memory)
  }
}

function attempted<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}

function mappingsOf(pid: number): readonly Mapping[] {
  const mappings: Mapping[] = []
  for (const line of read(pid, 'maps').split('\n')) {
    const [, from = '', to = '', rights = '', path = ''] = MAP_LINE.exec(line) ?? []
    const start = Number.parseInt(from, 16)
    const end = Number.parseInt(to, 16)
    // What is reserved only would be made real by reading it; devices are no memory.
    if (!Number.isSafeInteger(end) || !rights.startsWith('r')) continue
    if (path.startsWith('/dev/') && !path.startsWith('/dev/shm/')) continue
    mappings.push({
      start,
      end,
      readable: end - start,
      isWritable: rights[1] === 'w',
      isExecutable: rights[2] === 'x',
      isShared: rights[3] === 's',
    })
  }
  if (mappings.length === 0)
    throw new CommandError(
      `Process ${pid} has no memory: it has ended, or is a thread of the kernel.`,
    )
  return mappings
}

/** When it began, in ticks since the machine did: another process with this number has another time. */
export function beginningOf(pid: number): string {
  // The name, in brackets, may hold anything.
  return (
    read(pid, 'stat')
      .replace(/^.*\) /s, '')
      .split(' ')[19] ?? ''
  )
}

/** Its words, as it was started. */
export function commandOf(pid: number): string {
  const line = attempted(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ?? ''
  return line.replace(/\0+$/, '').replaceAll('\0', ' ').slice(0, 200)
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch (error) {
    throw refusal(pid, error)
  }
}

function opened(pid: number, file: string): number {
  try {
    return openSync(`/proc/${pid}/${file}`, 'r')
  } catch (error) {
    throw refusal(pid, error)
  }
}

/** Why a process cannot be looked at, and what to do. */
function refusal(pid: number, error: unknown, to: 'read' | 'write' = 'read'): CommandError {
  const { code = '', name = '' } = error as { code?: string; name?: string }
  if (code === 'ENOENT' || code === 'ESRCH' || name === 'NotFound') {
    return process.platform === 'linux'
      ? new CommandError('ptrace: No such process.')
      : new CommandError(
          `Cannot look at process ${pid}: only Linux shows the memory of others (/proc/PID/mem).  Have the process dump itself.`,
        )
  }
  const action = `Cannot ${to} the memory of process ${pid}`
  if ('Deno' in globalThis && code === '')
    return new CommandError(
      `${action}: shdb runs in Deno, which reads /proc with all permissions only: deno run -A`,
    )
  if (code !== 'EACCES' && code !== 'EPERM') {
    const text = error instanceof Error ? error.message : String(error)
    return new CommandError(`${action}: ${text.split('\n')[0]}`)
  }
  const ours = process.getuid?.()
  const its = attempted(() =>
    /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]?.trim(),
  )
  if (its !== undefined && Number(its) !== ours)
    return new CommandError(
      `${action}: it belongs to user ${its}, and you are user ${ours}.  Try again as that user or as root.`,
    )
  const scope = attempted(() => readFileSync('/proc/sys/kernel/yama/ptrace_scope', 'utf8').trim())
  if (scope !== undefined && scope !== '0')
    return new CommandError(
      `${action}: /proc/sys/kernel/yama/ptrace_scope is ${scope}, so only ${scope === '1' ? 'its ancestors and root' : 'root'} may.  Try again as root, or as root: echo 0 > /proc/sys/kernel/yama/ptrace_scope`,
    )
  return new CommandError(
    `${action}: ptrace: Operation not permitted.  It may have made itself undumpable; try again as root.`,
  )
}
