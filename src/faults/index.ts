// Entry 'struct-history/faults': the dump that is written when the process is about to die.

export { dumpOnFault, type FaultHook } from './dump-on-fault.ts'
export type { DumpOnFaultOptions } from './options.ts'
export { type SavedDump, savedDumps } from './page-store.ts'
export type { ShipOptions } from './ship.ts'
export type { Dumpable } from './write-dump.ts'
