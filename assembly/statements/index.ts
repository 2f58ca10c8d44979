// The statements of the library for programs in AssemblyScript, in Wasm modules of their own. Without `--use STRUCT_HIST=1`
// each of them is nothing.

export { History } from './history'
export { List } from './list'
export { END, recorder } from './recorder'
export { Verb } from './verb'
