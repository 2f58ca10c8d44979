// Styles that were written after the detectors, and that no detector was changed for without a reason of its own: what a
// check does on programs that its authors did not think of. Reported apart.

import type { Style } from './styles.ts'
import type { Told } from './world.ts'

/** A stateful SIP proxy's transactions: branches as objects, timers, retransmissions, cancel and reply crossing. */
export const sipTransactions: Style = {
  name: 'sip transactions',
  verbs: {
    T_NEW: 1,
    T_REF: 1,
    T_UNREF: -1,
    T_TIMER: 0,
    T_REPLY: 0,
    T_RETRANS: 0,
    T_CANCEL: 0,
    T_DESTROY: 'end',
  },
  lives: 600,
  plants: {
    'unref-below-zero': ['unref-below-zero'],
    'use-after-end': ['use-after-end', 'unref-below-zero'],
    'end-while-referenced': ['end-while-referenced'],
    leak: ['leak', 'missed-handover'],
  },
  tell({ world, list, t, n, plant }) {
    const life = world.push(list, `z9hG4bK${(n * 7919).toString(36)}`, t, 'udp 1')
    const udp = `udp ${1 + (n % 3)}`
    let refs = 1
    life.log(udp, 'T_NEW', `INVITE sip:user${n}@example.com, refs=${refs}`)
    life.log(udp, 'T_REF', `timer wheel, refs=${++refs}`)
    for (let i = world.random() < 0.2 ? 1 + world.below(2) : 0; i > 0; i--)
      life.log(udp, 'T_RETRANS', `CSeq ${n}`)
    const isCancelled = world.random() < 0.15
    const udp2 = `udp ${1 + world.below(3)}`
    if (isCancelled || plant === 'unref-below-zero') {
      life.log(udp2, 'T_REF', `cancel, refs=${++refs}`)
      life.log(udp2, 'T_CANCEL', 'from UAC')
      life.log(udp2, 'T_UNREF', `cancel, refs=${--refs}`)
      if (plant === 'unref-below-zero') life.log(udp2, 'T_UNREF', `cancel, refs=${--refs}`)
    }
    life.log(udp2, 'T_REPLY', `${isCancelled ? 487 : 200}`)
    if (plant === 'leak') return life
    life.wait(300)
    if (plant === 'use-after-end') {
      life.log('timer', 'T_UNREF', `timer wheel, refs=${--refs}`)
      life.log('timer', 'T_UNREF', `expired, refs=${--refs}`)
      life.log('timer', 'T_DESTROY')
      life.log(udp2, 'T_REPLY', '200')
      return life
    }
    life.log('timer', 'T_TIMER', 'fr_timer')
    if (plant !== 'end-while-referenced')
      life.log('timer', 'T_UNREF', `timer wheel, refs=${--refs}`)
    life.log(udp, 'T_UNREF', `final, refs=${--refs}`)
    life.log(udp, 'T_DESTROY')
    if (plant === 'end-while-referenced')
      life.log('timer', 'T_UNREF', `timer wheel, refs=${--refs}`)
    return life
  },
}

/** A database pool: a connection is checked out and in many times; it ends when it is too old. */
export const poolConnections: Style = {
  name: 'pool connections',
  verbs: { CONNECT: 0, CHECKOUT: 1, QUERY: 0, CHECKIN: -1, RETIRE: 'end' },
  lives: 250,
  every: 900,
  plants: {
    leak: ['leak', 'missed-handover'],
    'use-after-end': ['use-after-end'],
    'unref-below-zero': ['unref-below-zero'],
    'end-while-referenced': ['end-while-referenced'],
  },
  tell({ world, list, t, n, plant }) {
    const life = world.push(list, n, t, 'pool')
    life.log('pool', 'CONNECT', `pg ${n}`)
    const rounds = 3 + world.below(8)
    for (let i = 0; i < rounds; i++) {
      const who = `request ${world.below(20)}`
      life.log(who, 'CHECKOUT', `idle ${world.below(50)} ms`)
      for (let q = world.below(3); q >= 0; q--) life.log(who, 'QUERY', `${world.below(900)} rows`)
      const isLast = i === rounds - 1
      if (plant === 'leak' && isLast) return life
      if (plant === 'end-while-referenced' && isLast) break
      life.log(who, 'CHECKIN')
      if (plant === 'unref-below-zero' && isLast) life.log(who, 'CHECKIN')
      if (plant === 'use-after-end' && isLast) {
        life.log('pool', 'RETIRE', 'too old')
        life.log(who, 'QUERY', '3 rows')
        return life
      }
    }
    life.log('pool', 'RETIRE', world.random() < 0.1 ? 'error' : 'too old')
    return life
  },
}

/** Uploads: chunks acknowledged by another thread, in any order; aborts; no roles but the end. */
export const uploads: Style = {
  name: 'uploads',
  verbs: { BEGIN: 0, CHUNK: 0, ACK: 0, ABORT: 'end', COMMIT: 'end' },
  plants: {
    'use-after-end': ['use-after-end'],
    'double-end': ['double-end'],
    leak: ['leak', 'missed-handover'],
  },
  tell({ world, list, t, n, plant }) {
    const life = world.push(list, `upload/${n}`, t, 'http')
    const writer = `disk ${world.below(2)}`
    life.log('http', 'BEGIN', `${world.below(1e6)} bytes`)
    const chunks = 1 + world.below(8)
    let acked = 0
    for (let sent = 0; sent < chunks; ) {
      if (world.random() < 0.6) life.log('http', 'CHUNK', `${sent++} of ${chunks}`)
      else if (acked < sent) life.log(writer, 'ACK', `${acked++}`)
    }
    if (plant === 'leak') return life
    if (world.random() < 0.04) return life.log('http', 'ABORT', 'client gone')
    while (acked < chunks) life.log(writer, 'ACK', `${acked++}`)
    life.log('http', 'COMMIT')
    if (plant === 'use-after-end') life.log(writer, 'ACK', `${acked}`)
    if (plant === 'double-end') life.log('http', 'ABORT', 'client gone')
    return life
  },
}

