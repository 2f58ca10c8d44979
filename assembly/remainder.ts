// n % divisor without a division, which takes as long as a claim.

const ALL: u64 = 0xffffffff

/** What remainder() multiplies by: 2^32 / divisor, as far as 32 bits hold it. */
export function inverseOf(divisor: u32): u32 {
  return <u32>min<u64>(((<u64>1) << 32) / divisor, ALL)
}

export function remainder(n: u32, divisor: u32, inverse: u32): u32 {
  const times = <u32>((<u64>n * inverse) >> 32) // right, or one too few
  const rest = n - times * divisor
  return rest < divisor ? rest : rest - divisor
}
