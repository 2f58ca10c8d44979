// Removes the library's statements from one module. A statement goes when all that it does is the library's; in the place
// of a value stands what the library answers when it is switched off; where neither will do, the use stays, with all that
// it needs, and is told.

import type { Edits } from './edits.ts'
import { isOurs } from './library.ts'
import type { Module } from './module.ts'
import type { Placed } from './parse.ts'
import type { Pass } from './pass.ts'
import { Residues } from './residue.ts'
import { Functions } from './strip-functions.ts'
import { ModuleParts } from './strip-modules.ts'
import { Questions } from './strip-questions.ts'
import { Remains } from './strip-remains.ts'
import { Statements } from './strip-statements.ts'
import { Values } from './strip-values.ts'

export class Stripper {
  readonly module: Module
  readonly pass: Pass
  readonly edits: Edits
  readonly residues: Residues
  readonly statements: Statements
  readonly imports: ModuleParts
  readonly functions: Functions
  readonly values: Values
  readonly questions: Questions
  readonly remains: Remains

  constructor(module: Module, pass: Pass, edits: Edits) {
    this.module = module
    this.pass = pass
    this.edits = edits
    this.residues = new Residues(pass.kinds, module, pass.silentBefore)
    this.statements = new Statements(this)
    this.imports = new ModuleParts(this)
    this.functions = new Functions(this)
    this.values = new Values(this)
    this.questions = new Questions(this)
    this.remains = new Remains(this)
  }

  run(): void {
    const { program } = this.module
    this.#keepExports()
    const body = program.body as Placed[]
    const left = body.filter((statement) => !this.statements.list([statement]))
    if (left.every((statement) => this.imports.isSilent(statement)))
      this.pass.silent.add(this.module.file)
  }

  /** What an import may take that is not followed has to stay. */
  #keepExports(): void {
    const { kinds } = this.pass
    const found = kinds.maybeImported.get(this.module)
    for (const name of found ? this.module.exports.keys() : []) {
      const cell = kinds.exportCell(this.module, name)
      if (!cell || !(isOurs(cell.kind) || kinds.callables.has(cell))) continue
      const { by, source } = found as { by: Module; source: string }
      if (isOurs(cell.kind))
        this.pass.note(
          this.module,
          this.module.program,
          'left',
          `may be what "${source}" means (${by.file}), an import that is not followed: its exports are left as they are, with all that they need`,
        )
      this.pass.keep(cell)
    }
  }
}
