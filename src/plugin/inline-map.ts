// A text with its source map behind it, for those who take no more than a text.

import type { Output } from './edits.ts'

export function withMap({ code, map }: Output): string {
  let bytes = ''
  for (const byte of new TextEncoder().encode(JSON.stringify(map)))
    bytes += String.fromCharCode(byte)
  const end = code === '' || code.endsWith('\n') ? '' : '\n'
  return `${code}${end}//# sourceMappingURL=data:application/json;base64,${btoa(bytes)}\n`
}
