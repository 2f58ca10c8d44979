// Decimal digits of a double, rounded as C does: exactly, ties to even. JavaScript's toFixed and toExponential round ties up.

/** `value` times ten to `power` lies exactly between two integers. */
function isTie(value: number, power: number): boolean {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, Math.abs(value))
  const bits = view.getBigUint64(0)
  const biased = Number(bits >> 52n)
  const fraction = bits & ((1n << 52n) - 1n)
  const exponent = (biased === 0 ? 1 : biased) - 1075
  let top = biased === 0 ? fraction : fraction | (1n << 52n)
  let bottom = 1n
  if (exponent >= 0) top <<= BigInt(exponent)
  else bottom <<= BigInt(-exponent)
  if (power >= 0) top *= 10n ** BigInt(power)
  else bottom *= 10n ** BigInt(-power)
  const doubled = top * 2n
  return doubled % bottom === 0n && ((doubled / bottom) & 1n) === 1n
}

/** An odd last digit of a tie was rounded up; the even one is just below it. */
function evened(digits: string): string {
  const last = Number(digits.at(-1))
  return last % 2 === 1 ? digits.slice(0, -1) + String(last - 1) : digits
}

/** C's %.{places}f of a finite value that is not negative. */
export function fixed(value: number, places: number): string {
  // Above 2^53 all doubles are integers, and toFixed gives up at 1e21.
  if (value >= 2 ** 53) return BigInt(value) + (places > 0 ? `.${'0'.repeat(places)}` : '')
  const digits = value.toFixed(places)
  return isTie(value, places) ? evened(digits) : digits
}

/** C's %.{places}e, as mantissa and exponent. */
export function scientific(value: number, places: number): { mantissa: string; exponent: number } {
  const [mantissa = '0', power = '0'] = value.toExponential(places).split('e')
  const exponent = Number(power)
  // Rounding up to the next power of ten (9.5 -> 1e+1) leaves an even digit, so the exponent stands.
  const tie = value !== 0 && isTie(value, places - exponent)
  return { mantissa: tie ? evened(mantissa) : mantissa, exponent }
}
