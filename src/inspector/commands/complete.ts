// What Tab offers inside expressions, and for lists, objects and files.

import { type StructType, unqualified } from '../language/types.ts'
import type { Session } from '../session.ts'

/** Characters of an expression that are looked at for what stands before an arrow or a dot. */
const OPERAND_MAX = 400

/** Words that may follow: variables, verbs, functions, fields. Each is a whole new end of the line. */
export function completeExpression(session: Session, text: string): readonly string[] {
  const [, before = '', word = ''] = /^(.*?)(->\s*\w*|\.\w*|\$?\w*)$/s.exec(text) ?? []
  const { scope } = session
  const field = /^(->\s*|\.)(\w*)$/.exec(word)
  if (field !== null) {
    const [, sign = '', start = ''] = field
    return offer(fieldsOf(session, before), start).map((each) => before + sign + each)
  }
  const names = word.startsWith('$')
    ? [
        ...scope.variables.map(([name]) => `$${name}`),
        ...scope.selectedNames,
        ...scope.functionNames,
      ]
    : scope.symbolNames
  return offer([...new Set(names)], word).map((each) => before + each)
}

/** Of what stands before the arrow or the dot; of all structures, where that cannot be told. */
function fieldsOf(session: Session, before: string): readonly string[] {
  const known = structureBefore(session, before)
  const structures = session.scope.target?.structures
  const all = [structures?.history, structures?.action, structures?.list]
  const fields = known?.fields ?? all.flatMap((each) => each?.fields ?? [])
  return [...new Set(fields.map(({ name }) => name))]
}

/** The longest end of a text that is an expression of a structure: in `p 1 + $sh->actions[0]`, the last of it. */
function structureBefore(session: Session, before: string): StructType | undefined {
  const text = before.slice(-OPERAND_MAX)
  for (const { index } of text.matchAll(/[\w$(*&]+/g)) {
    try {
      const type = unqualified(session.typeOf(text.slice(index)).value.type)
      const whole = type.kind === 'pointer' ? unqualified(type.target) : type
      if (whole.kind === 'struct') return whole
    } catch {
      // Not an expression from here on.
    }
  }
  return undefined
}

export function completeList(session: Session, text: string): readonly string[] {
  return offer(session.scope.target?.image.lists().map((each) => each.name) ?? [], text)
}

export function completeVerb(session: Session, text: string): readonly string[] {
  return offer(session.scope.target?.image.verbs().map((each) => each.name) ?? [], text)
}

/** As many as Tab shows, and one more, so that it can say that there are more. */
export function completeObject(session: Session, text: string): readonly string[] {
  const { settings } = session
  const most = settings.number('max-completions')
  const limit = most < 0 ? Number.POSITIVE_INFINITY : most + 1
  const found = new Set<string>()
  for (const list of session.scope.target?.image.lists() ?? []) {
    for (const history of list.histories()) {
      if (history.objectText.startsWith(text)) found.add(history.objectText)
      if (found.size >= limit) return [...found].sort()
    }
  }
  return [...found].sort()
}

/** Names of files; those of folders end with a slash. */
export function completeFile(session: Session, text: string): readonly string[] {
  const at = text.lastIndexOf('/') + 1
  const folder = text.slice(0, at)
  const names = session.host.list?.(folder === '' ? '.' : folder) ?? []
  const start = text.slice(at)
  // Hidden ones only for whoever asks for them.
  const shown = names.filter((each) => start.startsWith('.') || !each.startsWith('.'))
  return offer(shown, start).map((each) => folder + each)
}

/** `-elements` and the like, before the argument that they belong to. Undefined: no option stands there. */
export function completeOption(
  names: readonly string[],
  text: string,
): readonly string[] | undefined {
  const [, before = '', word] = /^((?:-\S+\s+(?:[^-\s]\S*\s+)?)*)-([a-z-]*)$/.exec(text) ?? []
  if (word === undefined) return undefined
  return offer(names, word).map((each) => `${before}-${each}`)
}

const offer = (names: readonly string[], start: string): readonly string[] =>
  names.filter((each) => each.startsWith(start)).sort()
