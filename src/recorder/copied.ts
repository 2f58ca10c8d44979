// A recorder that a thread copies into a file, again and again: where the runtime cannot map one under the memory.

import { usedBytes } from '../core/instance.ts'
import type { Copier } from '../runtime/copier.ts'
import { host } from '../runtime/host.ts'
import { begin, canBeShared, newMemory } from './begin.ts'
import { setAside } from './evidence.ts'
import { explained } from './explained.ts'
import { type RecorderSettings, show } from './options.ts'
import type { Ticket } from './ticket.ts'

const copiers = new WeakMap<WebAssembly.Memory, Copier>()

/** Of the thread that began the recorder. */
export const copierOf = (memory: WebAssembly.Memory): Copier | undefined => copiers.get(memory)

/**
 * Begins, in a file of its own: what another process, even a living one, has there gets another name.
 * @throws {Error} When it cannot; says why.
 */
export function beginCopied(path: string, settings: RecorderSettings): Ticket {
  return explained(`create recorder in file ${show(path)}`, () => {
    const files = host.files()
    setAside(path, files, settings.keep, false)
    files.create(path)
    const memory = newMemory(settings.budgetChunks)
    if (!canBeShared(memory))
      throw new Error('its memory cannot be shared with the thread that copies')
    const ticket = begin(memory, settings, 'copied')
    const copyAll = () => files.write(path, usedBytes(memory))
    copyAll()
    const work = { memory, path, interval: settings.interval }
    copiers.set(memory, host.startCopier(work, copyAll))
    return ticket
  })
}
