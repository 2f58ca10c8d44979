// The module's exports, in SPEC's words. No logic. See layout.ts for the memory map, event.ts for the hot path.

export {
  claimWithText,
  commitText,
  log,
  log1,
  log1Weak,
  log2,
  log2AndRef,
  log2Weak,
  log3,
  log3Weak,
  logAt,
  logShort,
  logWord,
  logWordWeak,
} from './event'
export { logFolding } from './fold'
export { resolve } from './handles'
export { begin, setClock } from './header'
export { ref, unref } from './life'
export { claimHistory, createList, destroyList, findList, openHistory, push } from './list'
export { readWord, writeWord } from './shared'
export { count } from './stats'
export { claimString, commitString } from './strings'
export { defineVerb, joinThread } from './tables'
