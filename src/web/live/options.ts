// What mountInspector() is given, checked: a mistake is told of where it is made.

import type { InspectorOptions, ShownRecorder } from './index.ts'

const KNOWN = ['interval', 'theme', 'paused']
const THEMES = ['auto', 'light', 'dark']
const INTERVAL_MS = 1000
const INTERVAL_LEAST_MS = 100

const CANNOT = 'Cannot mount the inspector:'

export function expectElement(element: unknown): Element {
  // A worker, or a server that renders, has no elements at all.
  if (typeof Element === 'function' && element instanceof Element) return element
  throw new TypeError(`${CANNOT} expected an element, got ${shown(element)}`)
}

export function expectRecorder(recorder: ShownRecorder): ShownRecorder {
  if (typeof recorder?.snapshot === 'function') return recorder
  throw new TypeError(`${CANNOT} expected a Recorder, got ${shown(recorder)}`)
}

/** Throws for any option that is wrong, and gives the interval. */
export function intervalOf(options: InspectorOptions): number {
  for (const name of Object.keys(options)) {
    if (!KNOWN.includes(name))
      throw new TypeError(`${CANNOT} there is no option "${name}", only ${KNOWN.join(', ')}`)
  }
  const { interval = INTERVAL_MS, theme = 'auto' } = options
  if (typeof interval !== 'number' || !(interval >= INTERVAL_LEAST_MS))
    throw new RangeError(
      `${CANNOT} interval must be a number of milliseconds >= ${INTERVAL_LEAST_MS}, got ${shown(interval)}`,
    )
  if (!THEMES.includes(theme))
    throw new TypeError(`${CANNOT} theme must be one of ${THEMES.join(', ')}, got ${shown(theme)}`)
  return interval
}

const shown = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(value) : String(value)
