import { test } from 'vitest'
import { steppedCore } from '../support/schedule.ts'
import { Explorer } from './explore.ts'
import { givenRoom } from './given.ts'
import { type Change, variantOf } from './variant.ts'

const fix: Change[] = [
  [
    'event.ts',
    'if (!ours || peek32(held + BLOCK_ORDINAL) != ordinal) {',
    'if (!ours || peek32(held + BLOCK_ORDINAL) != ordinal) {\n    if (held != 0 && !isLifeOf(look64(history + HISTORY_CONTROL), history, generation)) return LOOK_AGAIN',
  ],
  [
    'entries.ts',
    'directoryIn(history + HISTORY_DIRECTORY, owner, generation)',
    'directoryIn(history, history + HISTORY_DIRECTORY, owner, generation)',
  ],
  [
    'entries.ts',
    'directoryIn(slotOf(directory, k / DIRECTORY_ENTRIES), owner, generation)',
    'directoryIn(history, slotOf(directory, k / DIRECTORY_ENTRIES), owner, generation)',
  ],
  [
    'entries.ts',
    'function directoryIn(word: usize',
    'function directoryIn(history: usize, word: usize',
  ],
  [
    'entries.ts',
    'if (directory && belongsTo(directory, owner, generation)) return directory',
    'if (directory && belongsTo(directory, owner, generation)) return directory\n    if (directory != 0 && !isLifeOf(look64(history + HISTORY_CONTROL), history, generation)) return 0',
  ],
  [
    'entries.ts',
    'directoryIn(word, owner, generation)\n',
    'directoryIn(history, word, owner, generation)\n',
  ],
  [
    'entries.ts',
    'if (directory) discardDirectory(directory)',
    'if (directory) discard(directory, 0, 0, 0)',
  ],
  [
    'entries.ts',
    / {4}const events = belongsTo[\s\S]*?releaseBlock\(block, events\)/,
    '    discard(block, owner, generation, claimed)',
  ],
  ['entries.ts', / {4}peek32\(listOf\(history\) \+ LIST_DIRECTORY_LEVELS\),\n/, ''],
  [
    'entries.ts',
    / {2}claimed: u32,\n {2}levels: u32,\n\): void \{\n[\s\S]*?function discardDirectory[\s\S]*?\n\}/,
    `  claimed: u32,
): void { takeOut(word, owner, generation, claimed) }
function discard(block: usize, owner: u32, generation: u32, claimed: u32): void {
  if (look32((block & ~0xffff) + CHUNK_CLASS) != CLASS_DIRECTORIES) {
    releaseBlock(block, belongsTo(block, owner, generation) ? claimedIn(peek32(block + BLOCK_ORDINAL), claimed) : 0)
    return
  }
  for (let k: u32 = 0; k < <u32>DIRECTORY_ENTRIES; k++) takeOut(slotOf(block, k), owner, generation, claimed)
  pushDirectory(block)
}`,
  ],
  [
    'entries.ts',
    'import { look64,',
    "import { isLifeOf } from './life'\nimport { CHUNK_CLASS, CLASS_DIRECTORIES, HISTORY_CONTROL } from './layout'\nimport { look32, look64,",
  ],
]
test.each(['now', 'fixed'])(
  'probe %s',
  (which) => {
    const e = new Explorer(givenRoom(which === 'now' ? steppedCore() : variantOf(fix)))
    const o = (n: string) => e.operation(n)
    e.nested(o('log in the newest'), o('push three, log in each'))
    for (const x of ['log #30, one level', 'log #30, two levels'])
      for (const y of [
        'push it out, one level',
        'push it out, two levels',
        'reuse, two levels',
        'reuse and fill, two levels',
      ])
        for (const z of ['reuse, two levels', 'reuse and fill, two levels'])
          e.nested(o(x), o(y), 1, o(z))
    console.log(which, e.explored.schedules)
    for (const v of e.explored.found.values()) console.log('FOUND ' + v)
  },
  600000,
)
