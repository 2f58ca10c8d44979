// A new recorder on a memory that nobody has written to.

import {
  FORMAT_VERSION,
  HEADER_FLAG_COARSE,
  HEADER_FLAG_MAPPED,
  HEADER_FLAG_ORDERED_STORES,
  HEADER_FLAG_SHARED,
  HEADER_HOST,
  HEADER_NAME,
  HEADER_NAME_BYTES,
  STRING_BYTES_MAX,
} from '../../assembly/layout.ts'
import { CoreInstance, isShared } from '../core/instance.ts'
import { encodeInto } from '../image/utf8.ts'
import { host } from '../runtime/host.ts'
import { ArgumentBytes } from './arguments.ts'
import { TIME_ORIGIN } from './clock.ts'
import type { Durability, RecorderSettings } from './options.ts'
import type { Ticket } from './ticket.ts'

export function begin(
  memory: WebAssembly.Memory,
  settings: RecorderSettings,
  durable: Durability,
): Ticket {
  const instance = new CoreInstance(memory)
  const name = new Uint8Array(HEADER_NAME_BYTES)
  const { written } = encodeInto(settings.name, name)
  new Uint8Array(memory.buffer).set(name, HEADER_NAME)
  const started = TIME_ORIGIN + performance.now()
  const flags =
    (settings.coarse ? HEADER_FLAG_COARSE : 0) |
    (canBeShared(memory) ? HEADER_FLAG_SHARED : 0) |
    (host.ordersStores ? HEADER_FLAG_ORDERED_STORES : 0) |
    (durable === 'mapped' ? HEADER_FLAG_MAPPED : 0)
  const id = BigInt.asUintN(64, (BigInt(randomWord()) << 32n) | BigInt(randomWord()))
  instance.core.begin(settings.budgetChunks, flags, id, started, host.pid, written)
  nameHost(instance, settings.host ?? host.machine())
  return {
    structHistory: 'ticket',
    formatVersion: FORMAT_VERSION,
    name: settings.name,
    started,
    coarse: settings.coarse,
    memory,
    file: settings.file,
    durable,
  }
}

function nameHost(instance: CoreInstance, name: string): void {
  if (name === '') return
  const text = new ArgumentBytes()
  const bytes = text.only(name, STRING_BYTES_MAX)
  instance.core.writeWord(HEADER_HOST, instance.intern(text.words, bytes))
}

/** Chromium makes a shared memory on any page, but lets none but isolated pages post it. */
export function canBeShared(memory: WebAssembly.Memory): boolean {
  return isShared(memory) && globalThis.crossOriginIsolated !== false
}

/** Grows as it is needed, up to `maximum` chunks. */
export function newMemory(maximum: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: 1, maximum, shared: true })
  } catch {
    // An engine, or a page, without shared memory. All at once: growing would take the views of it away.
    return new WebAssembly.Memory({ initial: maximum, maximum })
  }
}

function randomWord(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] as number) >>> 0
}
