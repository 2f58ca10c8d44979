// generic-pool. It has no events: the methods of each pool are wrapped.

import { careful } from '../careful.ts'
import type { PoolClients } from '../pools.ts'

interface GenericPool {
  acquire(...given: unknown[]): PromiseLike<object>
  release(client: object): unknown
  destroy(client: object): unknown
}

export function recordGenericPool(
  exported: { createPool(...given: unknown[]): GenericPool },
  clients: PoolClients,
): void {
  const { createPool } = exported
  const acquired = careful(clients.acquired)
  const released = careful(clients.released)
  const removed = careful(clients.removed)
  exported.createPool = (...given) => {
    const pool = createPool(...given)
    const { acquire, release, destroy } = pool
    pool.acquire = (...how) => {
      const asked = clients.asked()
      return acquire.apply(pool, how).then((client) => {
        acquired(client, asked)
        return client
      })
    }
    // Told before it is done: a waiting acquire() gets the client within.
    pool.release = (client) => {
      released(client)
      return release.call(pool, client)
    }
    pool.destroy = (client) => {
      released(client)
      removed(client)
      return destroy.call(pool, client)
    }
    return pool
  }
}
