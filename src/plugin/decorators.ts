// AssemblyScript decorates functions and variables (`@inline`, `@external(…)`), which no parser of TypeScript takes. They are
// put away as comments of the same length, and back when what they stand at has stayed.

export interface Masked {
  readonly text: string
  readonly decorators: readonly Decorated[]
}

interface Decorated {
  readonly text: string
  /** What it stands at: `export function f`. */
  readonly head: string
}

// Characters for private use, so that no comment of a program is taken for one of ours.
const FIRST = 0xe000
const FILLER = '\uf8ff'
const DECORATED =
  /^([ \t]*)((?:@[\w.]+(?:\([^()\n]*\))?\s+)+)(?=((?:(?:export|declare|default)\s+)*(?:function|const|let|var|enum|namespace|type)\s[^(=:{<\n]*))/gm
const MASK = /([ \t]*)\/\*([\ue000-\uf8fe])[\uf8ff\s]*\*\/(\s*)/g

export function masked(text: string): Masked {
  const decorators: Decorated[] = []
  const without = text.replace(DECORATED, (whole, indent: string, found: string, head: string) => {
    const bare = found.trimEnd()
    if (decorators.length === FILLER.charCodeAt(0) - FIRST) return whole
    const mark = String.fromCharCode(FIRST + decorators.length)
    decorators.push({ text: bare, head })
    const inner = bare.slice(3, -2).replace(/[^\r\n]/g, FILLER)
    return `${indent}/*${mark}${inner}*/${found.slice(bare.length)}`
  })
  return { text: without, decorators }
}

export function unmasked(text: string, { decorators }: Masked): string {
  return text.replace(MASK, (whole, indent: string, mark: string, space: string, at: number) => {
    const decorated = decorators[mark.charCodeAt(0) - FIRST]
    if (!decorated) return whole
    const stays = text.startsWith(decorated.head, at + whole.length)
    return stays ? `${indent}${decorated.text}${space}` : space.replace(/^[ \t]*\r?\n/, '')
  })
}
