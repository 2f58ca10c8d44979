// A dozen ways in which programs keep their objects, each clean, and each with every bug that can befall it. A style tells
// one life; what it is planted with, it tells wrong, and nothing else.

import type { Kind } from '../../../src/check/finding.ts'
import type { List } from '../../../src/image/image.ts'
import type { Roles, Told, World } from './world.ts'

export interface Style {
  readonly name: string
  readonly verbs: Roles
  /** What can be planted, and which kinds name it rightly when told first. */
  readonly plants: Readonly<Partial<Record<Kind, readonly Kind[]>>>
  /** Tells one life, from `t` on; `plant`: with this bug. `n` is its number. */
  tell(given: Given): Told
  /** How many lives, in how long; default 400, one each 300 us. */
  readonly lives?: number
  readonly every?: number
  /** Addresses are used again after so many lives; none: each has its own. */
  readonly slots?: number
}

export interface Given {
  readonly world: World
  readonly list: List
  readonly object: number | string
  readonly t: number
  readonly n: number
  readonly plant: Kind | undefined
}

const begin = ({ world, list, object, t }: Given, thread = 'main'): Told =>
  world.push(list, object, t, thread)

const ADDRESS = 0x7f95acf00000

export const objectOf = (style: Style, n: number): number | string =>
  style.slots === undefined
    ? style.name.includes('job')
      ? `job-${n}`
      : ADDRESS + n * 0x250
    : ADDRESS + (n % style.slots) * 0x250

/** The count as the program keeps it, printed behind its change. */
class Counted {
  count = 0
  readonly life: Told
  readonly ref: string
  readonly unref: string
  constructor(life: Told, ref: string, unref: string) {
    this.life = life
    this.ref = ref
    this.unref = unref
  }
  take(thread: string, what: string): this {
    this.life.log(thread, this.ref, `${what}, (${++this.count})`)
    return this
  }
  give(thread: string, what: string): this {
    this.life.log(thread, this.unref, `${what}, (${--this.count})`)
    return this
  }
}

/** References by roles, told in the texts; main, readers, writers; the last one out destroys. */
export const tcpEngine: Style = {
  name: 'tcp engine',
  verbs: { TCP_REF: 1, TCP_UNREF: -1, TCP_SEND2CHILD: 0, TCP_DESTROY: 'end' },
  plants: {
    'use-after-end': ['use-after-end'],
    'unref-below-zero': ['unref-below-zero'],
    'end-while-referenced': ['end-while-referenced'],
    'double-end': ['double-end'],
    'count-mismatch': ['count-mismatch'],
    'lost-update': ['lost-update'],
    leak: ['leak'],
    'missed-handover': ['missed-handover'],
    'rare-path': ['rare-path'],
  },
  tell(given) {
    const { world, n, plant } = given
    const life = begin(given)
    const refs = new Counted(life, 'TCP_REF', 'TCP_UNREF')
    const reader = `tcp reader ${1 + (n % 2)}`
    const writer = `tcp writer ${1 + world.below(2)}`
    refs.take('main', 'accept')
    refs.take('main', 'tcpconn read')
    life.log('main', 'TCP_SEND2CHILD', 'read')
    refs.give('main', 'accept done')
    const requests = 1 + world.below(3)
    for (let i = 0; i < requests; i++) {
      const isLast = i === requests - 1
      if (plant === 'lost-update' && isLast) {
        // Both read the same count: one change is lost.
        const { count } = refs
        life.log(reader, 'TCP_REF', `tcpconn write, (${count + 1})`)
        life.log(writer, 'TCP_REF', `tcpconn write, (${count + 1})`)
        refs.count = count + 1
        life.log(reader, 'TCP_SEND2CHILD', 'write')
        life.log(writer, 'TCP_SEND2CHILD', 'write')
        refs.give(writer, 'send 6').give(writer, 'send 6')
        life.log(writer, 'TCP_DESTROY', 'type=3')
        return life
      }
      refs.take(reader, 'tcpconn write')
      life.log(reader, 'TCP_SEND2CHILD', 'write')
      if (plant === 'missed-handover' && isLast) return life
      if (plant === 'count-mismatch' && isLast) {
        refs.count--
        life.log(writer, 'TCP_UNREF', `send 6, (${refs.count + 1})`)
      } else refs.give(writer, 'send 6')
      if (plant === 'unref-below-zero' && isLast) refs.give(writer, 'send 6')
    }
    // The reader forgets it.
    if (plant === 'leak') return life
    if (plant === 'end-while-referenced') {
      refs.take(reader, 'tcpconn write')
      life.log(reader, 'TCP_SEND2CHILD', 'write')
      life.log(reader, 'TCP_DESTROY', 'type=2')
      refs.give(writer, 'send 6')
      return life
    }
    if (plant === 'rare-path') life.log('main', 'TCP_SEND2CHILD', 'timer')
    refs.give(reader, 'tcpworker read end')
    life.log(reader, 'TCP_DESTROY', 'type=2')
    if (plant === 'use-after-end') life.log(writer, 'TCP_SEND2CHILD', 'async write')
    if (plant === 'double-end') life.log(writer, 'TCP_DESTROY', 'type=3')
    return life
  },
}

