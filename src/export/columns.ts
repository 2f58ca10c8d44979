// Numbers in a row that grows: eight bytes each, where an array of objects would take ten times that.

const FIRST = 1 << 12

export class Column {
  #values = new Float64Array(FIRST)
  length = 0

  push(value: number): void {
    if (this.length === this.#values.length) {
      const grown = new Float64Array(this.length * 2)
      grown.set(this.#values)
      this.#values = grown
    }
    this.#values[this.length++] = value
  }

  at(place: number): number {
    return this.#values[place] as number
  }

  /** Places in ascending order of their values; of equal ones, as they were pushed. */
  order(): Uint32Array {
    const order = Uint32Array.from({ length: this.length }, (_, place) => place)
    return order.sort((one, other) => this.at(one) - this.at(other) || one - other)
  }
}
