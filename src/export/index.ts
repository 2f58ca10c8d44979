// Histories in the formats of engines that exist. The formats by name; each streams.

export { exported, inBatches } from './exported.ts'
export type { FileOfFolder, FolderFormat, Format, Part, StreamFormat } from './format.ts'
export { FORMATS, PARTITIONS } from './formats.ts'
export { COLUMNS, hostOf, type Origin, type Row, rowsOf } from './row.ts'
