// When to look again: not more often than asked, not for more than a tenth of the time, and not while nobody sees it.

/** After a look that took so long, this many times as long is waited. */
const REST = 10

export class Gaze {
  readonly #element: Element
  readonly #interval: number
  readonly #look: () => Promise<void>
  readonly #observer: IntersectionObserver
  readonly #onVisible = (): void => this.#schedule(0)
  #timer: ReturnType<typeof setTimeout> | undefined
  #isOn = false
  #isSeen = true

  constructor(element: Element, interval: number, look: () => Promise<void>) {
    this.#element = element
    this.#interval = interval
    this.#look = look
    this.#observer = new IntersectionObserver((entries) => {
      const wasSeen = this.#isSeen
      this.#isSeen = entries.at(-1)?.isIntersecting ?? true
      if (this.#isSeen !== wasSeen) this.#schedule(0)
    })
  }

  begin(): void {
    if (this.#isOn) return
    this.#isOn = true
    this.#observer.observe(this.#element)
    document.addEventListener('visibilitychange', this.#onVisible)
    this.#schedule(this.#interval)
  }

  end(): void {
    this.#isOn = false
    clearTimeout(this.#timer)
    this.#observer.disconnect()
    document.removeEventListener('visibilitychange', this.#onVisible)
  }

  #schedule(milliseconds: number): void {
    clearTimeout(this.#timer)
    if (!this.#isOn || !this.#isSeen || document.hidden) return
    this.#timer = setTimeout(() => void this.#now(), milliseconds)
  }

  async #now(): Promise<void> {
    const began = performance.now()
    await this.#look()
    const took = performance.now() - began
    this.#schedule(Math.max(this.#interval, REST * took))
  }
}
