// tarn, the pool of knex. Its events carry numbers by which a request and what it got belong together.

import { careful } from '../careful.ts'
import type { Asked, PoolClients } from '../pools.ts'

interface TarnPool {
  on(event: string, listener: (...given: never[]) => void): unknown
  acquire(...given: unknown[]): unknown
}

export function recordTarn(
  exported: { Pool: { prototype: TarnPool } },
  clients: PoolClients,
): void {
  const { prototype } = exported.Pool
  const { acquire } = prototype
  const followed = new WeakSet<TarnPool>()
  const follow = careful((pool: TarnPool) => {
    if (followed.has(pool)) return
    followed.add(pool)
    const asked = new Map<number, Asked>()
    pool.on(
      'acquireRequest',
      careful((id: number) => asked.set(id, clients.asked())),
    )
    pool.on(
      'acquireFail',
      careful((id: number) => asked.delete(id)),
    )
    pool.on(
      'acquireSuccess',
      careful((id: number, client: object) => {
        const by = asked.get(id)
        asked.delete(id)
        if (by) clients.acquired(client, by)
      }),
    )
    pool.on(
      'createSuccess',
      careful((_: number, client: object) => clients.connected(client)),
    )
    pool.on(
      'release',
      careful((client: object) => clients.released(client)),
    )
    pool.on(
      'destroyRequest',
      careful((_: number, client: object) => clients.removed(client)),
    )
  })
  prototype.acquire = function (this: TarnPool, ...given: unknown[]) {
    follow(this)
    return acquire.apply(this, given)
  }
}
