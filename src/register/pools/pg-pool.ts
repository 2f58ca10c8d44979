// pg-pool, which is also pg.Pool. pool.query() takes its client by connect(), too.

import { careful } from '../careful.ts'
import type { Asked, PoolClients } from '../pools.ts'

interface PgPool {
  on(event: string, listener: (...given: never[]) => void): unknown
  connect(callback?: Callback): unknown
}

type Callback = (error: unknown, client?: object, done?: unknown) => unknown

export function recordPgPool(exported: { prototype: PgPool }, clients: PoolClients): void {
  const { prototype } = exported
  const { connect } = prototype
  const followed = new WeakSet<PgPool>()
  const follow = careful((pool: PgPool) => {
    if (followed.has(pool)) return
    followed.add(pool)
    pool.on(
      'connect',
      careful((client: object) => clients.connected(client)),
    )
    pool.on(
      'release',
      careful((error: unknown, client: object) => clients.released(client, error)),
    )
    pool.on(
      'remove',
      careful((client: object) => clients.removed(client)),
    )
  })
  const acquired = careful((client: object | undefined, asked: Asked) => {
    if (client) clients.acquired(client, asked)
  })
  prototype.connect = function (this: PgPool, callback?: Callback) {
    follow(this)
    const asked = clients.asked()
    if (typeof callback === 'function') {
      const told: Callback = (error, client, done) => {
        acquired(client, asked)
        return callback(error, client, done)
      }
      return connect.call(this, told)
    }
    const taken = connect.call(this) as Promise<object>
    return taken.then((client) => {
      acquired(client, asked)
      return client
    })
  }
}
