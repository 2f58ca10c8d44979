// A program in AssemblyScript where the packed package is installed: asc must find its sources and its transform there.

import { recorder } from 'struct-history/assembly'

const list = recorder.list('things')
const USED = recorder.verb('USED', 0)

export function use(id: i32): bool {
  return list.push(id).log(USED, 'by %s, %d', 'the probe', 1)
}
