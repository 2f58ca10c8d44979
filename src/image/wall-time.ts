// Times of an image on the wall clock.

import type { Image } from './image.ts'

const MICROSECONDS_IN_MILLISECOND = 1000
/** What a Date can hold. */
const MILLISECONDS_MAX = 8.64e15

/** Microseconds since 1970; undefined where the image's clock cannot be believed. */
export function wallMicroseconds({ started }: Pick<Image, 'started'>, t: number) {
  const microseconds = Math.round(started * MICROSECONDS_IN_MILLISECOND) + t
  const isKnown = Math.abs(microseconds / MICROSECONDS_IN_MILLISECOND) <= MILLISECONDS_MAX
  return isKnown && Number.isSafeInteger(microseconds) ? microseconds : undefined
}

/** `2026-11-28T12:00:00.`: times of one second share it, and a Date is made once for them. */
let secondOf = { second: Number.NaN, text: '' }
const MICROSECONDS_IN_SECOND = 1_000_000
/** `000Z` */
const MILLISECONDS_LETTERS = 4

/** ISO 8601 in UTC with microseconds; '' where the image's clock cannot be believed. */
export function wallTime(image: Pick<Image, 'started'>, t: number): string {
  const microseconds = wallMicroseconds(image, t)
  if (microseconds === undefined) return ''
  const second = Math.floor(microseconds / MICROSECONDS_IN_SECOND)
  if (second !== secondOf.second) {
    const text = new Date(second * 1000).toISOString().slice(0, -MILLISECONDS_LETTERS)
    secondOf = { second, text }
  }
  const rest = microseconds - second * MICROSECONDS_IN_SECOND
  return `${secondOf.text}${String(rest).padStart(6, '0')}Z`
}
