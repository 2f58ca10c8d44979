// What all views share: what is open, what is chosen, what is under way. A view reads signals and calls methods here; it
// talks to no other view.

import { batch, computed, effect, type ReadonlySignal, signal } from '@preact/signals'
import { type Client, GivenUp } from './client.ts'
import type {
  ImageView,
  LifeView,
  Methods,
  Progress,
  Rows,
  Study,
  Trouble,
} from './engine/protocol.ts'
import { hashOf, NOTHING, type View, viewOf } from './link.ts'

/** A history, and one of its events perhaps, by its index. */
export interface Selection {
  readonly image: number
  readonly handle: number
  readonly event: number | undefined
}

/** Something that takes time, and can be given up. */
export interface Task {
  readonly progress: Progress
  giveUp(): void
}

export class App {
  readonly client: Client
  readonly images = signal<readonly ImageView[]>([])
  readonly rows = signal<Rows | undefined>(undefined)
  readonly study = signal<Study | undefined>(undefined)
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
  /** Said aloud by screen readers. */
  readonly said = signal('')

  /** Row of the selected history, or -1. */
  readonly row: ReadonlySignal<number> = computed(() => {
    const at = this.selection.value
    return at === undefined ? -1 : this.rowOf(at.image, at.handle)
  })
  readonly #places = computed(() => {
    const places = new Map<string, number>()
    const rows = this.rows.value
    for (let row = 0; row < (rows?.count ?? 0); row++)
      places.set(`${rows?.image[row]} ${rows?.handle[row]}`, row)
    return places
  })
  readonly #endings: (() => void)[] = []
  #opening = new AbortController()

  constructor(client: Client) {
    this.client = client
    this.#endings.push(effect(() => this.#readLife()))
  }

  /** Frees what it listens to. */
  close(): void {
    this.#opening.abort()
    for (const end of this.#endings) end()
  }

  rowOf(image: number, handle: number): number {
    return this.#places.value.get(`${image} ${handle}`) ?? -1
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
      this.#failed(error)
    } finally {
      if (this.#opening.signal === signal) this.task.value = undefined
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
      if (this.row.value < 0) this.selection.value = undefined
    })
    this.say(`${images.length} images open, ${rows.count} histories`)
  }

  async forget(): Promise<void> {
    this.#opening.abort()
    await this.client.call('close', [])
    batch(() => {
      this.images.value = []
      this.rows.value = undefined
      this.study.value = undefined
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

  #failed(error: unknown): void {
    if (error instanceof GivenUp) return
    this.failure.value = error instanceof Error ? error.message : `${error}`
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Choosing

  /** Makes a history current, with one of its events if `event` is given, in every view. */
  select(image: number, handle: number, event?: number): void {
    const now = this.selection.value
    if (now?.image === image && now.handle === handle && now.event === event) return
    this.selection.value = { image, handle, event }
  }

  say(sentence: string): void {
    this.said.value = sentence
  }

  #readLife(): void {
    const at = this.selection.value
    // Only another image or another check of it is a reason to read it again.
    this.rows.value
    const known = this.life.peek()
    if (at === undefined) {
      this.life.value = undefined
      return
    }
    if (known?.image === at.image && known.handle === at.handle) return
    this.client.call('life', [at.image, at.handle]).then(
      (life) => {
        const now = this.selection.peek()
        if (now?.image === at.image && now.handle === at.handle) this.life.value = life
      },
      (error) => this.#failed(error),
    )
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Links

  /** All that a link carries. */
  view(): View {
    const at = this.selection.value
    return {
      files: [...new Set(this.images.value.map(({ source }) => source.replace(/#\d+$/, '')))],
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
