// UTF-8 as far as there is room.

const encoder = new TextEncoder()
/** Characters that are tried again: more than the room that may be left holds. */
const REST = 16

/**
 * TextEncoder's encodeInto(), but always up to the last character that fits: Node from 25.4 on may leave two bytes unused where a
 * text has more than 32 characters (nodejs/node#65994). A shorter rest it encodes right.
 */
export function encodeInto(text: string, to: Uint8Array): { read: number; written: number } {
  const { read, written } = encoder.encodeInto(text, to)
  if (read === text.length || written === to.length) return { read, written }
  const more = encoder.encodeInto(text.slice(read, read + REST), to.subarray(written))
  return { read: read + more.read, written: written + more.written }
}
