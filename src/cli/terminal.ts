// What the terminal can do.

const { env } = process

const isDumb = (): boolean => (env.TERM ?? '') === '' || env.TERM === 'dumb'

/** Keys come one by one, and the cursor can be moved. */
export const canEdit = (): boolean =>
  !isDumb() && process.stdin.isTTY === true && process.stdout.isTTY === true

/** A line that was written can be taken back. */
export const canErase = (): boolean => process.stdout.isTTY === true && env.TERM !== 'dumb'

/** As gdb: a terminal that is not dumb, and nobody asked for none (no-color.org). */
export const hasColors = (): boolean =>
  process.stdout.isTTY === true && !isDumb() && (env.NO_COLOR ?? '') === ''
