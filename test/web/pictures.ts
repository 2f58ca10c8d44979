// Pictures of the page compared with ones that were looked at. Letters differ a little from machine to machine, so what is
// compared is the color of each block of 16 by 16 pixels: a part that moves, vanishes or loses its color shows; another
// edge of a letter does not. Between browsers even that differs too much: each has its own pictures.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pixelmatch from 'pixelmatch'
import { PNG } from 'pngjs'

const FOLDER = 'test/web/looked-at'
/** They are kept at a quarter of their size, and compared at a quarter of that. */
const KEPT = 4
const COMPARED = 4
/** Of 0 to 1, how different a block may be; and how many of them may be more different. */
const THRESHOLD = 0.05
export const DIFFERENCE_MAX = 0.05

/** Each block of `size` by `size` pixels as one. */
function shrunk({ width, height, data }: PNG, size: number): PNG {
  const small = new PNG({ width: Math.floor(width / size), height: Math.floor(height / size) })
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      for (let channel = 0; channel < 4; channel++) {
        let sum = 0
        for (let dy = 0; dy < size; dy++)
          for (let dx = 0; dx < size; dx++)
            sum += data[((y * size + dy) * width + x * size + dx) * 4 + channel] as number
        small.data[(y * small.width + x) * 4 + channel] = Math.round(sum / size ** 2)
      }
    }
  }
  return small
}

/**
 * The share of the blocks in which a screenshot differs from the picture of that name. `UPDATE_PICTURES=1` takes the
 * screenshot for the picture: look at it, then commit it.
 */
export function difference(name: string, screenshot: string): number {
  const path = join(FOLDER, `${name}.png`)
  const now = shrunk(PNG.sync.read(readFileSync(screenshot)), KEPT)
  if (process.env.UPDATE_PICTURES) writeFileSync(path, PNG.sync.write(now))
  return existsSync(path) ? between(now, PNG.sync.read(readFileSync(path))) : 1
}

/** The same of two screenshots. */
export const differenceOf = (one: string, other: string): number =>
  between(
    shrunk(PNG.sync.read(readFileSync(one)), KEPT),
    shrunk(PNG.sync.read(readFileSync(other)), KEPT),
  )

function between(one: PNG, other: PNG): number {
  const seen = shrunk(one, COMPARED)
  const known = shrunk(other, COMPARED)
  if (seen.width !== known.width || seen.height !== known.height) return 1
  const { width, height } = seen
  const options = { threshold: THRESHOLD, includeAA: true }
  return pixelmatch(seen.data, known.data, undefined, width, height, options) / (width * height)
}
