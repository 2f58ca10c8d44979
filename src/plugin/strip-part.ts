// What every part of a stripper has at hand: the module, what is known of it, and the other parts.

import type { Edits } from './edits.ts'
import type { Module } from './module.ts'
import type { Pass } from './pass.ts'
import type { Residues } from './residue.ts'
import type { Stripper } from './strip.ts'

export abstract class Part {
  protected readonly on: Stripper
  protected readonly module: Module
  protected readonly pass: Pass
  protected readonly edits: Edits
  protected readonly residues: Residues

  constructor(on: Stripper) {
    this.on = on
    this.module = on.module
    this.pass = on.pass
    this.edits = on.edits
    this.residues = on.residues
  }
}