/** Addresses are used again at once, and the count is printed before an unref. */
export const reusedSlots: Style = {
  name: 'reused slots',
  verbs: { REF: 1, UNREF: -1, SEND: 0, DESTROY: 'end' },
  slots: 8,
  every: 2000,
  plants: {
    'slot-reused': ['slot-reused'],
    'use-after-end': ['use-after-end'],
    'unref-below-zero': ['unref-below-zero'],
    'count-mismatch': ['count-mismatch'],
  },
  tell(given) {
    const { world, plant } = given
    const life = begin(given)
    const worker = `worker ${1 + world.below(3)}`
    let count = 1
    const ref = (thread: string, what: string): Told =>
      life.log(thread, 'REF', `${what}, (${++count})`)
    const unref = (thread: string, what: string): Told =>
      life.log(thread, 'UNREF', `${what}, (${count--})`)
    life.log('main', 'REF', 'connect, (1)')
    for (let i = world.below(4); i >= 0; i--) {
      ref(worker, 'get')
      life.log(worker, 'SEND', 'request')
      if (plant === 'count-mismatch' && i === 0) {
        life.log(worker, 'UNREF', `put, (${count - 1})`)
        count--
      } else unref(worker, 'put')
    }
    if (plant === 'unref-below-zero') unref(worker, 'put')
    unref('main', 'close')
    life.log('main', 'DESTROY', 'type=%d')
    if (plant === 'use-after-end') life.log(worker, 'SEND', 'request')
    // The next objects take this address every 16 ms.
    if (plant === 'slot-reused') life.wait(20_000).log(worker, 'SEND', 'request')
    return life
  },
}

/** An object begins with a reference that no event tells of; no counts in texts. */
export const impliedReference: Style = {
  name: 'implied reference',
  verbs: { GET: 1, PUT: -1, WORK: 0, FREE: 'end' },
  plants: {
    'unref-below-zero': ['unref-below-zero'],
    'end-while-referenced': ['end-while-referenced'],
    'use-after-end': ['use-after-end', 'end-while-referenced'],
    leak: ['leak'],
  },
  tell(given) {
    const { world, plant } = given
    const life = begin(given)
    const users = 1 + world.below(3)
    const names = Array.from({ length: users }, (_, i) => `user ${i}`)
    for (const name of names) life.log(name, 'GET', 'lookup')
    for (const name of names) life.log(name, 'WORK', 'working')
    for (const [i, name] of names.entries()) {
      if (i === 0 && (plant === 'leak' || plant === 'end-while-referenced')) continue
      life.log(name, 'PUT', 'done')
    }
    if (plant === 'unref-below-zero') life.log('user 0', 'PUT', 'done')
    life.log('main', 'PUT', 'owner gone')
    if (plant === 'leak') return life
    life.log('main', 'FREE')
    if (plant === 'use-after-end') life.log('user 0', 'WORK', 'working')
    return life
  },
}

