// What life number n of thread `who` does, from the seed alone: the thread that records it and whoever checks it agree
// without a word. Its event i says who, n and i, so an event can belong nowhere else.

/** window: 0 = as many as the budget holds. */
export const LISTS = [
  { name: 'TCP con', window: 0 },
  { name: 'dialogs', window: 200 },
]

export const VERBS = { SEND: 0, TAKE: +1, GIVE: -1, END: 'end' }

export function lifeOf(seed, who, n) {
  const random = mixed(seed, who, n)
  return {
    list: random % 4 === 0 ? 1 : 0,
    object: who * 2 ** 32 + n,
    events: 1 + ((random >>> 4) % 22),
    /** One in so many events has a text of its own. */
    textEvery: 2 + ((random >>> 10) % 12),
    textLength: (random >>> 16) % 100,
  }
}

/** -> [format, ...arguments] of event i. */
export function eventOf(life, who, n, i) {
  if (i % life.textEvery !== 1) return ['%d %d %d', who, n, i]
  return ['%d %d %d %s', who, n, i, textOf(life, n, i)]
}

/** The line that a reader shows for it. */
export function lineOf(life, who, n, i) {
  const line = `${who} ${n} ${i}`
  return i % life.textEvery === 1 ? `${line} ${textOf(life, n, i)}` : line
}

const textOf = (life, n, i) => `${n}-${i}.`.repeat(life.textLength).slice(0, life.textLength)

/** Three numbers into one of 32 bits (the finalizer of MurmurHash3, by Appleby). */
export function mixed(seed, who, n) {
  let hash = (seed ^ Math.imul(who + 1, 0x9e3779b1) ^ Math.imul(n + 1, 0x85ebca77)) >>> 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
