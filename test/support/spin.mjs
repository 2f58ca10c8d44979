// Explores a Promela model with spin: every state that its bounds allow, or the first that breaks an assertion.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MODELS = fileURLToPath(new URL('../../assembly/model/', import.meta.url))
/** Deeper than any bounded run: an exploration cut off at it counts as unfinished. */
const DEPTH = 300_000
const MEMORY_MB = 3000

/**
 * `flags`: -D… of the model. `endless`: looks for executions that never end instead of broken assertions. `isSmall`: done
 * sooner than a compiler would optimize it.
 * Answers how many states there were and what is wrong, '' when nothing; throws when not all could be seen.
 */
export function explore(model, flags, { seconds = 60, endless = false, isSmall = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'model-'))
  try {
    run(folder, 'spin', ['-a', ...flags.map((flag) => `-D${flag}`), join(MODELS, model)])
    const kind = endless ? ['-DNP', '-DNOFAIR'] : ['-DSAFETY']
    const limit = `-DMEMLIM=${MEMORY_MB}`
    run(folder, 'cc', [
      isSmall ? '-O0' : '-O2',
      '-w',
      '-DCOLLAPSE',
      limit,
      ...kind,
      '-o',
      'pan',
      'pan.c',
    ])
    const bound = ['-n', `-m${DEPTH}`, ...(endless ? ['-l'] : [])]
    const output = run(folder, './pan', bound, seconds)
    const states = Number(/^\s*(\d+) states, stored/m.exec(output)?.[1] ?? 0)
    const wrong = /^pan:\d+: (.*?)(?: \(at depth \d+\))?$/m.exec(output)?.[1] ?? ''
    const errors = Number(/errors: (\d+)/.exec(output)?.[1] ?? -1)
    const isCutOff = /max search depth too small|reached limit|out of memory/i.test(output)
    const isWhole = states > 0 && !isCutOff && errors === (wrong === '' ? 0 : 1)
    if (!isWhole) throw new Error(`spin did not finish ${model} ${flags.join(' ')}:\n${output}`)
    return { states, wrong }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function run(folder, command, args, seconds = 60) {
  const { status, signal, error, stdout, stderr } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: seconds * 1000,
  })
  const output = `${stdout ?? ''}${stderr ?? ''}`
  const isDone = !error && status === 0 && !signal
  if (!isDone)
    throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? status}\n${output}`)
  return output
}
