// The programs of these suites, in each runtime.

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT, start } from '../wreck/running.ts'

export const BUILD = join(ROOT, 'build')
export const RUNTIMES = ['node20', 'node26', 'deno', 'bun'] as const

export const newFolder = () => mkdtempSync(join(tmpdir(), 'struct-history-sinks-'))

/** test/sinks/service.program.mjs, or another of these. */
export const service = (runtime: string, orders: object, program = 'service') =>
  start(runtime, [join(ROOT, `test/sinks/${program}.program.mjs`), BUILD, JSON.stringify(orders)])

/** What it counted, told at its end. */
export async function told(ended: ReturnType<typeof service>['ended']) {
  const { code, stdout, stderr } = await ended
  const [, json] = /^TOLD (.*)$/m.exec(stdout) ?? []
  if (json === undefined) throw new Error(`exit ${code}: ${stdout}${stderr}`)
  return { stats: JSON.parse(json) as Record<string, number>, code, stderr }
}
