// A second set of styles that were written after the detectors, and after the first such set had been looked at: mostly
// what real load does to clean programs, heavy tails, bursts, idle phases, objects of several kinds in one list.

import type { Style } from './styles.ts'

/** Calls last milliseconds or minutes, now and then one is parked; a burst, then silence. */
export const heavyTails: Style = {
  name: 'heavy tails',
  verbs: { INVITE: 1, RING: 0, ANSWER: 0, HOLD_ON: 0, BYE: -1, GONE: 'end' },
  lives: 500,
  // No leak: where some calls last longer than the whole dump, a parked one is not told from a leaked one.
  plants: { 'use-after-end': ['use-after-end'], 'unref-below-zero': ['unref-below-zero'] },
  tell({ world, list, t, n, plant }) {
    const life = world.push(list, `call-${n}`, n % 100 === 0 ? t + 20_000 : t, 'sip')
    const tail = Math.min(400_000, Math.floor(500 / (1 - world.random())))
    life.log('sip', 'INVITE', `from ${1000 + world.below(9000)}`)
    if (world.random() < 0.9) life.wait(tail / 10).log('sip', 'RING')
    life.wait(tail / 5).log(`media ${world.below(3)}`, 'ANSWER')
    if (world.random() < 0.02) life.wait(tail).log('sip', 'HOLD_ON')
    life.wait(plant === undefined ? tail : 10).log('sip', 'BYE', 'normal')
    if (plant === 'unref-below-zero') life.log('sip', 'BYE', 'normal')
    life.log('sip', 'GONE')
    if (plant === 'use-after-end') life.log('media 1', 'ANSWER')
    return life
  },
}

/** Connections of three protocols in one list: one closes by itself, one is reset by peers, one stands for hours. */
export const mixedKinds: Style = {
  name: 'mixed kinds',
  verbs: { OPEN: 0, HTTP: 0, WS: 0, ADMIN: 0, PING: 0, RESET: 'end', CLOSE: 'end' },
  lives: 500,
  plants: { 'use-after-end': ['use-after-end'], 'double-end': ['double-end'] },
  tell({ world, list, t, n, plant }) {
    const life = world.push(list, 0x5000 + n, t, 'accept')
    life.log('accept', 'OPEN', `10.0.${world.below(256)}.${world.below(256)}:${world.below(65536)}`)
    const kind = world.random()
    const io = `io ${world.below(4)}`
    if (kind < 0.01 && plant === undefined) return life.log(io, 'ADMIN', 'shell')
    if (kind < 0.2) {
      life.log(io, 'WS', 'upgrade')
      for (let i = world.below(20); i > 0; i--) life.wait(200).log(io, 'PING', `${i}`)
      life.log(io, world.random() < 0.5 ? 'RESET' : 'CLOSE', 'by peer')
    } else {
      for (let i = 1 + world.below(3); i > 0; i--)
        life.log(io, 'HTTP', `${world.pick(['GET', 'POST', 'HEAD'])} /${world.below(50)}`)
      life.log(io, world.random() < 0.1 ? 'RESET' : 'CLOSE')
    }
    if (plant === 'use-after-end') life.log('accept', 'PING', '1')
    if (plant === 'double-end') life.log('accept', 'CLOSE')
    return life
  },
}

/** References are handed on without events of their own: one thread takes, another gives back; two objects per request. */
export const crossReferences: Style = {
  name: 'cross references',
  verbs: { GRAB: 1, DROP: -1, ENQUEUE: 0, DEQUEUE: 0, FREE: 'end' },
  lives: 500,
  plants: {
    'missed-handover': ['missed-handover'],
    'unref-below-zero': ['unref-below-zero'],
    'end-while-referenced': ['end-while-referenced'],
    'use-after-end': ['use-after-end'],
    'count-mismatch': ['count-mismatch'],
  },
  tell({ world, list, t, n, plant }) {
    const life = world.push(list, 0x9000 + n * 8, t, 'front')
    let refs = 0
    life.log('front', 'GRAB', `refcnt=${++refs}`)
    const jobs = 1 + world.below(3)
    for (let job = 0; job < jobs; job++) {
      const back = `back ${world.below(6)}`
      life.log('front', 'GRAB', `refcnt=${++refs}`)
      life.log('front', 'ENQUEUE', `job ${job}`)
      if (plant === 'missed-handover' && job === jobs - 1) return life
      life.log(back, 'DEQUEUE', `job ${job}`)
      if (plant === 'end-while-referenced' && job === jobs - 1) {
        life.log('front', 'DROP', `refcnt=${--refs}`).log('front', 'FREE')
        return life.log(back, 'DROP', `refcnt=${--refs}`)
      }
      if (plant === 'count-mismatch' && job === 0) refs += 3
      life.log(back, 'DROP', `refcnt=${--refs}`)
      if (plant === 'unref-below-zero' && job === jobs - 1)
        life.log(back, 'DROP', `refcnt=${--refs}`)
    }
    life.log('front', 'DROP', `refcnt=${--refs}`)
    life.log('front', 'FREE')
    if (plant === 'use-after-end') life.log('back 1', 'DEQUEUE', 'job 9')
    return life
  },
}

