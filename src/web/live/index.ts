// The entry point 'struct-history/page': an application that runs in a browser shows its own histories, while it records.

import { expectElement, expectRecorder, intervalOf } from './options.ts'
import { LiveView } from './view.ts'

/** What is shown: any Recorder, of any thread that has a document. */
export interface ShownRecorder {
  readonly name: string
  /** A whole image, copied while writers go on. */
  snapshot(): Uint8Array<ArrayBuffer>
}

export interface InspectorOptions {
  /**
   * Milliseconds between two looks at the recorder, 100 at least; default 1000. A look that takes long makes the next
   * one wait for ten times as long, so that at most a tenth of the thread's time goes to them.
   */
  readonly interval?: number
  /** 'auto', the default, is what the user's system has. */
  readonly theme?: 'auto' | 'light' | 'dark'
  /** It begins paused. */
  readonly paused?: boolean
}

/** What mountInspector() gives back. */
export interface Inspector {
  readonly isPaused: boolean
  /** Shows what it shows now until resume(). The recorder goes on. */
  pause(): void
  resume(): void
  /** Looks at the recorder now, also while it is paused; resolves when what it saw is shown. */
  refresh(): Promise<void>
  /** Takes the inspector out of the element, with all that it listens to. Once is enough, twice does no harm. */
  unmount(): void
}

/**
 * Shows a recorder's histories in an element, as they are recorded: by every thread and worker that joined it. It looks by
 * `recorder.snapshot()`, so no writer waits, and none but this page sees anything. What it draws stands in a shadow root:
 * neither its styles nor the page's reach the other. It asks nothing of a Content-Security-Policy beyond the `script-src` that
 * the library itself needs ('self' and 'wasm-unsafe-eval'), and works on pages that are not cross-origin isolated. An
 * element without a height gets one of 640 px. While the page or the element is not seen, it does not look.
 *
 * @throws {TypeError | RangeError} For what is no element, no recorder or no option.
 * @example
 * import { mountInspector } from 'struct-history/page'
 *
 * const inspector = mountInspector(document.querySelector('#histories'), recorder)
 */
export function mountInspector(
  element: Element | null,
  recorder: ShownRecorder,
  options: InspectorOptions = {},
): Inspector {
  return new LiveView(expectElement(element), expectRecorder(recorder), {
    ...options,
    interval: intervalOf(options),
  })
}