/** References only by history.ref() and unref(); verbs say what happens. */
export const callsOnly: Style = {
  name: 'calls only',
  verbs: { OPEN: 0, READ: 0, WRITE: 0, CLOSE: 'end' },
  plants: {
    'end-while-referenced': ['end-while-referenced'],
    'log-after-last-unref': ['log-after-last-unref'],
    'use-after-end': ['use-after-end'],
    'double-end': ['double-end'],
    leak: ['leak'],
  },
  tell(given) {
    const { world, plant } = given
    const life = begin(given)
    life.log('main', 'OPEN', 'fd %d')
    life.hold()
    for (let i = world.below(5); i >= 0; i--)
      life.log(world.pick(['a', 'b']), world.pick(['READ', 'WRITE']), `${world.below(4000)} bytes`)
    if (plant === 'log-after-last-unref')
      return life.release().release().log('b', 'WRITE', '12 bytes')
    if (plant === 'leak') return life
    life.log('main', 'CLOSE')
    if (plant === 'double-end') life.log('b', 'CLOSE')
    if (plant !== 'end-while-referenced') life.release()
    life.release()
    if (plant === 'use-after-end') life.log('a', 'READ', '9 bytes')
    return life
  },
}

/** No references, no ends: the last verb says that it is over. */
export const plainJobs: Style = {
  name: 'plain jobs',
  verbs: { QUEUED: 0, STARTED: 0, PROGRESS: 0, DONE: 0 },
  plants: {
    leak: ['leak', 'missed-handover'],
    'missed-handover': ['missed-handover'],
    'rare-path': ['rare-path'],
  },
  tell(given) {
    const { world, plant } = given
    const life = begin(given)
    const worker = `pool ${world.below(4)}`
    life.log('main', 'QUEUED', `priority ${world.below(3)}`)
    if (plant === 'missed-handover') return life
    life.log(worker, 'STARTED')
    for (let i = world.below(6); i > 0; i--) life.log(worker, 'PROGRESS', `${i * 10} %`)
    if (plant === 'leak') return life
    if (plant === 'rare-path') life.log('main', 'PROGRESS', '50 %')
    life.log(worker, 'DONE', 'exit 0')
    return life
  },
}

/** Each step on any thread of a pool; ends by role. */
export const threadPool: Style = {
  name: 'thread pool',
  verbs: { ACCEPT: 0, PARSE: 0, ROUTE: 0, REPLY: 0, GONE: 'end' },
  plants: {
    'use-after-end': ['use-after-end'],
    'double-end': ['double-end'],
    leak: ['leak', 'missed-handover'],
  },
  tell(given) {
    const { world, plant } = given
    const life = begin(given)
    const any = (): string => `pool ${world.below(8)}`
    for (const verb of ['ACCEPT', 'PARSE', 'ROUTE']) life.log(any(), verb, `step ${verb}`)
    if (plant === 'leak') return life
    life.log(any(), 'REPLY', `${200 + 100 * world.below(3)}`)
    life.log(any(), 'GONE')
    if (plant === 'use-after-end') life.log(any(), 'ROUTE', 'step ROUTE')
    if (plant === 'double-end') life.log(any(), 'GONE')
    return life
  },
}

/** From stage to stage, a thread each. */
export const pipeline: Style = {
  name: 'pipeline job',
  verbs: { CREATE: 0, TO_PARSER: 0, PARSED: 0, TO_STORE: 0, STORED: 0, END: 'end' },
  plants: {
    'missed-handover': ['missed-handover'],
    leak: ['leak'],
    'use-after-end': ['use-after-end'],
    'rare-path': ['rare-path'],
  },
  tell(given) {
    const { plant, n } = given
    const life = begin(given, 'source')
    life.log('source', 'CREATE', `record ${n}`)
    life.log('source', 'TO_PARSER')
    life.log('parser', 'PARSED', `${n % 17} fields`)
    if (plant === 'rare-path') life.log('parser', 'PARSED', 'again')
    life.log('parser', 'TO_STORE')
    if (plant === 'missed-handover') return life
    life.log('store', 'STORED')
    if (plant === 'leak') return life
    life.log('store', 'END')
    if (plant === 'use-after-end') life.log('parser', 'TO_STORE')
    return life
  },
}

