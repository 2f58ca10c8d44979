// The edits of one file. A statement that stood alone on its lines takes the lines with it, and one of two blank lines
// that come to stand together: the text is what its author would have written without.

import MagicString from 'magic-string'

export interface SourceMapLike {
  readonly version: number
  readonly sources: string[]
  readonly sourcesContent?: (string | null)[]
  readonly names: string[]
  readonly mappings: string
  readonly file?: string
}

export interface Output {
  readonly code: string
  readonly map: SourceMapLike
}

/** White space, and comments that are lines of their own or stand in one line. */
const COMMENTS_AT_END = /(?:\s|(?<=\s|^)\/\/[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)+$/

interface Range {
  start: number
  end: number
}

interface Removal extends Range {
  isApart: boolean
}

export class Edits {
  readonly #text: string
  readonly #statements: Removal[] = []
  readonly #removed: Range[] = []
  readonly #replaced: (Range & { text: string })[] = []
  readonly #inserted: { at: number; text: string }[] = []

  constructor(text: string) {
    this.#text = text
  }

  get isEmpty(): boolean {
    return (
      this.#statements.length +
        this.#removed.length +
        this.#replaced.length +
        this.#inserted.length ===
      0
    )
  }

  /**
   * A whole statement, or member of a class: with its lines if nothing else stands there. `isApart`: what stands before it
   * ends by itself, whatever follows.
   */
  removeStatement({ start, end }: Range, isApart = false): void {
    // In a file without semicolons one that begins the next line is that line's, though the parser gives it to this one.
    const next = /\s*\n\s*;$/.exec(this.#text.slice(start, end))
    this.#statements.push({ start, end: end - (next?.[0].length ?? 0), isApart })
  }

  remove(start: number, end: number): void {
    if (end > start) this.#removed.push({ start, end })
  }

  replace(start: number, end: number, text: string): void {
    this.#replaced.push({ start, end, text })
  }

  insert(at: number, text: string): void {
    this.#inserted.push({ at, text })
  }

  /** Items of a list between commas, of which some stay. */
  removeItems(items: readonly Range[], isGone: (item: Range) => boolean): void {
    let lastKept: Range | undefined
    for (const [place, item] of items.entries()) {
      if (!isGone(item)) {
        lastKept = item
        continue
      }
      const next = items[place + 1]
      const isTrailing = items.slice(place).every(isGone)
      if (isTrailing) {
        const end = (items.at(-1) as Range).end
        // Nothing is left that a comma could follow.
        const comma = lastKept ? '' : /^\s*,/.exec(this.#text.slice(end))?.[0]
        this.remove(lastKept?.end ?? item.start, end + (comma?.length ?? 0))
        return
      }
      this.remove(item.start, (next as Range).start)
    }
  }

  /** The inside of a block of which only white space is left. */
  emptyBlock({ start, end }: Range, statements: readonly Range[]): void {
    let rest = ''
    let at = start + 1
    for (const statement of statements) {
      rest += this.#text.slice(at, statement.start)
      at = statement.end
    }
    rest += this.#text.slice(at, end - 1)
    if (rest.trim() === '') this.remove(start + 1, end - 1)
  }

  apply(file: string): Output {
    const magic = new MagicString(this.#text)
    // Larger ranges first: what lies in a removed one is gone with it.
    const lines = this.#lines()
    for (const range of lines) if (!range.isApart) this.#keepApart(range)
    const removed = [...this.#removed, ...lines]
    const isInside = (at: number) => removed.some(({ start, end }) => start <= at && at < end)
    for (const { at, text } of this.#inserted) if (!isInside(at)) magic.appendRight(at, text)
    for (const { start, end, text } of this.#replaced) {
      if (removed.some((range) => range.start <= start && end <= range.end)) continue
      if (start === end) magic.appendRight(start, text)
      else magic.update(start, end, text)
    }
    for (const { start, end } of removed) magic.remove(start, end)
    const map = magic.generateMap({ source: file, includeContent: true, hires: 'boundary' })
    return { code: magic.toString(), map: map as unknown as SourceMapLike }
  }

  /** A removed statement may have been what kept two others apart: the next must not become the end of the one before. */
  #keepApart({ start, end }: Range): void {
    const before = this.#text.slice(0, start).replace(COMMENTS_AT_END, '')
    if (before === '' || /[;{]$/.test(before)) return
    const after = /^(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/.exec(
      this.#text.slice(end),
    ) as RegExpExecArray
    const at = end + after[0].length
    if (/[([`+\-/]/.test(this.#text[at] ?? '')) this.insert(at, ';')
  }

  #lines(): Removal[] {
    const text = this.#text
    const ranges = this.#statements
      .map((range) => ({ ...range, ...this.#grown(range) }))
      .sort((a, b) => a.start - b.start)
    const merged: Removal[] = []
    for (const range of ranges) {
      const last = merged.at(-1)
      if (last && range.start <= last.end) last.end = Math.max(last.end, range.end)
      else merged.push({ ...range })
    }
    for (let place = 0; place < merged.length; place++) {
      const range = merged[place] as Removal
      this.#takeBlankLines(range)
      const next = merged[place + 1]
      if (!next || next.start > range.end) continue
      next.start = range.start
      next.isApart = range.isApart
      next.end = Math.max(next.end, range.end)
      merged.splice(place--, 1)
    }
    return merged.filter(({ start, end }) => start < end && end <= text.length)
  }

  /** With its lines, when it stands there alone. */
  #grown({ start, end }: Range): Range {
    const text = this.#text
    const lineStart = text.lastIndexOf('\n', start - 1) + 1
    const rest = /^[ \t]*;?[ \t]*(?:\/\/[^\n]*|\/\*[^\n]*?\*\/[ \t]*)?(?:\r?\n|$)/.exec(
      text.slice(end, end + 2000),
    )
    // A semicolon before it only kept it apart from the line above.
    const isAlone = /^[ \t]*;?$/.test(text.slice(lineStart, start))
    if (isAlone && rest) return { start: lineStart, end: end + rest[0].length }
    const spaces = /^[ \t]*/.exec(text.slice(end)) as RegExpExecArray
    return isAlone ? { start, end: end + spaces[0].length } : this.#afterOthers({ start, end })
  }

  /** Something stands before it on its line: the space between the two goes, too. */
  #afterOthers({ start, end }: Range): Range {
    const before = /[ \t]*$/.exec(this.#text.slice(0, start)) as RegExpExecArray
    const isLast = /^[ \t]*(?:\r?\n|$)/.test(this.#text.slice(end))
    return {
      start: isLast ? start - before[0].length : start,
      end: isLast ? end : this.#spaced(end),
    }
  }

  #spaced(end: number): number {
    return end + (/^[ \t]*/.exec(this.#text.slice(end)) as RegExpExecArray)[0].length
  }

  #takeBlankLines(range: Range): void {
    const text = this.#text
    const isWholeLines =
      (range.start === 0 || text[range.start - 1] === '\n') &&
      (range.end === text.length || text[range.end - 1] === '\n')
    if (!isWholeLines) return
    const before = text.slice(0, range.start)
    const isAfterBlank = /(?:^|\n)[ \t]*\r?\n$/.test(before)
    const isAtBegin = before.trim() === '' || /[{([:]\s*$/.test(before)
    const blank = /^(?:[ \t]*\r?\n)+/.exec(text.slice(range.end))
    if (blank && (isAfterBlank || isAtBegin)) {
      range.end += blank[0].length
      return
    }
    const isAtEnd = /^\s*(?:[})\]]|$)/.test(text.slice(range.end, range.end + 400))
    const blankBefore = /\n((?:[ \t]*\r?\n)+)$/.exec(before)
    if (isAtEnd && blankBefore) range.start -= (blankBefore[1] as string).length
  }
}
