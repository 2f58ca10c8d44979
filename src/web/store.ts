// What all views share: what is open, what is chosen, what is under way. A view reads signals and calls methods here; it
// talks to no other view.

import { batch, computed, effect, type ReadonlySignal, signal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { type Client, GivenUp } from './client.ts'
import type {
  ImageView,
  LifeView,
  Methods,
  Progress,
  RowFinding,
  Rows,
  Study,
  Trouble,
} from './engine/protocol.ts'
import { hashOf, NOTHING, type View, viewOf } from './link.ts'
import { counted } from './words.ts'

/** A history, and one of its events perhaps, by its index. */
export interface Selection {
  readonly image: number
  readonly handle: number
  readonly event: number | undefined
}

export type Theme = 'auto' | 'light' | 'dark'

const NEXT_THEME: Readonly<Record<Theme, Theme>> = { auto: 'dark', dark: 'light', light: 'auto' }

export interface AppOptions {
  /** It shows an application's own recorder: there is nothing to open. */
  readonly isEmbedded?: boolean
  /** Stands in the bar, where the page has what opens files. */
  readonly controls?: ComponentType
}

/** Two frames. */
const PAINT_MS = 34

const NO_FINDINGS: readonly RowFinding[] = []

/** Something that takes time, and can be given up. */
export interface Task {
  readonly progress: Progress
  giveUp(): void
}

export class App {
  readonly client: Client
  readonly isEmbedded: boolean
  readonly controls: ComponentType | undefined
  readonly images = signal<readonly ImageView[]>([])
  readonly rows = signal<Rows | undefined>(undefined)
  readonly study = signal<Study | undefined>(undefined)
  /** How far the study is; undefined when none is under way. */
  readonly studying = signal<Progress | undefined>(undefined)
  readonly troubles = signal<readonly Trouble[]>([])
  readonly task = signal<Task | undefined>(undefined)
  /** Why everything stands still; '' while it does not. */
  readonly failure = signal('')

  readonly selection = signal<Selection | undefined>(undefined)
  /** Name of the only list whose histories are shown; '' is all. */
  readonly list = signal('')
  readonly find = signal('')
  readonly sort = signal(NOTHING.sort)
  readonly panel = signal(NOTHING.panel)
  /** Of the selected history; undefined until it is there. */
  readonly life = signal<LifeView | undefined>(undefined)
  /** Files that a link was made for, while they are not open. */
  readonly awaited = signal<readonly string[]>([])
  readonly theme = signal<Theme>('auto')
  readonly isHelpShown = signal(false)
  /** Said aloud by screen readers. */
  readonly said = signal('')

  /** Row of the selected history, or -1. */
  readonly row: ReadonlySignal<number> = computed(() => {
    const at = this.selection.value
    return at === undefined ? -1 : this.rowOf(at.image, at.handle)
  })
  /** Findings by row, likeliest first. */
  readonly #byRow = computed(() => {
    const byRow = new Map<number, RowFinding[]>()
    for (const finding of this.study.value?.findings ?? []) {
      const known = byRow.get(finding.row)
      if (known) known.push(finding)
      else byRow.set(finding.row, [finding])
    }
    return byRow
  })
  /** What is wrong with the selected history, likeliest first. */
  readonly findings: ReadonlySignal<readonly RowFinding[]> = computed(
    () => this.#byRow.value.get(this.row.value) ?? NO_FINDINGS,
  )
  /** How many histories have findings. */
  readonly wrong: ReadonlySignal<number> = computed(() => this.#byRow.value.size)
  readonly #endings: (() => void)[] = []
  #opening = new AbortController()
  /** The rows that `life` was read with: of a recorder that goes on it is read again with the next. */
  #lifeRead: Rows | undefined
  #wasChosen = false

  constructor(client: Client, { isEmbedded = false, controls }: AppOptions = {}) {
    this.client = client
    this.isEmbedded = isEmbedded
    this.controls = controls
    this.#endings.push(effect(() => this.#readLife()))
  }

  /** Frees what it listens to. */
  close(): void {
    this.#opening.abort()
    for (const end of this.#endings) end()
  }

  /** Row of a history, or -1. */
  rowOf(image: number, handle: number): number {
    const rows = this.rows.value
    // A look through 100,000 numbers is quicker than a map of them is made.
    let row = rows?.handle.indexOf(handle) ?? -1
    while (row >= 0 && rows?.image[row] !== image) row = rows?.handle.indexOf(handle, row + 1) ?? -1
    return row
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Opening

  async open(files: readonly File[]): Promise<void> {
    if (files.length === 0) return
    this.#opening.abort()
    this.#opening = new AbortController()
    const { signal } = this.#opening
    this.troubles.value = []
    this.study.value = undefined
    try {
      const { images, troubles } = await this.#run('open', [files], signal)
      this.troubles.value = troubles
      await this.refresh(images, signal)
    } catch (error) {
      this.failed(error)
    } finally {
      if (this.#opening.signal === signal) this.task.value = undefined
    }
    if (this.images.value.length > 0 && !signal.aborted) await this.check(signal)
  }

  /** Reads and checks all lives; the likeliest culprit is selected, unless somebody has chosen meanwhile. */
  async check(signal = this.#opening.signal): Promise<void> {
    try {
      this.studying.value = { what: 'Reading all lives', done: 0, total: 0 }
      // The first look at it comes before the work.
      await new Promise((resolve) => setTimeout(resolve, PAINT_MS))
      const onProgress = (progress: Progress): void => {
        this.studying.value = progress
      }
      const study = await this.client.call('study', [], { signal, onProgress })
      batch(() => {
        this.study.value = study
        if (!this.#wasChosen) this.#selectFirst()
      })
      const wrong = this.wrong.value
      this.say(wrong === 0 ? 'Nothing is found wrong.' : `${wrong} histories with findings`)
    } catch (error) {
      this.failed(error)
    } finally {
      this.studying.value = undefined
    }
  }

  /** Shows what the engine holds now. */
  async refresh(images: readonly ImageView[], signal = this.#opening.signal): Promise<void> {
    if (images.length === 0) return
    const rows = await this.client.call('rows', [], { signal })
    batch(() => {
      this.images.value = images
      this.rows.value = rows
      this.awaited.value = []
    })
    if (this.isEmbedded) return
    this.say(
      `${counted(images.length, 'image')} open, ${counted(rows.count, 'history', 'histories')}`,
    )
  }

  async forget(): Promise<void> {
    this.#opening.abort()
    await this.client.call('close', [])
    batch(() => {
      this.images.value = []
      this.rows.value = undefined
      this.study.value = undefined
      this.#wasChosen = false
      this.selection.value = undefined
      this.troubles.value = []
      this.list.value = ''
      this.find.value = ''
    })
  }

  async #run<Name extends keyof Methods>(
    method: Name,
    given: Parameters<Methods[Name]>,
    signal: AbortSignal,
  ) {
    return await this.client.call(method, given, {
      signal,
      onProgress: (progress: Progress) => {
        this.task.value = { progress, giveUp: () => this.#opening.abort() }
      },
    })
  }

  /** Shows that something went wrong that should not. */
  failed(error: unknown): void {
    if (error instanceof GivenUp) return
    this.failure.value = error instanceof Error ? error.message : `${error}`
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Choosing

  /** Makes a history current, with one of its events if `event` is given, in every view. */
  select(image: number, handle: number, event?: number): void {
    const now = this.selection.value
    if (now?.image === image && now.handle === handle && now.event === event) return
    this.#wasChosen = true
    this.selection.value = { image, handle, event }
  }

  /** The same by its row; of one with findings, the event where it went wrong. */
  selectRow(row: number): void {
    const rows = this.rows.value
    const handle = rows?.handle[row]
    if (rows === undefined || handle === undefined) return
    const isHere = row === this.row.value && this.selection.value?.event !== undefined
    if (isHere) return
    this.select(rows.image[row] ?? 0, handle, this.#byRow.value.get(row)?.[0]?.events[0])
  }

  /** The likeliest culprit; without one, something to look at. That is nobody's choice: the next check may choose again. */
  #selectFirst(): void {
    const first = this.study.value?.findings[0]
    if (first !== undefined) this.selectRow(first.row)
    else if (this.selection.value === undefined) this.selectRow(0)
    this.#wasChosen = false
  }

  /** Selects the next event of the life (`step` 1), or the one before (-1), or of those that prove a finding. */
  stepEvent(step: number, which: 'any' | 'thread' | 'proof' = 'any'): void {
    const life = this.life.value
    const at = this.selection.value
    if (life === undefined || at === undefined) return
    const current = life.events.findIndex(({ index }) => index === at.event)
    const from = life.events[current]
    const proofs = new Set(this.findings.value.flatMap(({ events }) => events))
    for (let i = current + step; i >= 0 && i < life.events.length; i += step) {
      const event = life.events[i]
      if (event === undefined || event.verb === '') continue
      const isSame =
        event.thread === from?.thread && event.tid === from.tid && event.pid === from.pid
      if (which === 'thread' && from !== undefined && !isSame) continue
      if (which === 'proof' && !proofs.has(event.index) && event.late === '') continue
      this.select(at.image, at.handle, event.index)
      return
    }
  }

  /** Selects the first event of the life, or the last. */
  stepEnd(isLast: boolean): void {
    const events = this.life.value?.events.filter(({ verb }) => verb !== '') ?? []
    const at = this.selection.value
    const event = isLast ? events.at(-1) : events[0]
    if (event && at) this.select(at.image, at.handle, event.index)
  }

  /** Selects the next history with findings, in their order. */
  stepFinding(step: number): void {
    const rows = [...this.#byRow.value.keys()]
    const at = rows.indexOf(this.row.value)
    const row = at < 0 ? rows[0] : rows[at + step]
    if (row !== undefined) this.selectRow(row)
  }

  /** As the system says, dark, light, in turn. */
  turnTheme(): void {
    this.theme.value = NEXT_THEME[this.theme.value]
  }

  say(sentence: string): void {
    this.said.value = sentence
  }

  #readLife(): void {
    const at = this.selection.value
    const known = this.life.peek()
    if (at === undefined) {
      this.life.value = undefined
      return
    }
    const rows = this.rows.value
    const isKnown = known?.image === at.image && known.handle === at.handle
    if (isKnown && this.#lifeRead === rows) return
    this.#lifeRead = rows
    this.client.call('life', [at.image, at.handle]).then(
      (life) => {
        const now = this.selection.peek()
        if (now?.image !== at.image || now.handle !== at.handle) return
        // What somebody is looking at stays, when a recorder that goes on has evicted it.
        if (life !== undefined || !isKnown) this.life.value = life
      },
      (error) => this.failed(error),
    )
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Links

  /** All that a link carries. */
  view(): View {
    const at = this.selection.value
    return {
      files: [...new Set(this.images.value.flatMap(({ files }) => files))],
      panel: this.panel.value,
      image: at?.image,
      history: at?.handle,
      event: at?.event,
      list: this.list.value,
      find: this.find.value,
      sort: this.sort.value,
    }
  }

  show(view: View): void {
    batch(() => {
      this.panel.value = view.panel
      this.list.value = view.list
      this.find.value = view.find
      this.sort.value = view.sort
      if (view.history !== undefined) this.#wasChosen = true
      if (view.history !== undefined)
        this.selection.value = {
          image: view.image ?? 0,
          handle: view.history,
          event: view.event,
        }
      if (this.images.value.length === 0) this.awaited.value = view.files
    })
  }

  /** Keeps the address of a window as the state is, and the state as the address. */
  followAddress(window: Window): void {
    this.show(viewOf(window.location.hash))
    const onChange = (): void => {
      if (window.location.hash !== hashOf(this.view())) this.show(viewOf(window.location.hash))
    }
    window.addEventListener('hashchange', onChange)
    this.#endings.push(
      () => window.removeEventListener('hashchange', onChange),
      effect(() => {
        const hash = hashOf(this.view())
        // Before anything is open, the link still says what is awaited.
        if (this.images.value.length === 0 || window.location.hash === hash) return
        window.history.replaceState(window.history.state, '', hash === '' ? '#' : hash)
      }),
    )
  }
}
