// The floor: what any recorder in Wasm must pay. One atomic add and 32 bytes stored. Compiled with the core's own flags;
// bench/build.mjs counts the instructions of what comes out.

/** Where the records begin: 1024 of them, so that they stay in the nearest cache as a busy history does. */
const RECORDS: usize = 65536
const RECORDS_MASK: u32 = 1023

export function floor(a: u32, b: u32): u32 {
  const n = atomic.add<u32>(0, 1)
  const at = RECORDS + ((<usize>(n & RECORDS_MASK)) << 5)
  store<u64>(at, a)
  store<u64>(at, b, 8)
  store<u64>(at, n, 16)
  store<u64>(at, a + b, 24)
  return 1
}
