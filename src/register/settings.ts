// What STRUCT_HIST_… in the environment asks for. A wrong value is told, and left out: the service must start.

export type Kind = 'sockets' | 'http' | 'fetch' | 'workers' | 'pools' | 'timers'

export interface Settings {
  readonly kinds: ReadonlySet<Kind>
  readonly budget: string
  readonly directory: string
  readonly isDumpedAtExit: boolean
  /** Sentences about what was wrong. */
  readonly warnings: readonly string[]
}

const KINDS: readonly Kind[] = ['sockets', 'http', 'fetch', 'workers', 'pools', 'timers']
/** Timers are many, and async_hooks costs what has none: these only when they are asked for. */
const USUAL: readonly Kind[] = KINDS.filter((kind) => kind !== 'timers')
const BUDGET = '32MiB'
/** As the option `budget` of a recorder has it. */
const BUDGET_FORM = /^\d+(?:\.\d+)?\s*(?:[KMG]i?B|B)?$/

export function settingsOf(environment: Record<string, string | undefined>): Settings {
  const warnings: string[] = []
  return {
    kinds: kindsOf(environment.STRUCT_HIST_RECORD, warnings),
    budget: budgetOf(environment.STRUCT_HIST_BUDGET, warnings),
    directory: environment.STRUCT_HIST_DUMPS || '.',
    isDumpedAtExit: environment.STRUCT_HIST_EXIT === '1',
    warnings,
  }
}

/** `http,workers`: these; `+timers`, `-sockets`: the usual ones, but for what is told. */
function kindsOf(text: string | undefined, warnings: string[]): Set<Kind> {
  const words = (text ?? '').split(',').map((word) => word.trim())
  const given = words.filter((word) => word !== '')
  const isChange = given.every((word) => /^[+-]/.test(word))
  const kinds = new Set<Kind>(isChange ? USUAL : [])
  for (const word of given) {
    const name = word.replace(/^[+-]/, '') as Kind
    if (!KINDS.includes(name))
      warnings.push(
        `cannot record "${word}": STRUCT_HIST_RECORD may name ${KINDS.join(', ')}, each perhaps with + or -`,
      )
    else if (word.startsWith('-')) kinds.delete(name)
    else kinds.add(name)
  }
  return kinds
}

function budgetOf(text: string | undefined, warnings: string[]): string {
  if (text === undefined || text === '') return BUDGET
  if (BUDGET_FORM.test(text)) return text
  warnings.push(
    `STRUCT_HIST_BUDGET must be bytes or like "64MiB", got "${text}": ${BUDGET} are taken`,
  )
  return BUDGET
}
