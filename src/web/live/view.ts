// The page over a recorder that goes on: the same views and the same engine, beside the recorder instead of in a worker.

import { type Signal, signal } from '@preact/signals'
import { h } from 'preact'
import { mountApp } from '../app.tsx'
import { Client } from '../client.ts'
import { Engine } from '../engine/engine.ts'
import { serveAll } from '../engine/handlers.ts'
import { registerPanel } from '../panels.ts'
import { App } from '../store.ts'
import styles from '../theme.css'
import { LAZY_CONSOLE, serveLazyConsole } from './console.ts'
import { Controls } from './controls.tsx'
import { Gaze } from './gaze.ts'
import type { Inspector, InspectorOptions, ShownRecorder } from './index.ts'
import frame from './live.css'
import { LiveSource } from './source.ts'

const NEWEST_FIRST = '-created'
const HEIGHT = '640px'

/** What the controls show. */
export interface LiveState {
  readonly isPaused: Signal<boolean>
  /** Logged, by all threads, until the last look; and since the one before, a second. */
  readonly logged: Signal<number>
  readonly rate: Signal<number>
  /** Milliseconds since 1970. */
  readonly seen: Signal<number>
  readonly trouble: Signal<string>
}

export class LiveView implements Inspector {
  readonly state: LiveState = {
    isPaused: signal(false),
    logged: signal(0),
    rate: signal(0),
    seen: signal(0),
    trouble: signal(''),
  }
  readonly app: App
  readonly #host: HTMLElement
  readonly #source: LiveSource
  readonly #gaze: Gaze
  readonly #endings: (() => void)[]
  #looking: Promise<void> | undefined

  constructor(element: Element, recorder: ShownRecorder, options: InspectorOptions) {
    const { interval = 0, theme = 'auto', paused = false } = options
    const engine = new Engine()
    serveAll(engine)
    serveLazyConsole(engine)
    const { port1, port2 } = new MessageChannel()
    engine.listen(port1)
    this.app = new App(new Client(port2), {
      isEmbedded: true,
      controls: () => h(Controls, { view: this }),
    })
    this.app.theme.value = theme
    this.app.sort.value = NEWEST_FIRST
    this.#source = new LiveSource(recorder, engine)
    this.#host = document.createElement('div')
    element.append(this.#host)
    // As a parent without a height gives none: a table of 100,000 rows would be as high as all of them.
    if (element.clientHeight === 0) this.#host.style.height = HEIGHT
    const root = this.#host.attachShadow({ mode: 'open' })
    root.adoptedStyleSheets = [sheetOf(frame), sheetOf(styles)]
    const place = document.createElement('div')
    place.className = 'place'
    root.append(place)
    registerPanel(LAZY_CONSOLE)
    this.#endings = [mountApp(place, this.app), () => port1.close(), () => this.#host.remove()]
    this.#gaze = new Gaze(this.#host, interval, () => this.refresh())
    if (paused) this.state.isPaused.value = true
    void this.refresh()
    if (!paused) this.#gaze.begin()
  }

  get isPaused(): boolean {
    return this.state.isPaused.value
  }

  pause(): void {
    this.state.isPaused.value = true
    this.#gaze.end()
  }

  resume(): void {
    if (!this.isPaused) return
    // What was found was found in rows that are others now.
    this.app.study.value = undefined
    if (this.app.sort.value === 'finding') this.app.sort.value = NEWEST_FIRST
    this.state.isPaused.value = false
    this.#gaze.begin()
  }

  refresh(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  /** Pauses, as what is being checked must not change, and checks all lives. */
  async check(): Promise<void> {
    this.pause()
    this.app.sort.value = 'finding'
    await this.app.check()
  }

  /** The image that is shown, for a file. */
  get bytes(): Uint8Array<ArrayBuffer> | undefined {
    return this.#source.bytes
  }

  unmount(): void {
    this.#gaze.end()
    for (const end of this.#endings.splice(0)) end()
  }

  async #look(): Promise<void> {
    const { state, app } = this
    try {
      const { images, logged } = this.#source.look()
      const now = Date.now()
      const seconds = (now - state.seen.value) / 1000
      const isFirst = state.seen.value === 0
      state.rate.value = isFirst ? 0 : Math.max(0, (logged - state.logged.value) / seconds)
      state.logged.value = logged
      state.seen.value = now
      state.trouble.value = ''
      await app.refresh(images)
    } catch (error) {
      state.trouble.value = error instanceof Error ? error.message : String(error)
    }
  }
}

function sheetOf(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(text)
  return sheet
}
