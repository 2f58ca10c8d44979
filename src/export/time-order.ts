// The rows of an image by time, for formats that want them so. Of a row only its time and place are held; a life is decoded
// again when its rows come, and as many are remembered as are busy at one moment.

import type { History } from '../image/image.ts'
import { Column } from './columns.ts'
import { lifeOf, livesOf, type Origin, type Row } from './row.ts'

const ROWS_REMEMBERED = 1 << 16

/** Of equal times, rows come in the order of lists, lives and indexes. */
export function* byTime(origin: Origin): Generator<Row, void, undefined> {
  const times = new Column()
  const owners = new Column()
  const places = new Column()
  const histories: History[] = []
  for (const { history, rows } of livesOf([origin])) {
    const owner = histories.push(history) - 1
    for (const [place, { t }] of rows.entries()) {
      times.push(t)
      owners.push(owner)
      places.push(place)
    }
  }
  const lives = new Remembered((owner) => lifeOf(origin, histories[owner] as History).rows)
  for (const at of times.order()) {
    // In living memory a life may be over by now.
    const row = lives.get(owners.at(at))[places.at(at)]
    if (row !== undefined) yield row
  }
}

/** The rows of the lives that were asked for last. */
class Remembered {
  readonly #decode: (owner: number) => readonly Row[]
  readonly #lives = new Map<number, readonly Row[]>()
  #rows = 0

  constructor(decode: (owner: number) => readonly Row[]) {
    this.#decode = decode
  }

  get(owner: number): readonly Row[] {
    let rows = this.#lives.get(owner)
    if (rows === undefined) {
      rows = this.#decode(owner)
      this.#rows += rows.length
    } else this.#lives.delete(owner)
    // The last of a Map is what was set last.
    this.#lives.set(owner, rows)
    for (const [oldest, its] of this.#lives) {
      if (this.#rows <= ROWS_REMEMBERED || oldest === owner) break
      this.#lives.delete(oldest)
      this.#rows -= its.length
    }
    return rows
  }
}
