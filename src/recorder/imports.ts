// What a Wasm module of the application's own gets of a recorder (assembly/statements/struct-history.ts): the functions of
// the core, which it calls without JavaScript in between, and a few that only JavaScript can answer.

import { HISTORY_NUMBER_BITS, HISTORY_SHIFT, STATEMENT_DIGITS } from '../../assembly/layout.ts'
import { sampleOf } from '../image/sample.ts'
import { drawn } from './sampling.ts'
import type { Writer } from './writer.ts'

export interface Imports {
  readonly 'struct-history': Readonly<Record<string, WebAssembly.ImportValue>>
}

const SLOTS = 2 ** HISTORY_NUMBER_BITS
/** A list may have no pushes that are passed over for as long as a u32 counts. */
const DRAWN_MAX = 0xffffffff

/** `flush`: writes a history to the sinks of its list. */
export function importsOf(writer: Writer, flush: (list: number, handle: number) => void): Imports {
  const { core, clock } = writer
  // Looks at the clock are counted in the module, which cannot be called when a turn ends; so the count is shared.
  const left = new WebAssembly.Global({ value: 'i32', mutable: true }, 0)
  writer.takeBack = () => {
    const { value } = left
    left.value = 0
    return value
  }
  return {
    'struct-history': {
      ...(core as unknown as Record<string, WebAssembly.ImportValue>),
      left,
      thread: () => writer.thread,
      look: () => {
        writer.lookAtClock()
        return writer.left
      },
      stamp: () => clock.stamp(),
      draw: (flags: number) => Math.min(drawn(sampleOf(flags)), DRAWN_MAX),
      redacts: () => (writer.redactsStrings ? 1 : 0),
      isPrivate: () => (writer.hasPrivacy ? 1 : 0),
      // Of a statement, 0 where there is none.
      hidden: (statement: number) =>
        writer.hiddenIn(
          statement === 0 ? '' : writer.instance.stringOf(statement).slice(STATEMENT_DIGITS),
        ),
      ended: (list: number, history: number, generation: number) =>
        flush(list >>> 0, (generation >>> 0) * SLOTS + ((history >>> 0) >>> HISTORY_SHIFT)),
    },
  }
}
