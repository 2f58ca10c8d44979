// One life as its slot and its list tell it: the numbers that every record of it must agree with.

/** How the events of a list's histories are laid out; from the list record, limits checked. */
export interface Geometry {
  readonly list: number
  readonly maxEvents: number
  readonly maxText: number
  readonly firstBlocks: number
  readonly turnBlocks: number
  readonly directoryLevels: number
}

export interface Life {
  /** Slot number: address / 128. */
  readonly number: number
  readonly offset: number
  readonly generation: number
  /** Events ever claimed. */
  readonly claimed: number
  readonly geometry: Geometry
  /** For messages. */
  readonly name: () => string
}
