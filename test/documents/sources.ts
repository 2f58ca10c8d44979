// What pages show of one run of an example that no other run repeats: held against the example's sources.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { judge } from '../../examples/tcp-engine/verdict.mjs'
import { ROOT } from './blocks.ts'

const ENGINE = 'examples/tcp-engine'

/** Each frame of a stack stands at a call of the frame above it, the first where an Error is made. */
export function stackError(text: string): string | undefined {
  const frames = [...text.matchAll(/^ +at (\S+) \((\S+):(\d+):(\d+)\)$/gm)]
  if (frames.length === 0) return 'it has no frames'
  const callees = ['new Error', ...frames.map(([, name = '']) => name.split('.').at(-1) ?? name)]
  for (const [n, [frame, , file = '', line, column]] of frames.entries()) {
    const source = readFileSync(join(ROOT, file), 'utf8').split('\n')[Number(line) - 1] ?? ''
    const callee = callees[n] ?? ''
    const at = source.indexOf(callee)
    const isThere = at >= 0 && Number(column) > at - 1 && Number(column) <= at + 1 + callee.length
    if (!isThere) return `${frame.trim()}: there stands "${source.trim()}"`
  }
  return undefined
}

const ROLES: Readonly<Record<string, string>> = {
  TCP_REF: 'ref',
  TCP_UNREF: 'unref',
  TCP_DESTROY: 'end',
}

/** A life of the engine with the demo's marks: what its verdict says of these events, at the events that it says it of. */
export function lifeError(text: string): string | undefined {
  const events = [
    ...text.matchAll(/^\$(\d+) = \{verb = (\w+), .* tid = (\d+), .*"(.*)"\}(.*)$/gm),
  ].map(([, value, verb = '', tid = '', log = '', late = ''], index) => ({
    ...{ value, verb, log, index, thread: tid, role: ROLES[verb] ?? 'none' },
    late: late === '' ? '' : late.trim().replace(/[<>]/g, ''),
  }))
  const { unpaid, freed, used } = judge(events as never)
  const marked = [...text.matchAll(/^\$(\d+) = .*\n +\^-- /gm)].map(([, value]) => value)
  const judged = [unpaid, freed, used].map(
    (event) => (event as { value?: string } | undefined)?.value,
  )
  if (marked.join() !== judged.join())
    return `the marks stand at ${marked}, the verdict at ${judged}`
  const sources = readdirSync(join(ROOT, ENGINE))
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => readFileSync(join(ROOT, ENGINE, file), 'utf8'))
    .join('\n')
  // A count stands in the format, another number in what is printed.
  const written = (log: string): boolean =>
    [log, log.replace(/\d+/g, '%d'), log.replace(/\d+(?=\)|$)/, '%d')].some((format) =>
      sources.includes(`'${format}'`),
    )
  const foreign = events.filter(({ verb, log }) => !sources.includes(verb) || !written(log))
  return foreign.length > 0 ? `the engine does not log ${foreign.map(({ log }) => log)}` : undefined
}
