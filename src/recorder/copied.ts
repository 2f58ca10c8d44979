// A recorder that a thread copies into a file, again and again: where the runtime cannot map one under the memory.

import { usedBytes } from '../core/instance.ts'
import type { Copier } from '../runtime/copier.ts'
import { type Host, host } from '../runtime/host.ts'
import { begin, canBeShared, newMemory } from './begin.ts'
import { besideName, evidenceStem, removeStale, setAside } from './evidence.ts'
import { explained } from './explained.ts'
import { show } from './given.ts'
import type { RecorderSettings } from './options.ts'
import type { Ticket } from './ticket.ts'

const TRIES = 100

const copiers = new WeakMap<WebAssembly.Memory, Copier>()

/** Of the thread that began the recorder. */
export const copierOf = (memory: WebAssembly.Memory): Copier | undefined => copiers.get(memory)

/**
 * Begins, in a file of its own: what another process, even a living one, has there gets another name.
 * @throws {Error} When it cannot; says why.
 */
export function beginCopied(path: string, settings: RecorderSettings): Ticket {
  return explained(`create recorder in file ${show(path)}`, () => {
    const memory = newMemory(settings.budgetChunks)
    if (!canBeShared(memory))
      throw new Error('its memory cannot be shared with the thread that copies')
    if (host.startPageCopier) return copiedInPage(path, memory, settings, host.startPageCopier)
    const files = host.files()
    const ticket = begin(memory, settings, 'copied')
    removeStale(path, files)
    const beside = besideName(path, host.pid)
    let inode: string | undefined
    files.create(beside)
    try {
      files.write(beside, usedBytes(memory))
      inode = files.inode(beside)
      for (let n = 0; !files.link(beside, path); n++) {
        if (n === TRIES) throw new Error('other processes begin in it all the time')
        setAside(path, files, settings.keep, false)
      }
    } finally {
      files.remove(beside)
    }
    // The next process to begin there gives this file its other name.
    const paths = [path, `${evidenceStem(path, ticket.started, host.pid)}.shdump`]
    const copyAll = () => {
      const own = paths.find((name) => files.inode(name) === inode)
      if (own !== undefined) files.write(own, usedBytes(memory))
    }
    const work = { memory, paths, inode: `${inode}`, interval: settings.interval }
    copiers.set(memory, host.startCopier(work, copyAll))
    return ticket
  })
}

/** Each page has a file of its own, since its storage is that of all pages of its origin. */
function copiedInPage(
  path: string,
  memory: WebAssembly.Memory,
  settings: RecorderSettings,
  start: NonNullable<Host['startPageCopier']>,
): Ticket {
  const base = path.slice(path.lastIndexOf('/') + 1)
  if (base === '') throw new Error('it must end with a name')
  const ticket = begin(memory, settings, 'copied')
  const { started } = ticket
  const copier = start({ memory, base, started, interval: settings.interval, keep: settings.keep })
  copiers.set(memory, copier)
  return { ...ticket, file: copier.file }
}
