// The C library of this machine as an oracle: what it prints for the same formats and values.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatText } from '../../src/image/text.ts'
import { type Case, isFaultOfC } from './printf-cases.ts'

const NEWLINE = 10

export interface Compared {
  readonly cases: number
  /** Where C is known to be wrong. */
  readonly faultsOfC: number
  /** A sentence each. */
  readonly differences: readonly string[]
}

export class Oracle {
  readonly #folder = mkdtempSync(join(tmpdir(), 'printf-oracle-'))
  readonly #program = join(this.#folder, 'printf-oracle')

  /** `source`: printf-oracle.c. */
  constructor(source: string) {
    // The formats are not there to be checked when it is compiled.
    execFileSync('cc', ['-O1', '-Wno-format-security', '-o', this.#program, source])
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** `ours`: what is compared with C; undefined where it refuses. */
  compare(
    cases: readonly Case[],
    ours: (given: Case) => string | undefined = ({ format, args }) => formatText(format, args),
  ): Compared {
    // Through files: with both pipes full, Deno's spawnSync() waits for ever.
    const [input, output] = [join(this.#folder, 'input'), join(this.#folder, 'output')]
    writeFileSync(input, `${cases.map(({ line }) => line).join('\n')}\n`)
    execFileSync(this.#program, [input, output])
    const answers = readFileSync(output)
    const differences: string[] = []
    let faultsOfC = 0
    let at = 0
    for (const each of cases) {
      const end = answers.indexOf(NEWLINE, at)
      const length = Number(answers.toString('latin1', at, end))
      const printed = answers.toString('utf8', end + 1, end + 1 + length)
      at = end + 1 + length + 1
      const text = ours(each)
      if (text === undefined || text === printed) continue
      if (isFaultOfC(each, printed, text)) faultsOfC++
      else
        differences.push(
          `"${each.format}" of ${each.args.join(', ')}: C prints "${printed}", we "${text}"`,
        )
    }
    if (at !== answers.length) throw new Error('printf-oracle answered more than it was asked')
    return { cases: cases.length, faultsOfC, differences }
  }
}
