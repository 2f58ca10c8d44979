// Clients of pools, from their connection to their removal: who took one, when, for how long, and who never gave it back.
// The classes of the pool libraries are changed when the program loads them, before it makes an instance.

import type { History } from '../recorder/history.ts'
import type { Hold } from '../recorder/hold.ts'
import type { Recorder } from '../recorder/recorder.ts'
import { callerOf } from './caller.ts'
import { Lives } from './lives.ts'
import { onPackages } from './packages.ts'
import { recordGenericPool } from './pools/generic-pool.ts'
import { recordPgPool } from './pools/pg-pool.ts'
import { recordTarn } from './pools/tarn.ts'
import type { Sockets } from './sockets.ts'

const VERBS = {
  POOL_CONNECT: 0,
  POOL_ACQUIRE: 0,
  POOL_ERROR: 0,
  POOL_REMOVE: 'end',
} as const

/** What a library's adapter tells. */
export interface PoolClients {
  /** There is a new client. */
  connected(client: object): void
  /** It was asked for at this place. */
  asked(): Asked
  acquired(client: object, asked: Asked): void
  released(client: object, error?: unknown): void
  removed(client: object): void
}

export interface Asked {
  readonly at: number
  readonly by: string
}

type Adapter = (exported: never, clients: PoolClients) => void

/** By the name of the package. */
const ADAPTERS: Readonly<Record<string, Adapter>> = {
  'generic-pool': recordGenericPool,
  'pg-pool': recordPgPool,
  tarn: recordTarn,
}

export function recordPools(recorder: Recorder, sockets: Sockets | undefined): void {
  const lives = new Lives(recorder, 'pool client', VERBS)
  const { verbs } = lives
  const holds = new WeakMap<object, Hold>()
  const lifeOf = (client: object): History => lives.of(client) ?? lives.begin(client)
  const clients: PoolClients = {
    connected(client) {
      lives
        .begin(client)
        .log(verbs.POOL_CONNECT, 'socket %#x', sockets?.numberOf(socketOf(client)) ?? 0)
    },
    asked: () => ({ at: performance.now(), by: callerOf().place }),
    acquired(client, { at, by }) {
      const history = lifeOf(client)
      history.log(verbs.POOL_ACQUIRE, 'waited %d ms', Math.round(performance.now() - at))
      // A reference with an owner: of one that is never given back shdb says whose it is.
      holds.set(client, history.hold(by))
    },
    released(client, error) {
      if (error) lifeOf(client).log(verbs.POOL_ERROR, '%s', String(error))
      holds.get(client)?.release()
    },
    removed(client) {
      lifeOf(client).log(verbs.POOL_REMOVE)
    },
  }
  onPackages(Object.keys(ADAPTERS), (name, exported) =>
    ADAPTERS[name]?.(exported as never, clients),
  )
}

/** Of pg's clients and of what is a socket itself. */
function socketOf(client: object): object {
  const { connection } = client as { connection?: { stream?: object } }
  return connection?.stream ?? client
}
