// Ports of loopback that nobody has, for programs that are told which ones to take.

import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below those that the kernel gives to whoever asks for any: nobody gets one by chance until the program has taken it. */
const FIRST = 15_000
const END = 32_000

export async function freePort(): Promise<number> {
  const [port] = await freePorts(1)
  return port as number
}

/** All different. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = FIRST + Math.floor(Math.random() * (END - FIRST))
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening')
    await new Promise((resolve) => server.close(resolve))
    return true
  } catch {
    return false
  }
}
