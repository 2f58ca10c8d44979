// Times of an image on the wall clock.

import type { Image } from './image.ts'

const MICROSECONDS = 1000
/** What a Date can hold. */
const MILLISECONDS_MAX = 8.64e15

/** Microseconds since 1970; undefined where the image's clock cannot be believed. */
export function wallMicroseconds({ started }: Pick<Image, 'started'>, t: number) {
  const microseconds = Math.round(started * MICROSECONDS) + t
  const isKnown = Math.abs(microseconds / MICROSECONDS) <= MILLISECONDS_MAX
  return isKnown && Number.isSafeInteger(microseconds) ? microseconds : undefined
}

/** ISO 8601 in UTC with microseconds; '' where the image's clock cannot be believed. */
export function wallTime(image: Pick<Image, 'started'>, t: number): string {
  const microseconds = wallMicroseconds(image, t)
  if (microseconds === undefined) return ''
  const whole = Math.floor(microseconds / MICROSECONDS)
  const rest = microseconds - whole * MICROSECONDS
  return new Date(whole).toISOString().replace('Z', `${String(rest).padStart(3, '0')}Z`)
}
