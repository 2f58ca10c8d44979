// IPv4 addresses as numbers, since that is what fits into a cell and a letter.

/** @type {Map<string, number>} */
const numbers = new Map()
/** @type {Map<number, string>} */
const texts = new Map()

/** @param {string} host */
export function hostNumber(host) {
  const known = numbers.get(host)
  if (known !== undefined) return known
  const number = host.split('.').reduce((sum, part) => (sum << 8) | Number(part), 0)
  remember(host, number)
  return number
}

/** @param {number} number */
export function hostText(number) {
  const known = texts.get(number)
  if (known !== undefined) return known
  const host = [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.')
  remember(host, number)
  return host
}

const REMEMBERED_MAX = 10_000

function remember(host, number) {
  if (numbers.size >= REMEMBERED_MAX) {
    numbers.clear()
    texts.clear()
  }
  numbers.set(host, number)
  texts.set(number, host)
}
