// Maps that count.

export function add<K>(map: Map<K, number>, key: K, amount = 1): void {
  map.set(key, (map.get(key) ?? 0) + amount)
}

export function mapOf<K, L, V>(map: Map<K, Map<L, V>>, key: K): Map<L, V> {
  let inner = map.get(key)
  if (inner === undefined) {
    inner = new Map()
    map.set(key, inner)
  }
  return inner
}

export const total = (map: ReadonlyMap<unknown, number>): number => {
  let sum = 0
  for (const amount of map.values()) sum += amount
  return sum
}

export function mostOf<K>(map: ReadonlyMap<K, number>): K | undefined {
  let best: K | undefined
  let most = 0
  for (const [key, amount] of map) {
    if (amount <= most) continue
    best = key
    most = amount
  }
  return best
}
