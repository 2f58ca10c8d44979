// How a worker thread reads and writes a socket that the main thread accepted. A runtime passes no sockets between
// threads, but descriptors belong to the whole process: in Node and Bun the workers call read(2) and write(2) on them,
// non-blocking, with the kernel's own "partly" and "not now". Deno shows no descriptors: there the bytes go through rings
// in shared memory that the main thread pumps (sockets-pumped.mjs), with the same two answers.

import { readSync, writeSync } from 'node:fs'
import { PumpedMain, PumpedWorker } from './sockets-pumped.mjs'

/**
 * @typedef {object} WorkerSockets
 * @property {(channel: number, into: Buffer) => number} read bytes read; 0 = the peer sends no more; -1 = nothing now
 * @property {(channel: number, bytes: Buffer) => number | 'gone'} write bytes taken, 0 = not now
 *
 * @typedef {object} MainSockets
 * @property {unknown} transport what a worker gives to `connectSockets`
 * @property {(socket: import('node:net').Socket) => number} adopt -> channel
 * @property {(channel: number) => void} close
 */

/** @type {WorkerSockets} */
const byDescriptor = {
  read(channel, into) {
    try {
      return readSync(channel, into, 0, into.length, null)
    } catch (error) {
      if (error.code === 'EAGAIN') return -1
      if (error.code === 'ECONNRESET') return 0
      throw error
    }
  },
  write(channel, bytes) {
    try {
      return writeSync(channel, bytes, 0, bytes.length, null)
    } catch (error) {
      if (error.code === 'EAGAIN') return 0
      if (error.code === 'EPIPE' || error.code === 'ECONNRESET') return 'gone'
      throw error
    }
  },
}

/** @implements {MainSockets} */
class DescriptorMain {
  transport = undefined
  #sockets = new Map()

  adopt(socket) {
    const descriptor = socket._handle.fd
    this.#sockets.set(descriptor, socket)
    return descriptor
  }

  close(channel) {
    this.#sockets.get(channel)?.destroy()
    this.#sockets.delete(channel)
  }
}

/**
 * @param {number} slots
 * @returns {MainSockets}
 */
export function ownSockets(slots) {
  return 'Deno' in globalThis ? new PumpedMain(slots) : new DescriptorMain()
}

/**
 * @param {ConstructorParameters<typeof PumpedWorker>[0] | undefined} transport
 * @returns {WorkerSockets}
 */
export function connectSockets(transport) {
  return transport ? new PumpedWorker(transport) : byDescriptor
}
