// Times as they are typed: microseconds since the recorder began, or with a unit: 12.5s, 3ms.

import type { HostClock } from '../../image/image.ts'
import { toInteger } from '../language/values.ts'
import { CommandError } from '../messages.ts'
import type { Session } from '../session.ts'

const MICROSECONDS: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1e3,
  s: 1e6,
  min: 60e6,
  h: 3600e6,
}
const WITH_UNIT = /^(\d+(?:\.\d*)?|\.\d+)(us|ms|s|min|h)$/

/** Microseconds of `3ms`; undefined for what has no unit. */
export function withUnit(text: string): number | undefined {
  const [, number, unit = ''] = WITH_UNIT.exec(text) ?? []
  return number === undefined ? undefined : Number(number) * (MICROSECONDS[unit] as number)
}

/** Microseconds of a time: with a unit, or an expression such as `48360500000` or `$3.t`. */
export function timeOf(session: Session, text: string): number {
  const time = withUnit(text)
  if (time !== undefined) return time
  if (/^[\d.]+[a-z]/i.test(text) && !/^0x/i.test(text)) {
    throw new CommandError(
      `Invalid time "${text}": microseconds, or a number with us, ms, s, min or h.`,
    )
  }
  return Number(toInteger(session.evaluate(text)))
}

/** `12.5 s`, `3 ms`, `500 us`: a span for people, no longer than it must be. */
export function spanText(microseconds: number): string {
  for (const unit of ['h', 'min', 's', 'ms']) {
    const size = MICROSECONDS[unit] as number
    if (microseconds >= size) return `${Number((microseconds / size).toFixed(3))} ${unit}`
  }
  return `${microseconds} us`
}

/** What merge was told of a host's clock. */
export function hostClockText({ offset, uncertainty }: HostClock): string {
  const sign = offset < 0 ? '-' : '+'
  return `its host's clock: ${sign}${spanText(Math.abs(offset))}, within ${spanText(uncertainty)}`
}
