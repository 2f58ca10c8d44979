// Two rows of words side by side: the fewest that have to be taken out of the one and put in from the other (Myers 1986).

export interface Aligned {
  /** Places in either row; undefined where it has nothing to match. */
  readonly left: number | undefined
  readonly right: number | undefined
}

/** Rows that differ in more places are shown one behind the other. */
const DIFFERENCES_MAX = 2000

export function align(left: readonly unknown[], right: readonly unknown[]): Aligned[] {
  let begin = 0
  while (begin < left.length && begin < right.length && left[begin] === right[begin]) begin++
  let [leftEnd, rightEnd] = [left.length, right.length]
  while (leftEnd > begin && rightEnd > begin && left[leftEnd - 1] === right[rightEnd - 1]) {
    leftEnd--
    rightEnd--
  }
  const head = Array.from({ length: begin }, (_, at) => ({ left: at, right: at }))
  const tail = Array.from({ length: left.length - leftEnd }, (_, at) => ({
    left: leftEnd + at,
    right: rightEnd + at,
  }))
  const middle = shortest(left.slice(begin, leftEnd), right.slice(begin, rightEnd))
  const moved = middle.map((each) => ({
    left: each.left === undefined ? undefined : each.left + begin,
    right: each.right === undefined ? undefined : each.right + begin,
  }))
  return [...head, ...moved, ...tail]
}

function shortest(left: readonly unknown[], right: readonly unknown[]): Aligned[] {
  const most = Math.min(left.length + right.length, DIFFERENCES_MAX)
  const size = 2 * most + 3
  const origin = most + 1
  // By diagonal, left minus right: how far the left row is used up after so many differences.
  let reach = new Int32Array(size)
  const trace: Int32Array[] = []
  for (let differences = 0; differences <= most; differences++) {
    trace.push(reach.slice(origin - differences - 1, origin + differences + 2))
    const next = reach.slice()
    for (let diagonal = -differences; diagonal <= differences; diagonal += 2) {
      const isDown =
        diagonal === -differences ||
        (diagonal !== differences && reach[origin + diagonal - 1] < reach[origin + diagonal + 1])
      let x = isDown ? reach[origin + diagonal + 1] : reach[origin + diagonal - 1] + 1
      while (x < left.length && x - diagonal < right.length && left[x] === right[x - diagonal]) x++
      next[origin + diagonal] = x
      if (x >= left.length && x - diagonal >= right.length) return backwards(trace, left, right)
    }
    reach = next
  }
  return [
    ...left.map((_, at) => ({ left: at, right: undefined })),
    ...right.map((_, at) => ({ left: undefined, right: at })),
  ]
}

function backwards(
  trace: readonly Int32Array[],
  left: readonly unknown[],
  right: readonly unknown[],
): Aligned[] {
  const found: Aligned[] = []
  let [x, y] = [left.length, right.length]
  for (let differences = trace.length - 1; differences >= 0; differences--) {
    const reach = trace[differences] as Int32Array
    const at = (diagonal: number): number => reach[diagonal + differences + 1] ?? 0
    const diagonal = x - y
    const isDown =
      diagonal === -differences || (diagonal !== differences && at(diagonal - 1) < at(diagonal + 1))
    const before = isDown ? diagonal + 1 : diagonal - 1
    const beforeX = differences === 0 ? 0 : at(before)
    const beforeY = differences === 0 ? 0 : beforeX - before
    while (x > beforeX && y > beforeY) found.push({ left: --x, right: --y })
    if (differences === 0) break
    if (isDown) found.push({ left: undefined, right: --y })
    else found.push({ left: --x, right: undefined })
  }
  return found.reverse()
}
