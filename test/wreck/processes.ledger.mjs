// What the processes tell, and what they log.

/** Cells of a ledger. */
export const JOINED = 0
export const OWN = 1
export const SHARED = 2

export const EVENTS_MAX = 50_000
/** One in so many events goes to the life that all processes log to, too. */
export const COMMON_EVERY = 8

/** The arguments of the n-th event of a process: words, a string that is new each time, several arguments. */
export function textOf(who, n) {
  if (n % 7 === 3) return ['%s', `${who} ${n}`]
  if (n % 11 === 5) return ['%d %d%s', Number(who), n, '']
  return ['%d %d', Number(who), n]
}