/** Timeouts, retries, resets, cancels: lives of many shapes, none of them a bug. */
export const retries: Style = {
  name: 'retries',
  verbs: { TAKE: 1, DROP: -1, SEND: 0, TIMEOUT: 0, RETRY: 0, CANCEL: 0, REPLY: 0, END: 'end' },
  plants: {
    'unref-below-zero': ['unref-below-zero'],
    'end-while-referenced': ['end-while-referenced'],
    'use-after-end': ['use-after-end'],
    // Whether nobody took it up, or somebody forgot it, cannot be told.
    leak: ['leak', 'missed-handover'],
  },
  tell(given) {
    const { world, plant } = given
    const life = begin(given)
    life.log('core', 'TAKE', 'new')
    life.log('core', 'TAKE', 'timer')
    life.log('core', 'SEND', 'request')
    const tries = world.random() < 0.1 ? 1 + world.below(4) : 0
    for (let i = 0; i < tries; i++) {
      life.wait(500 * 2 ** i).log('timer', 'TIMEOUT', `after ${500 * 2 ** i} ms`)
      life.log('timer', 'RETRY', `number ${i + 1}`)
    }
    const isCancelled = world.random() < 0.05
    if (isCancelled) life.log('net', 'CANCEL', 'by peer')
    if (world.random() < 0.97) life.log('net', 'REPLY', `${world.pick([180, 200, 404, 486, 503])}`)
    if (plant === 'leak') return life
    if (plant !== 'end-while-referenced') life.log('timer', 'DROP', 'timer')
    if (plant === 'unref-below-zero') life.log('timer', 'DROP', 'timer')
    life.log('core', 'DROP', isCancelled ? 'cancelled' : 'done')
    life.log('core', 'END')
    if (plant === 'end-while-referenced') life.log('timer', 'DROP', 'timer')
    if (plant === 'use-after-end') life.log('timer', 'TIMEOUT', 'after 500 ms')
    return life
  },
}

/** Long lives whose middle falls, with repeats that are folded. */
export const chatty: Style = {
  name: 'chatty',
  verbs: { OPEN: 1, GRAB: 1, LETGO: -1, PING: 0, DATA: 0, CLOSED: 'end' },
  lives: 120,
  every: 3000,
  plants: { 'use-after-end': ['use-after-end'], 'double-end': ['double-end'], leak: ['leak'] },
  tell(given) {
    const { world, plant } = given
    const life = begin(given)
    life.log('main', 'OPEN', 'websocket, (1)')
    for (let i = 0, end = 20 + world.below(150); i < end; i++) {
      const who = world.pick(['a', 'b'])
      if (world.random() < 0.3) life.log(who, 'PING', 'ping', { times: 1 + world.below(50) })
      life.log(who, 'GRAB', 'frame, (2)')
      life.log(who, 'DATA', `${world.below(1500)} bytes`)
      life.log(who, 'LETGO', 'frame, (1)')
    }
    if (plant === 'leak') return life.fall(100)
    life.log('main', 'LETGO', 'closed, (0)')
    life.log('main', 'CLOSED')
    if (plant === 'use-after-end') life.log('b', 'DATA', '1 bytes')
    if (plant === 'double-end') life.log('a', 'CLOSED')
    return life.fall(100)
  },
}

/** Any verb after any other. */
export const variety: Style = {
  name: 'variety',
  verbs: { BORN: 0, A: 0, B: 0, C: 0, D: 0, E: 0, DIED: 'end' },
  plants: { 'use-after-end': ['use-after-end'] },
  tell(given) {
    const { world, plant } = given
    const life = begin(given)
    life.log('main', 'BORN')
    for (let i = world.below(12); i >= 0; i--)
      life.log(
        world.pick(['x', 'y', 'z']),
        world.pick(['A', 'A', 'A', 'B', 'B', 'C', 'C', 'D', 'E']),
        `${world.below(100)}`,
      )
    life.log(world.pick(['x', 'main']), 'DIED')
    if (plant === 'use-after-end') life.log('y', 'B', '5')
    return life
  },
}

/** Balances read and written back: in one go, or not. */
export const accounts: Style = {
  name: 'accounts',
  verbs: { LOAD: 0, SAVE: 0, CLOSE: 'end' },
  plants: { 'lost-update': ['lost-update'] },
  tell(given) {
    const { world, plant } = given
    const life = begin(given)
    let balance = 100
    const rounds = 2 + world.below(5)
    for (let i = 0; i < rounds; i++) {
      const clerk = `clerk ${world.below(3)}`
      const amount = 1 + world.below(9)
      if (plant === 'lost-update' && i === rounds - 1) {
        life.log('clerk 7', 'LOAD', `balance ${balance}`)
        life.log('clerk 8', 'LOAD', `balance ${balance}`)
        life.log('clerk 7', 'SAVE', `balance ${balance + amount}`)
        balance += 5
        life.log('clerk 8', 'SAVE', `balance ${balance}`)
        continue
      }
      life.log(clerk, 'LOAD', `balance ${balance}`)
      balance += amount
      life.log(clerk, 'SAVE', `balance ${balance}`)
    }
    life.log('main', 'CLOSE')
    return life
  },
}

