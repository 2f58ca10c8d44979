// A text with its source map behind it, for those who take no more than a text.

import type { Output } from './edits.ts'

/** Put together when it runs: whoever looks for the map of this very file must not find one here. */
const POINTER = ['//# sourceMapping', 'URL=data:application/json;base64,'].join('')

export function withMap({ code, map }: Output): string {
  let bytes = ''
  for (const byte of new TextEncoder().encode(JSON.stringify(map)))
    bytes += String.fromCharCode(byte)
  const end = code === '' || code.endsWith('\n') ? '' : '\n'
  return `${code}${end}${POINTER}${btoa(bytes)}\n`
}
