// What is said of many measurements: the median, and the quarters on both sides of it.

/** -> { low, median, high }: p25, p50 and p75; undefined of nothing. */
export function quartiles(values) {
  if (values.length === 0) return undefined
  const sorted = [...values].sort((one, other) => one - other)
  const [low, median, high] = [0.25, 0.5, 0.75].map((share) => quantile(sorted, share))
  return { low, median, high }
}

/** Of sorted values, between neighbours where the place lies between them. */
export function quantile(sorted, share) {
  const place = share * (sorted.length - 1)
  const below = Math.floor(place)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below)
}