/** A cache: entries are hit at random for a long time, evicted in bulk; most are never hit. */
export const cacheEntries: Style = {
  name: 'cache entries',
  verbs: { INSERT: 0, HIT: 0, PIN: 1, UNPIN: -1, EVICT: 'end' },
  lives: 400,
  plants: {
    'end-while-referenced': ['end-while-referenced'],
    'use-after-end': ['use-after-end'],
    'unref-below-zero': ['unref-below-zero'],
  },
  tell({ world, list, t, n, plant }) {
    const life = world.push(list, `key:${n}`, t, 'loader')
    life.log('loader', 'INSERT', `${world.below(1 << 20)} bytes`)
    for (let i = world.random() < 0.6 ? 0 : world.below(10); i > 0; i--)
      life.wait(world.below(3000)).log(`web ${world.below(9)}`, 'HIT')
    const isPinned = plant !== undefined || world.random() < 0.3
    if (isPinned) {
      life.log('web 1', 'PIN').log('web 1', 'HIT')
      if (plant !== 'end-while-referenced') life.log('web 1', 'UNPIN')
      if (plant === 'unref-below-zero') life.log('web 1', 'UNPIN')
    }
    // The sweeper comes every 20 ms.
    life.now = Math.ceil(life.now / 20_000) * 20_000
    life.log('sweeper', 'EVICT', world.random() < 0.5 ? 'lru' : 'ttl', { pause: 0 })
    if (plant === 'end-while-referenced') life.log('web 1', 'UNPIN')
    if (plant === 'use-after-end') life.log('web 3', 'HIT')
    return life
  },
}

/** Batches: hundreds of objects are born at once, wait, and are worked off by one thread after the other. */
export const batches: Style = {
  name: 'batches',
  verbs: { ADDED: 0, PICKED: 0, DONE: 'end', FAILED: 'end' },
  lives: 600,
  plants: {
    'missed-handover': ['missed-handover', 'leak'],
    'double-end': ['double-end'],
    'rare-path': ['rare-path'],
  },
  tell({ world, list, n, plant }) {
    const born = Math.floor(n / 100) * 30_000
    const life = world.push(list, n, 1000 + born + (n % 100), 'feeder')
    life.log('feeder', 'ADDED', `batch ${Math.floor(n / 100)}`, { pause: 1 })
    if (plant === 'missed-handover') return life
    const worker = `worker ${world.below(5)}`
    life.wait((n % 100) * 150).log(worker, 'PICKED')
    if (plant === 'rare-path') life.log('feeder', 'ADDED', 'again')
    life.log(worker, world.random() < 0.05 ? 'FAILED' : 'DONE')
    if (plant === 'double-end') life.log(worker, 'DONE')
    return life
  },
}

/** Locks: two threads take turns at three verbs that always stand together. */
export const critical: Style = {
  name: 'critical sections',
  verbs: { LOCK: 0, MODIFY: 0, UNLOCK: 0, READ: 0, CLOSE: 'end' },
  lives: 300,
  every: 1500,
  plants: { 'lost-update': ['lost-update'] },
  tell({ world, list, t, n, plant }) {
    const life = world.push(list, n, t, 'main')
    let version = 1
    for (let i = 2 + world.below(4); i > 0; i--) {
      const who = `w${world.below(3)}`
      if (world.random() < 0.4) life.log(`r${world.below(2)}`, 'READ', `v${version}`)
      if (plant === 'lost-update' && i === 1) {
        life.log('w7', 'LOCK', `v${version}`).log('w8', 'LOCK', `v${version}`)
        life.log('w7', 'MODIFY', `v${version + 1}`).log('w8', 'MODIFY', `v${version + 1}`)
        life.log('w7', 'UNLOCK').log('w8', 'UNLOCK')
        version++
        continue
      }
      life.log(who, 'LOCK', `v${version}`).log(who, 'MODIFY', `v${++version}`).log(who, 'UNLOCK')
    }
    return life.log('main', 'CLOSE')
  },
}

export const HELD_OUT_AGAIN: readonly Style[] = [
  heavyTails,
  mixedKinds,
  crossReferences,
  cacheEntries,
  batches,
  critical,
]
