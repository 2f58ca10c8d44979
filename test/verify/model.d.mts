export interface Bounds {
  readonly what: string
  readonly model: string
  readonly flags: string[]
  readonly endless?: boolean
  readonly from?: number
}
export const HOLDS: Bounds[]
export const BROKEN: (Bounds & { readonly by: RegExp })[]
