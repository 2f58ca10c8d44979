// Entry 'struct-history/faults': the dump that is written when the process is about to die.

export { type DumpOnFaultOptions, dumpOnFault, type FaultHook } from './dump-on-fault.ts'
export type { Dumpable } from './write-dump.ts'
