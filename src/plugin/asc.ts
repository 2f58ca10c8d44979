// Entry 'struct-history/plugin/asc': a transform of asc, the compiler of AssemblyScript. It does for a Wasm module what the
// other plugins do for JavaScript: without STRUCT_HIST=1 the statements go before asc sees them, and with it each says where
// it stands. What they leave behind without it are their strings, as data.
//
//   asc app.ts --transform struct-history/plugin/asc [--use STRUCT_HIST=1]

import { Compiler, noteLine } from './compiler.ts'
import { masked, unmasked } from './decorators.ts'
import { hostProcess } from './files.ts'
import { sideEffectsOf } from './options.ts'

interface Source {
  /** 0 and 1 are the user's; the others are of packages and of asc itself. */
  readonly sourceKind: number
  /** As asc names it: relative to its base folder. */
  readonly normalizedPath: string
  readonly text: string
}

interface Parser {
  readonly sources: Source[]
  parseFile(text: string, path: string, isEntry: boolean): void
}

/** What asc puts into a transform. */
interface Context {
  readonly program: {
    readonly options: { globalAliases: Map<string, string> | null }
  }
  readonly stderr: { write(text: string): unknown }
}

const SWITCH = 'STRUCT_HIST'
const ROOT = '/program'
const USER_KINDS = 1
const ENTRY_KIND = 1

/** The transform for AssemblyScript's compiler: `asc … --transform struct-history/plugin/asc`. docs/ASSEMBLYSCRIPT.md. */
export default class StructHistoryTransform {
  /** Called by asc, when all sources are parsed and none is compiled. */
  afterParse(this: StructHistoryTransform & Context, parser: Parser): void {
    const { env } = hostProcess()
    const { options } = this.program
    const sources = parser.sources.filter(({ sourceKind }) => sourceKind <= USER_KINDS)
    const texts = new Map(
      sources.map((source) => [`${ROOT}/${source.normalizedPath}`, masked(source.text)]),
    )
    const compiler = new Compiler({ sideEffects: sideEffectsOf(env) }, () => ({
      list: () => [...texts.keys()],
      read: (file) => texts.get(file)?.text,
    }))
    compiler.begin(ROOT, Object.fromEntries(options.globalAliases ?? []), env)
    // The environment's switch is the compiler's, too: a statement that stays must do something.
    if (compiler.isEnabled)
      options.globalAliases = new Map([...(options.globalAliases ?? []), [SWITCH, '1']])
    for (const source of sources) {
      const file = `${ROOT}/${source.normalizedPath}`
      const mask = texts.get(file) as ReturnType<typeof masked>
      const done = compiler.transform(mask.text, file)
      for (const note of done?.notes ?? []) this.stderr.write(`${noteLine(note)}\n`)
      if (done && done.code !== mask.text) replace(parser, source, unmasked(done.code, mask))
    }
  }
}

/** Parsed anew, apart, as this parser knows the file already; asc goes on with what stands in its list. */
function replace(parser: Parser, source: Source, text: string): void {
  const Fresh = parser.constructor as new (diagnostics: unknown) => Parser
  const fresh = new Fresh((parser as { diagnostics?: unknown }).diagnostics)
  fresh.parseFile(text, source.normalizedPath, source.sourceKind === ENTRY_KIND)
  parser.sources.splice(parser.sources.indexOf(source), 1, ...fresh.sources)
}