/** The count changes in one instruction and is logged in another: other threads' lines come in between. */
export const unorderedCounts: Style = {
  name: 'unordered counts',
  verbs: { INC: 1, DEC: -1, END: 'end' },
  plants: { 'use-after-end': ['use-after-end'], 'unref-below-zero': ['unref-below-zero'] },
  tell(given) {
    const { world, plant } = given
    const life = begin(given)
    life.log('main', 'INC', 'new, (1)')
    for (let i = world.below(4); i >= 0; i--) {
      const lines: [string, string, string][] = [
        ['a', 'INC', 'use, (2)'],
        ['b', 'INC', 'use, (3)'],
      ]
      if (world.random() < 0.2) lines.reverse()
      for (const [thread, verb, log] of lines) life.log(thread, verb, log)
      const back: [string, string, string][] = [
        ['a', 'DEC', 'used, (2)'],
        ['b', 'DEC', 'used, (1)'],
      ]
      if (world.random() < 0.2) back.reverse()
      for (const [thread, verb, log] of back) life.log(thread, verb, log)
    }
    if (plant === 'unref-below-zero') {
      life.log('a', 'DEC', 'used, (0)').log('main', 'DEC', 'gone, (-1)').log('main', 'END')
      return life
    }
    life.log('main', 'DEC', 'gone, (0)')
    life.log('main', 'END')
    if (plant === 'use-after-end') life.log('b', 'INC', 'use, (1)')
    return life
  },
}

/** What comes after the end as a matter of course, and objects that end twice. */
export const epilogue: Style = {
  name: 'epilogue',
  verbs: { START: 0, STOP: 'end', FREED: 0, REAPED: 'end', TICK: 0 },
  plants: { 'use-after-end': ['use-after-end'] },
  tell(given) {
    const { world, plant } = given
    const life = begin(given)
    life.log('main', 'START')
    for (let i = world.below(3); i > 0; i--) life.log('worker', 'TICK', `${i}`)
    life.log('worker', 'STOP')
    if (plant === 'use-after-end') life.log('other', 'TICK', '1')
    life.log('worker', 'FREED')
    life.log('reaper', 'REAPED')
    return life
  },
}

/** References with owners. */
export const holders: Style = {
  name: 'holders',
  verbs: { HOLD: 1, TRANSFER: 0, RELEASE: -1, WORK: 0, END: 'end' },
  plants: {
    'double-release': ['double-release'],
    'never-released': ['never-released'],
    'end-while-referenced': ['end-while-referenced'],
  },
  tell(given) {
    const { world, plant, n } = given
    const life = begin(given)
    const own = n * 10
    life.log('main', 'HOLD', `hold 0.${own} by acceptor`)
    life.log('main', 'HOLD', `hold 0.${own + 1} by queue`)
    const worker = 1 + world.below(3)
    life.log('main', 'TRANSFER', `hold 0.${own + 1} by worker ${worker}`)
    life.log(`worker ${worker}`, 'WORK')
    const release = (): Told =>
      life.log(`worker ${worker}`, 'RELEASE', `hold 0.${own + 1} by worker ${worker}`)
    if (plant !== 'never-released' && plant !== 'end-while-referenced') release()
    if (plant === 'double-release') release()
    life.log('main', 'RELEASE', `hold 0.${own} by acceptor`)
    if (plant === 'never-released') return life
    life.log('main', 'END')
    if (plant === 'end-while-referenced') release()
    return life
  },
}

export const STYLES: readonly Style[] = [
  tcpEngine,
  reusedSlots,
  impliedReference,
  callsOnly,
  plainJobs,
  threadPool,
  pipeline,
  retries,
  chatty,
  variety,
  accounts,
  unorderedCounts,
  epilogue,
  holders,
]
