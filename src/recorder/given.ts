// What an application gives: what it must be, and the sentence for what it is not.

/** How a value of any kind is named in a message; never throws, never long. */
export function show(value: unknown): string {
  if (typeof value === 'string')
    return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return 'a function'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return 'an object'
  return String(value)
}

/** The options, {} for none. @throws {TypeError} For what is no object, and for a key that is none of `keys`. */
export function known<T extends object>(
  action: string,
  options: T | undefined,
  keys: readonly string[],
): T {
  if (options === undefined) return {} as T
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`Cannot ${action}: options must be an object, got ${show(options)}`)
  for (const key of Object.keys(options)) {
    if (!keys.includes(key))
      throw new TypeError(`Cannot ${action}: unknown option "${key}"; there are ${keys.join(', ')}`)
  }
  return options
}

/** A string, perhaps empty where there is `otherwise`, which stands for null and undefined. @throws {TypeError} */
export function text(action: string, what: string, value: unknown, otherwise?: string): string {
  const given = value ?? otherwise
  if (typeof given !== 'string' || (given === '' && otherwise === undefined))
    throw new TypeError(`Cannot ${action}: ${what} must be a string, got ${show(value)}`)
  return given
}

export function flag(action: string, what: string, value: unknown): boolean {
  if (typeof value !== 'boolean')
    throw new TypeError(`Cannot ${action}: ${what} must be true or false, got ${show(value)}`)
  return value
}

export function integer(
  action: string,
  what: string,
  value: unknown,
  least: number,
  most: number,
): number {
  if (typeof value !== 'number')
    throw new TypeError(
      `Cannot ${action}: ${what} must be an integer >= ${least}, got ${show(value)}`,
    )
  if (!Number.isInteger(value) || value < least)
    throw new RangeError(`Cannot ${action}: ${what} must be an integer >= ${least}, got ${value}`)
  if (value > most)
    throw new RangeError(`Cannot ${action}: ${what} must be <= ${most}, got ${value}`)
  return value
}

export function share(action: string, what: string, value: unknown): number {
  const wanted = `Cannot ${action}: ${what} must be a number above 0 and up to 1, got ${show(value)}`
  if (typeof value !== 'number') throw new TypeError(wanted)
  if (!(value > 0 && value <= 1)) throw new RangeError(wanted)
  return value
}
