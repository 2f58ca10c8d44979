// What holds a block: following its page here (follow.ts), another test that reads the page, or nothing, for a reason.

import type { Block } from './blocks.ts'
import { firstLine } from './blocks.ts'

/** A page, how the first lines of its blocks begin, and the test that runs them. */
export const ELSEWHERE: readonly (readonly [page: string, begins: string, test: string])[] = [
  ['README.md', 'import ', 'test/host/readme.test.ts'],
  ['README.md', '(shdb) info lists', 'test/host/readme.test.ts'],
  ['ARCHITECTURE.md', 'assembly/           the core', 'test/package/tree.test.ts'],
  ['docs/CHECK.md', '(shdb) ', 'test/transcript/check.test.ts'],
  ['docs/COMPILE-OUT.md', 'import ', 'test/plugin/config.test.ts'],
  ['docs/FLEET.md', 'CREATE VIEW lives', 'test/fleet/fleet.test.ts'],
  ['docs/LOGGING.md', "import { Recorder } from 'struct-history'", 'test/sinks/docs.test.ts'],
  ['docs/LOGGING.md', '<134>1 ', 'test/sinks/docs.test.ts'],
  ['docs/LOGGING.md', '[struct-history@32473 ', 'test/sinks/docs.test.ts'],
  ['docs/LOGGING.md', '$ shdb --syslog', 'test/logs/logging-doc.test.ts'],
  ['docs/PAGE.md', "import { Recorder } from 'struct-history'", 'test/web/live.test.ts'],
  ['docs/RECIPES.md', '', 'test/recipes/recipes.test.ts'],
  ['docs/REGISTER.md', 'Error: timeout exceeded', 'test/register/register.test.ts'],
  ['docs/REGISTER.md', 'never-released', 'test/register/register.test.ts'],
  ['docs/REGISTER.md', '{verb = RELEASE', 'test/register/register.test.ts'],
  ['docs/SECRETS.md', '$ shdb redact', 'test/wreck/redact.test.ts'],
  ['docs/SECRETS.md', '{', 'test/wreck/redact.test.ts'],
  ['docs/TUTORIAL.md', '', 'test/host/tutorial.test.ts'],
]

const DRAWING = 'a drawing'
const FIGURES = 'figures, measured on a machine at rest'

/** A page, how the first line of a block begins, and why nothing runs it. */
export const NOT_RUN: readonly (readonly [page: string, begins: string, why: string])[] = [
  [
    'ARCHITECTURE.md',
    'assembly/layout.ts  <--',
    `${DRAWING} of the rules in .dependency-cruiser.mjs`,
  ],
  ['docs/CHECK.md', 'pattern   = ', 'a grammar, in EBNF'],
  ['docs/CORES.md', "# echo '|/usr/bin/node", 'it sets what the kernel does for the whole machine'],
  ['docs/FLEET.md', 'format     rows a second', FIGURES],
  ['docs/FORMAT.md', '0        64 KiB', DRAWING],
  ['docs/FORMAT.md', 'control  63', DRAWING],
  ['docs/FORMAT.md', 'free --take-->', DRAWING],
  ['docs/FORMAT.md', '31      ', DRAWING],
  ['examples/sip-proxy/README.md', 'recorded    off', FIGURES],
]

const entryOf = (table: typeof ELSEWHERE, block: Block) =>
  table.find(([page, begins]) => page === block.page && firstLine(block).startsWith(begins))

export const elsewhere = (block: Block): string | undefined => entryOf(ELSEWHERE, block)?.[2]
export const notRun = (block: Block): string | undefined => entryOf(NOT_RUN, block)?.[2]
