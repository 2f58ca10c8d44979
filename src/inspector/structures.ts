// The C structures that an image is shown as. The names are the original's, so that its gdb scripts go on working.
//
//   struct struct_hist_list --objects--> struct struct_hist * --> struct struct_hist --actions--> struct struct_hist_action
//
// An image holds none of these: they are laid over it, each at an address of its own.
//
//   history and list   at their own records in the image (48 and 40 bytes of the 128 that a record has)
//   log                at its event's record: the text that the record's format and arguments make
//   actions            in a row that the image does not have: ACTIONS + slot * ACTIONS_STRIDE
//   objects, obj_name  likewise

import {
  CHAR_POINTER,
  type EnumType,
  INT,
  pointerTo,
  type StructType,
  structure,
  UNSIGNED_LONG,
  VOID_POINTER,
} from './language/types.ts'

// These lie between where Linux puts programs and where it puts what they map, so no image meets them.
export const ACTIONS = 0x2000_0000_0000n
/** 2 MiB: 65,536 actions of 32 bytes, more than a history can have. */
export const ACTIONS_STRIDE = 0x20_0000n
export const OBJECTS = 0x4000_0000_0000n
/** 4 GiB of pointers for each list. */
export const OBJECTS_STRIDE = 0x1_0000_0000n
export const NAMES = 0x4800_0000_0000n
export const NAMES_STRIDE = 0x1_0000n
/** Objects that are strings: `obj` points to the text. */
export const OBJECT_TEXTS = 0x5000_0000_0000n
export const OBJECT_TEXTS_STRIDE = 0x1_0000n

export const ACTION_BYTES = 32

export interface Structures {
  readonly verb: EnumType
  readonly action: StructType
  readonly history: StructType
  /** The same with `char *obj`, for objects that are strings. */
  readonly historyOfText: StructType
  readonly list: StructType
  readonly listOfText: StructType
}

export function structuresOf(verbs: ReadonlyMap<string, number>): Structures {
  const verb: EnumType = { kind: 'enum', tag: 'struct_hist_verb', members: verbs }
  const action = structure('struct_hist_action', [
    ['verb', verb],
    ['t', UNSIGNED_LONG],
    ['pid', INT],
    ['tid', INT],
    ['log', CHAR_POINTER],
  ])
  const historyWith = (obj: typeof VOID_POINTER): StructType =>
    structure('struct_hist', [
      ['obj', obj],
      ['obj_name', CHAR_POINTER],
      ['created', UNSIGNED_LONG],
      ['ref', INT],
      ['len', INT],
      ['flush_offset', INT],
      ['actions', pointerTo(action)],
    ])
  const history = historyWith(VOID_POINTER)
  const historyOfText = historyWith(CHAR_POINTER)
  const listOf = (element: StructType): StructType =>
    structure('struct_hist_list', [
      ['obj_name', CHAR_POINTER],
      ['len', INT],
      ['win_sz', INT],
      ['total_obj', UNSIGNED_LONG],
      ['auto_logging', INT],
      ['objects', pointerTo(pointerTo(element))],
    ])
  const list = listOf(history)
  return { verb, action, history, historyOfText, list, listOfText: listOf(historyOfText) }
}
