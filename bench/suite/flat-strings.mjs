/** Makes 16 characters each, flat as they come from a parser: never a rope, and never hashed before. */
export function flatStrings(count) {
  const bytes = new TextEncoder().encode('sip:000000000000')
  const decoder = new TextDecoder()
  return (first) =>
    Array.from({ length: count }, (_, i) => {
      let rest = first + i
      for (let at = bytes.length - 1; at >= 4; at--) {
        bytes[at] = 48 + (rest % 10)
        rest = Math.floor(rest / 10)
      }
      return decoder.decode(bytes)
    })
}
