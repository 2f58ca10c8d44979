// Rows that are there only while they are seen: TanStack's virtualizer, told to Preact.

import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from '@tanstack/virtual-core'
import type { RefObject } from 'preact'
import { useLayoutEffect, useReducer, useRef } from 'preact/hooks'

/** Browsers cannot scroll further than about 17 million pixels. */
export const SCROLLED_PIXELS_MAX = 16_000_000

export interface Rows {
  readonly count: number
  readonly height: number
  readonly scroller: RefObject<HTMLElement | null>
}

/** What is in sight of `count` rows of one height; the component is shown again when that changes. */
export function useVirtual({ count, height, scroller }: Rows): Virtualizer<HTMLElement, Element> {
  const [, update] = useReducer((n: number) => n + 1, 0)
  const kept = useRef<Virtualizer<HTMLElement, Element> | undefined>(undefined)
  const options: VirtualizerOptions<HTMLElement, Element> = {
    count: Math.min(count, Math.floor(SCROLLED_PIXELS_MAX / height)),
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 6,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => update(0),
  }
  kept.current ??= new Virtualizer(options)
  const virtualizer = kept.current
  virtualizer.setOptions(options)
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer])
  useLayoutEffect(() => virtualizer._willUpdate())
  return virtualizer
}
