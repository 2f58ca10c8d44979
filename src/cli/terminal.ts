// What the terminal can do.

const { env } = process

export const isDumb = (): boolean => (env.TERM ?? '') === '' || env.TERM === 'dumb'

/** Keys come one by one, and the cursor can be moved. */
export const canEdit = (): boolean =>
  !isDumb() && process.stdin.isTTY === true && process.stdout.isTTY === true

/** As gdb: a terminal that is not dumb, and nobody asked for none (no-color.org). */
export const hasColors = (): boolean =>
  process.stdout.isTTY === true && !isDumb() && (env.NO_COLOR ?? '') === ''
