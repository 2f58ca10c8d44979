// Where the suite runs, and the command that runs it there.

import { availableParallelism } from 'node:os'

const VITEST = 'node_modules/vitest/vitest.mjs'
const DENO = 'node_modules/.bin/deno'
const BUN = 'node_modules/.bin/bun'
const node = (version) => `ci/nodes/node_modules/node${version}/bin/node`

/** vitest leaves one core to itself; on two that is half of them idle, for many tests wait. */
const FILES_AT_ONCE = Math.max(2, availableParallelism() - 1)

/** Who runs what runs once starts programs, browsers and servers most of the time, and waits for them. */
const FILES_AT_ONCE_OF_ALL = FILES_AT_ONCE + 1

const host = (command, options = {}) => ({
  command,
  project: 'host',
  filesAtOnce: FILES_AT_ONCE,
  ...options,
})

/** name -> { command, project, pool, filesAtOnce }. The words before the name of the vitest script. */
export const RUNTIMES = {
  node20: host([node(20)], { filesAtOnce: FILES_AT_ONCE_OF_ALL }),
  node22: host([node(22)]),
  node24: host([node(24)]),
  node26: host([node(26)]),
  // vitest's thread pool calls a method of parentPort that Deno lacks; its fork pool one of child that Bun lacks.
  deno: host([DENO, 'run', '-A'], { pool: 'forks' }),
  bun: host([BUN, '--bun'], { pool: 'threads' }),
  chromium: { command: ['node'], project: 'chromium' },
  firefox: { command: ['node'], project: 'firefox' },
  webkit: { command: ['xvfb-run', '-a', 'node'], project: 'webkit' },
  'not-isolated': { command: ['node'], project: 'chromium-plain' },
}

/** The shell words that run one file in each runtime that has no browser around it. */
export const IMPORTERS = {
  node20: [node(20)],
  node26: [node(26)],
  deno: [DENO, 'run', '-A', '--no-lock', '--node-modules-dir=manual'],
  bun: [BUN, 'run'],
}

/** The words that run vitest in that runtime, its counts going to `report`. */
export function vitestCommand({ command, project, pool, filesAtOnce }, report, filters) {
  return [
    ...command,
    VITEST,
    'run',
    '--project',
    project,
    ...(pool ? ['--pool', pool] : []),
    ...(filesAtOnce ? ['--maxWorkers', `${filesAtOnce}`] : []),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    // Not every project holds every file; scripts/test.mjs fails when none of them does.
    ...(filters.length > 0 ? ['--passWithNoTests', ...filters] : []),
  ]
}