/** An inventory: stock read, decided upon and written by several shops, without references. */
export const inventory: Style = {
  name: 'inventory',
  verbs: { GET: 0, PUT: 0, LOOK: 0 },
  lives: 200,
  every: 2000,
  plants: { 'lost-update': ['lost-update'] },
  tell({ world, list, t, n, plant }) {
    const life = world.push(list, `sku-${n}`, t, 'main')
    let stock = 50
    const sales = 3 + world.below(5)
    for (let i = 0; i < sales; i++) {
      const shop = `shop ${world.below(4)}`
      if (world.random() < 0.3) life.log(`shop ${world.below(4)}`, 'LOOK', 'page')
      if (plant === 'lost-update' && i === 1) {
        life.log('shop a', 'GET', `stock ${stock} of 50`)
        life.log('shop b', 'GET', `stock ${stock} of 50`)
        life.log('shop b', 'PUT', `stock ${stock - 1} of 50`)
        life.log('shop a', 'PUT', `stock ${--stock} of 50`)
        continue
      }
      life.log(shop, 'GET', `stock ${stock} of 50`)
      life.log(shop, 'PUT', `stock ${--stock} of 50`)
    }
    return life
  },
}

/** Actors that pass a message from mailbox to mailbox; the last one drops it. */
export const actors: Style = {
  name: 'actors job',
  verbs: { SPAWN: 1, POST: 0, RECEIVE: 0, DROP: -1, GONE: 'end' },
  plants: {
    'missed-handover': ['missed-handover'],
    'double-end': ['double-end'],
    'use-after-end': ['use-after-end'],
    'rare-path': ['rare-path'],
    'log-after-last-unref': ['log-after-last-unref', 'use-after-end'],
  },
  tell({ world, list, t, n, plant }) {
    const life: Told = world.push(list, `job-${n}`, t, 'actor 0')
    life.log('actor 0', 'SPAWN')
    const hops = 1 + world.below(4)
    for (let hop = 0; hop < hops; hop++) {
      life.log(`actor ${hop}`, 'POST', `to ${hop + 1}`)
      if (plant === 'missed-handover' && hop === hops - 1) return life
      life.log(`actor ${hop + 1}`, 'RECEIVE', `from ${hop}`)
    }
    if (plant === 'rare-path') life.log(`actor ${hops}`, 'SPAWN').log(`actor ${hops}`, 'DROP')
    life.log(`actor ${hops}`, 'DROP')
    if (plant === 'log-after-last-unref') life.log('actor 0', 'POST', 'to 9')
    life.log(`actor ${hops}`, 'GONE')
    if (plant === 'use-after-end') life.log('actor 0', 'POST', 'to 1')
    if (plant === 'double-end') life.log('actor 0', 'GONE')
    return life
  },
}

/** Sessions that live on: most never end, and that is as it should be; sub-objects end. */
export const standing: Style = {
  name: 'standing sessions',
  verbs: { LOGIN: 0, SEEN: 0, LOGOUT: 'end' },
  plants: { 'use-after-end': ['use-after-end'] },
  tell({ world, list, t, n, plant }) {
    const life = world.push(list, n, t, 'web')
    life.log('web', 'LOGIN', `user ${n}`)
    for (let i = world.below(4); i > 0; i--) life.log(`web ${world.below(3)}`, 'SEEN')
    if (plant === undefined && world.random() < 0.7) return life
    life.log('web', 'LOGOUT')
    if (plant === 'use-after-end') life.log('web 1', 'SEEN')
    return life
  },
}

/** The pusher releases its history at once, and objects live on without. */
export const releasedEarly: Style = {
  name: 'released early',
  verbs: { ADD: 1, SUB: -1, FLUSH: 0, END: 'end' },
  plants: { 'unref-below-zero': ['unref-below-zero'], 'use-after-end': ['use-after-end'] },
  tell({ world, list, t, n, plant }) {
    const life = world.push(list, n * 64, t, 'main').release()
    let held = 0
    for (let i = 2 + world.below(6); i > 0; i--) {
      const isUp = held === 0 || (i > held && world.random() < 0.5)
      if (isUp) {
        held++
        life.log(`t${world.below(5)}`, 'ADD')
      } else {
        held--
        life.log(`t${world.below(5)}`, 'SUB')
      }
    }
    while (held-- > 0) life.log(`t${world.below(5)}`, 'SUB')
    if (plant === 'unref-below-zero') life.log('t1', 'SUB')
    life.log('main', 'FLUSH', `${n} left`)
    life.log('main', 'END')
    if (plant === 'use-after-end') life.log('t2', 'FLUSH', '1 left')
    return life
  },
}

export const HELD_OUT: readonly Style[] = [
  sipTransactions,
  poolConnections,
  uploads,
  inventory,
  actors,
  standing,
  releasedEarly,
]
