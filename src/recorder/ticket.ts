// What share() hands out: structured-cloneable, checked when it comes back.

import { FORMAT_VERSION, HEADER_VERSION } from '../../assembly/layout.ts'
import { show } from './given.ts'
import type { Durability } from './options.ts'

/** A recorder on its way to another thread. Post it as it is; it holds no secrets of its own, only the memory. */
export interface Ticket {
  readonly structHistory: 'ticket'
  /** Of the images: a ticket of another version cannot be joined. */
  readonly formatVersion: number
  /** The recorder's. */
  readonly name: string
  /** When the recorder began: milliseconds since 1970, with their fraction. */
  readonly started: number
  /** Whether its clock is the coarse one: see the option `clock`. */
  readonly coarse: boolean
  readonly memory: WebAssembly.Memory
  /** The file that lies under the memory, or that it is copied into. */
  readonly file: string | undefined
  readonly durable: Durability
}

/** @throws {TypeError} When it is not what share() gave, or of another version. */
export function expectTicket(value: unknown): Ticket {
  const ticket = value as Partial<Ticket> | null | undefined
  const wanted = 'a ticket of recorder.share()'
  if (typeof ticket !== 'object' || ticket === null || ticket.structHistory !== 'ticket')
    throw new TypeError(`Cannot join a recorder: expected ${wanted}, got ${show(value)}`)
  if (ticket.formatVersion !== FORMAT_VERSION)
    throw new TypeError(
      `Cannot join a recorder: the ticket is of format version ${show(ticket.formatVersion)}, this library writes version ${FORMAT_VERSION}`,
    )
  if (!(ticket.memory instanceof WebAssembly.Memory))
    throw new TypeError(
      `Cannot join a recorder: expected ${wanted} with its memory, got ${show(ticket.memory)}`,
    )
  // Written last, by whoever began the recorder: another memory has none.
  const begun = new Uint32Array(ticket.memory.buffer, HEADER_VERSION, 1)[0]
  if (begun !== FORMAT_VERSION)
    throw new TypeError(`Cannot join a recorder: expected ${wanted}, got a memory without recorder`)
  return ticket as Ticket
}
