// The C library of this machine as an oracle: what it prints for the same formats and values.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatText } from '../../src/image/text.ts'
import { type Case, isFaultOfC } from './printf-cases.ts'

const OUTPUT_MOST = 2 ** 30
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
    const input = `${cases.map(({ line }) => line).join('\n')}\n`
    const { stdout, status } = spawnSync(this.#program, [], { input, maxBuffer: OUTPUT_MOST })
    if (status !== 0) throw new Error(`printf-oracle ended with ${status}`)
    const differences: string[] = []
    let faultsOfC = 0
    let at = 0
    for (const each of cases) {
      const end = stdout.indexOf(NEWLINE, at)
      const length = Number(stdout.toString('latin1', at, end))
      const printed = stdout.toString('utf8', end + 1, end + 1 + length)
      at = end + 1 + length + 1
      const text = ours(each)
      if (text === undefined || text === printed) continue
      if (isFaultOfC(each, printed, text)) faultsOfC++
      else
        differences.push(
          `"${each.format}" of ${each.args.join(', ')}: C prints "${printed}", we "${text}"`,
        )
    }
    if (at !== stdout.length) throw new Error('printf-oracle answered more than it was asked')
    return { cases: cases.length, faultsOfC, differences }
  }
}
