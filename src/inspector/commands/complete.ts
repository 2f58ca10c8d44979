// What Tab offers inside expressions and for objects.

import type { Session } from '../session.ts'

const OBJECTS_OFFERED = 200

/** Words that may follow: variables, verbs, functions, fields. Each is a whole new end of the line. */
export function completeExpression(session: Session, text: string): readonly string[] {
  const [, before = '', word = ''] = /^(.*?)(->\w*|\.\w*|\$?\w*)$/s.exec(text) ?? []
  const { scope } = session
  if (word.startsWith('->') || word.startsWith('.')) {
    const sign = word.startsWith('->') ? '->' : '.'
    const structures = scope.target?.structures
    const fields = [structures?.history, structures?.action, structures?.list]
      .flatMap((each) => each?.fields ?? [])
      .map((each) => each.name)
    return offer([...new Set(fields)], word.slice(sign.length)).map((each) => before + sign + each)
  }
  const names = word.startsWith('$')
    ? [
        ...scope.variables.map(([name]) => `$${name}`),
        ...scope.selectedNames,
        ...scope.functionNames,
      ]
    : scope.symbolNames
  return offer(names, word).map((each) => before + each)
}

export function completeList(session: Session, text: string): readonly string[] {
  return offer(session.scope.target?.image.lists().map((each) => each.name) ?? [], text)
}

export function completeObject(session: Session, text: string): readonly string[] {
  const found = new Set<string>()
  for (const list of session.scope.target?.image.lists() ?? []) {
    for (const history of list.histories()) {
      if (history.objectText.startsWith(text)) found.add(history.objectText)
      if (found.size >= OBJECTS_OFFERED) return [...found].sort()
    }
  }
  return [...found].sort()
}

const offer = (names: readonly string[], start: string): readonly string[] =>
  names.filter((each) => each.startsWith(start)).sort()
