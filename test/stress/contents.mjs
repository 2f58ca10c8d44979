// What thread `who` logs as its `n`-th operation: computed by the writer, and again by whoever checks the image.

export const VERBS = {
  TCP_REF: +1,
  TCP_UNREF: -1,
  TCP_SEND: 0,
  TCP_FAULT: { role: 0, pin: true },
  TCP_DESTROY: 'end',
}

/** Operations from here on are no longer in the ledger: they go to the list 'noise'. */
export const NOISE_FROM = 2 ** 20

/** And from here on they go to the list 'chatter', whose few histories all threads log to as fast as they can. */
export const CHATTER_FROM = 2 ** 28
export const CHATTERS = 2
const CHATTER_RUN = 64

/** Which of them the n-th such operation of any thread goes to. */
export const chatterOf = (n) => Math.floor((n % CHATTER_FROM) / CHATTER_RUN) % CHATTERS

/** The next operation of the same thread that goes there. */
export const nextInChatter = (n) =>
  (n + 1) % CHATTER_RUN === 0 ? n + 1 + CHATTER_RUN * (CHATTERS - 1) : n + 1

/** Of the first `count` such operations of a thread, how many went there. */
export function countInChatter(count, chatter) {
  const run = CHATTER_RUN * CHATTERS
  const rest = (count % run) - chatter * CHATTER_RUN
  return Math.floor(count / run) * CHATTER_RUN + Math.min(Math.max(rest, 0), CHATTER_RUN)
}

/** No part of a text is longer, so that nothing is cut. */
export const MAX_TEXT = 2048

/** Of the threads of this process; without texts, all that a death can cost is known. */
export const style = { hasTexts: true }

const PEERS = ['10.0.0.1:5060', '[2001:db8::7]:5061', 'wörker ☎', 'sip:bob@example.org']
const FILLER =
  'INVITE sip:bob@example.org SIP/2.0 Via: SIP/2.0/UDP pc33.example.com;branch=z9hG4bK; '

/** -> { verb, format, args, text }: the text is put together here, not by the library's printf. */
export function eventOf(who, n, slot = 0) {
  const hash = mixed(who, n)
  const verb = verbOf(hash >>> 20)
  const third = (hash >>> 8) & 0xffff
  if (n >= NOISE_FROM) {
    if ((hash & 7) !== 0 || !style.hasTexts)
      return { verb, format: '%d %d at %d', args: [who, n, slot], text: `${who} ${n} at ${slot}` }
    const filler = long(n, third % 900)
    const text = `${who} ${n} at ${slot} ${filler}`
    return { verb, format: '%d %d at %d %s', args: [who, n, slot, filler], text }
  }
  switch (style.hasTexts ? hash & 15 : hash & 8) {
    case 7:
    case 8:
      return {
        verb,
        format: '%d %d (%d)',
        args: [who, n, third],
        text: `${who} ${n} (${third})`,
      }
    case 9: {
      const text = `${who} ${n} new`
      return { verb, format: '%s', args: [text], text }
    }
    case 10: {
      // Comes again and again, so that it is interned and then logged as one word.
      const text = `${who} again ${n & 1}`
      return { verb, format: '%s', args: [text], text }
    }
    case 11:
      return {
        verb,
        format: '%d %d %d %d %x',
        args: [who, n, third, -third, 255],
        text: `${who} ${n} ${third} ${third === 0 ? 0 : -third} ff`,
      }
    case 12: {
      const peer = PEERS[third % PEERS.length]
      return {
        verb,
        format: '%d %d from %s',
        args: [who, n, peer],
        text: `${who} ${n} from ${peer}`,
      }
    }
    case 13: {
      const big = 2n ** 62n + BigInt(third)
      return {
        verb,
        format: '%d %d %.3f %d',
        args: [who, n, third / 8, big],
        text: `${who} ${n} ${(third / 8).toFixed(3)} ${big}`,
      }
    }
    case 14:
    case 15: {
      // Of one block, or of a chain of up to four.
      const filler = long(n, (hash & 1) === 0 ? third % 400 : 500 + (third % 1300))
      return { verb, format: '%d %d %s', args: [who, n, filler], text: `${who} ${n} ${filler}` }
    }
    default:
      return { verb, format: '%d %d', args: [who, n], text: `${who} ${n}` }
  }
}

/** What the `n`-th operation of thread `who` pushes, if it pushes: no two are alike. */
export function objectOf(who, n) {
  const hash = mixed(n, who)
  const number = who * 2 ** 24 + n
  switch (style.hasTexts ? hash & 7 : 0) {
    case 0:
      return BigInt(number)
    case 1:
      return `call-${who}-${n}@example.org`
    case 2:
      return `call-${who}-${n}-${long(n, 60 + (hash % 200))}`
    default:
      return number
  }
}

/** The operation that pushed it -> { who, n }. */
export function pusherOf(object) {
  if (typeof object !== 'string')
    return { who: Math.floor(Number(object) / 2 ** 24), n: Number(object) % 2 ** 24 }
  const [, who, n] = /^call-(\d+)-(\d+)/.exec(object) ?? []
  return { who: Number(who), n: Number(n) }
}

export const threadName = (who) => `killed ${who}`
export const joinName = (who, join) => `killed ${who} join ${join}`

/** The thread that an event's text names. */
export const whoOf = (text) => Number(/^\d+(?= )/.exec(text)?.[0] ?? Number.NaN)

/** The `n` of a text of operation n; NaN where it says "again". */
export const operationOf = (text) => Number(/^\d+ (\d+)/.exec(text)?.[1] ?? Number.NaN)

export function mixed(one, other) {
  let hash = Math.imul(one + 0x9e3779b9, 0x85ebca6b) ^ Math.imul(other + 0x27d4eb2f, 0xc2b2ae35)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  hash = Math.imul(hash ^ (hash >>> 13), 0x297a2d39)
  return (hash ^ (hash >>> 16)) >>> 0
}

function verbOf(word) {
  const per = word % 100
  if (per < 30) return 'TCP_REF'
  if (per < 60) return 'TCP_UNREF'
  if (per < 95) return 'TCP_SEND'
  return per < 98 ? 'TCP_FAULT' : 'TCP_DESTROY'
}

function long(n, length) {
  return FILLER.repeat(Math.ceil(length / FILLER.length) + 1).slice(n % 40, (n % 40) + length)
}
