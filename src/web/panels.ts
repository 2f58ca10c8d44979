// The slots of the page: tabs beside the table of histories. A panel is a component, or a function that fills an element
// and gives back how to empty it.

import type { ComponentType } from 'preact'
import type { App } from './store.ts'

export interface Panel {
  /** In links: `#panel=console`. */
  readonly id: string
  readonly title: string
  /** The digit that opens it. */
  readonly key: string
  /** One line for the help. */
  readonly line: string
  readonly component?: ComponentType<{ readonly app: App }>
  /** Called when the panel is first shown; what it answers runs when the page ends. */
  readonly mount?: (element: HTMLElement, app: App) => () => void
}

const known: Panel[] = []

/** Adds a tab; those registered first stand first. */
export function registerPanel(panel: Panel): void {
  const at = known.findIndex(({ id }) => id === panel.id)
  if (at >= 0) known[at] = panel
  else known.push(panel)
}

export const panels = (): readonly Panel[] => known
