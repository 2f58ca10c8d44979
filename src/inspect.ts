// Entry 'struct-history/inspect': opens and reads images. Needs no recorder, no Wasm and no particular runtime.

export type { ByteSource } from './image/byte-source.ts'
export { ImageError } from './image/bytes.ts'
export type {
  Event,
  Gap,
  History,
  Image,
  List,
  Problem,
  Role,
  Stats,
  Thread,
  Verb,
} from './image/image.ts'
export { type OpenOptions, openImage } from './image/read-image.ts'
export { type Argument, formatText, LongText } from './image/text.ts'
export { NoImageError, openImages } from './wreck/open.ts'
