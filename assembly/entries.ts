// Which block holds which events of a history: the first quarter's blocks stay, the others take turns. An entry is a
// claim-free word: installed and taken out by swaps, believed only when the block's own header agrees.

import { takeDirectory } from './budget'
import { belongsTo, discard, slotOf } from './clearing'
import { stands } from './control'
import { blockOf, entryOf } from './entry'
import {
  BLOCK_BYTES,
  BLOCK_GENERATION,
  BLOCK_IN_USE,
  BLOCK_OWNER,
  BLOCK_STATE,
  DIRECTORY_ENTRIES,
  EVENT_COMMITTED_EVEN,
  HISTORY_DIRECTORY,
  HISTORY_ENTRIES,
  HISTORY_INLINE_ENTRIES,
  LIST_DIRECTORY_LEVELS,
  LIST_FIRST_BLOCKS,
  LIST_TURN_BLOCKS,
  LIST_TURN_INVERSE,
} from './layout'
import { listOf, ownerOf } from './list-record'
import { pushDirectory } from './pools'
import { remainder } from './remainder'
import { look64, peek32, peek64, swapIf64, write32, write64 } from './shared'

/** The word that names event block `ordinal`; makes the directories on the way. 0 = no memory for them. */
export function entryFor(history: usize, generation: u32, ordinal: u32, me: usize): usize {
  const list = listOf(history)
  const first = peek32(list + LIST_FIRST_BLOCKS)
  let k = ordinal < first ? ordinal : first + placeInTurn(list, ordinal - first)
  if (k < <u32>HISTORY_INLINE_ENTRIES) return history + HISTORY_ENTRIES + k * 8
  k -= HISTORY_INLINE_ENTRIES
  const owner = ownerOf(history)
  let directory = directoryIn(history, history + HISTORY_DIRECTORY, owner, generation, me)
  if (directory == 0) return 0
  if (peek32(list + LIST_DIRECTORY_LEVELS) == 2) {
    const word = slotOf(directory, k / DIRECTORY_ENTRIES)
    directory = directoryIn(history, word, owner, generation, me)
    if (directory == 0) return 0
    k %= DIRECTORY_ENTRIES
  }
  return slotOf(directory, k)
}

/** n % LIST_TURN_BLOCKS. */
function placeInTurn(list: usize, n: u32): u32 {
  return remainder(n, peek32(list + LIST_TURN_BLOCKS), peek32(list + LIST_TURN_INVERSE))
}

function directoryIn(history: usize, word: usize, owner: u32, generation: u32, me: usize): usize {
  while (true) {
    const entry = look64(word)
    const directory = blockOf(entry)
    if (directory && belongsTo(directory, owner, generation)) return directory
    // Not before the life is known to stand after the word was read: it may be the next life's, in use.
    if (directory && !stands(history, generation)) return 0
    const fresh = takeDirectory(history, me)
    if (fresh == 0) {
      if (look64(word) == entry) return 0
      continue
    }
    if (fresh == (word & ~(<usize>BLOCK_BYTES - 1))) {
      // The directory that the word stands in was free: the life is gone, and a directory must not name itself.
      pushDirectory(fresh)
      return 0
    }
    const incarnation = (peek64(fresh + BLOCK_STATE) >> 32) + 1
    write32(fresh + BLOCK_OWNER, owner)
    write32(fresh + BLOCK_GENERATION, generation)
    write64(fresh + BLOCK_STATE, (incarnation << 32) | BLOCK_IN_USE)
    const named = entryOf(fresh, EVENT_COMMITTED_EVEN, <u32>incarnation, 0)
    if (swapIf64(word, entry, named)) {
      // A late thread of an earlier life may have left one here, after that life was cleared.
      if (directory) discard(entry, 0, 0, 0, me)
      return fresh
    }
    pushDirectory(fresh)
  }
}
