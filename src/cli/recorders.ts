// Of several recorders in one core or process, the one that somebody asked for.

import { CommandError, type Found } from '../inspector/index.ts'

/** `which`: a number from 1, or a name; undefined: all of them. */
export function chosen(found: Found, which: string | undefined): Found {
  if (which === undefined) return found
  const { images } = found
  const number = /^\d+$/.test(which) ? Number(which) : undefined
  const one = number === undefined ? undefined : images[number - 1]
  const wanted = one !== undefined ? [one] : images.filter(({ name }) => name === which)
  if (wanted.length === 0) {
    const names = images.map(({ name, source }, i) => `${i + 1} "${name}" (${source})`)
    throw new CommandError(`No recorder "${which}": there are ${names.join(', ')}.`)
  }
  return {
    images: wanted,
    warnings: found.warnings,
    get description() {
      return found.description
    },
    ...(found.process !== undefined && { process: found.process }),
    ...(found.log !== undefined && { log: found.log }),
  }
}
