// Rows of a virtual table while it is scrolled: only those that come into sight are made anew, of elements that have gone
// out of it.

import { Component, type ComponentChild } from 'preact'

/** A key by which the elements of a row that has gone become those of one that comes: of `count` in a row, each has one. */
export const elementOf = (place: number, count: number): number => place % count

/** The same component, shown again only when one of its properties is another. */
export function unlessSame<Props extends object>(show: (props: Props) => ComponentChild) {
  return class extends Component<Props> {
    override shouldComponentUpdate(next: Props): boolean {
      const now = this.props as Record<string, unknown>
      return Object.entries(next).some(([name, value]) => now[name] !== value)
    }
    override render(): ComponentChild {
      return show(this.props as Props)
    }
  }
}
