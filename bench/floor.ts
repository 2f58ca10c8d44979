// The floor: what any recorder in Wasm must pay. One atomic add and 32 bytes stored.

export function floor(a: u32, b: u32): u32 {
  const n = atomic.add<u32>(0, 1)
  const at: usize = 65536 + ((n & 1023) << 5)
  store<u64>(at, a)
  store<u64>(at, b, 8)
  store<u64>(at, n, 16)
  store<u64>(at, a + b, 24)
  return 1
}
