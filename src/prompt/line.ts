// The line that is being typed and what keys do to it, as GNU readline's Emacs keys do. Knows no terminal.

interface State {
  readonly text: string
  readonly cursor: number
}

const KILLS_KEPT = 10
const MARK = /^\p{M}$/u
const WORD = /[\p{L}\p{N}_]/u

export class Line {
  text = ''
  /** Place in `text`, never inside of a character. */
  cursor = 0
  readonly #undo: State[] = []
  readonly #kills: string[] = []
  /** What the last key did: kills in a row are one, and M-y follows a yank only. */
  #last: 'kill' | 'yank' | 'insert' | '' = ''
  #yanked = 0

  /** A new line; kills are kept for it. */
  reset(text = ''): void {
    this.#undo.length = 0
    this.#last = ''
    this.text = text
    this.cursor = text.length
  }

  /** Another text, such as one of the command history. */
  replace(text: string, cursor = text.length): void {
    this.#remember('')
    this.text = text
    this.cursor = cursor
  }

  insert(text: string): void {
    this.#remember('insert')
    this.#splice(this.cursor, this.cursor, text)
  }

  // Moves

  left(): void {
    this.#go(this.#before(this.cursor))
  }
  right(): void {
    this.#go(this.#after(this.cursor))
  }
  home(): void {
    this.#go(0)
  }
  end(): void {
    this.#go(this.text.length)
  }
  wordLeft(): void {
    this.#go(this.#wordBefore())
  }
  wordRight(): void {
    this.#go(this.#wordAfter())
  }

  // Deletes and kills

  deleteLeft(): void {
    this.#delete(this.#before(this.cursor), this.cursor)
  }
  deleteRight(): void {
    this.#delete(this.cursor, this.#after(this.cursor))
  }
  killToEnd(): void {
    this.#kill(this.cursor, this.text.length)
  }
  killToStart(): void {
    this.#kill(0, this.cursor)
  }
  killWordLeft(): void {
    this.#kill(this.#wordBefore(), this.cursor)
  }
  killWordRight(): void {
    this.#kill(this.cursor, this.#wordAfter())
  }
  /** Back to the last space, as C-w does. */
  killToSpace(): void {
    const before = this.text.slice(0, this.cursor)
    this.#kill(before.length - (/\S*\s*$/.exec(before)?.[0].length ?? 0), this.cursor)
  }

  yank(): void {
    const [newest] = this.#kills
    if (newest === undefined) return
    this.insert(newest)
    this.#yanked = 0
    this.#last = 'yank'
  }
  /** Puts an older kill in the place of the one just yanked. */
  yankOlder(): void {
    if (this.#last !== 'yank') return
    const old = this.#kills[this.#yanked] ?? ''
    this.#yanked = (this.#yanked + 1) % this.#kills.length
    this.#splice(this.cursor - old.length, this.cursor, this.#kills[this.#yanked] ?? '')
  }

  // Changes

  /** Swaps the characters around the cursor; at the end, the two before it. */
  transpose(): void {
    const at = this.cursor === this.text.length ? this.#before(this.cursor) : this.cursor
    const start = this.#before(at)
    const end = this.#after(at)
    if (start === at || at === end) return
    this.#remember('')
    this.#splice(start, end, this.text.slice(at, end) + this.text.slice(start, at))
    this.cursor = end
  }
  changeWord(change: 'upper' | 'lower' | 'capital'): void {
    const end = this.#wordAfter()
    const word = this.text.slice(this.cursor, end)
    const changed =
      change === 'upper'
        ? word.toUpperCase()
        : word
            .toLowerCase()
            .replace(WORD, (first) => (change === 'capital' ? first.toUpperCase() : first))
    this.#remember('')
    this.#splice(this.cursor, end, changed)
  }

  undo(): void {
    const state = this.#undo.pop()
    if (state === undefined) return
    this.text = state.text
    this.cursor = state.cursor
    this.#last = ''
  }
  revert(): void {
    while (this.#undo.length > 0) this.undo()
  }

  #go(place: number): void {
    this.cursor = place
    this.#last = ''
  }

  #delete(start: number, end: number): void {
    if (start === end) return
    this.#remember('')
    this.#splice(start, end, '')
  }

  #kill(start: number, end: number): void {
    const isMore = this.#last === 'kill'
    if (start !== end) {
      const text = this.text.slice(start, end)
      const isForward = start === this.cursor
      this.#remember('')
      const [newest = ''] = this.#kills
      if (isMore) this.#kills[0] = isForward ? newest + text : text + newest
      else this.#kills.unshift(text)
      this.#kills.length = Math.min(this.#kills.length, KILLS_KEPT)
      this.#splice(start, end, '')
    }
    this.#last = 'kill'
  }

  #splice(start: number, end: number, text: string): void {
    this.text = this.text.slice(0, start) + text + this.text.slice(end)
    this.cursor = start + text.length
  }

  /** For undo: what is typed in a row goes as one. */
  #remember(what: 'insert' | ''): void {
    if (what === '' || this.#last !== what) {
      this.#undo.push({ text: this.text, cursor: this.cursor })
    }
    this.#last = what
  }

  #before(place: number): number {
    let at = place
    do at -= isLow(this.text.charCodeAt(at - 1)) && at > 1 ? 2 : 1
    while (at > 0 && MARK.test(this.#characterAt(at)))
    return Math.max(0, at)
  }
  #after(place: number): number {
    let at = place
    do at += this.#characterAt(at).length || 1
    while (at < this.text.length && MARK.test(this.#characterAt(at)))
    return Math.min(this.text.length, at)
  }
  #characterAt(place: number): string {
    const code = this.text.codePointAt(place)
    return code === undefined ? '' : String.fromCodePoint(code)
  }

  #wordBefore(): number {
    let at = this.cursor
    while (at > 0 && !WORD.test(this.text[at - 1] as string)) at--
    while (at > 0 && WORD.test(this.text[at - 1] as string)) at--
    return at
  }
  #wordAfter(): number {
    let at = this.cursor
    while (at < this.text.length && !WORD.test(this.text[at] as string)) at++
    while (at < this.text.length && WORD.test(this.text[at] as string)) at++
    return at
  }
}

const isLow = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff
