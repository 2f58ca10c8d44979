// Histories in the formats of engines that exist. The formats by name; each streams.

import { CSV } from './csv.ts'
import { CTF } from './ctf.ts'
import type { Format } from './format.ts'
import { JSONL } from './jsonl.ts'
import { OTLP } from './otlp.ts'
import { PARQUET, PARTITIONS } from './parquet.ts'
import { PERFETTO } from './perfetto.ts'
import { SYSLOG } from './syslog.ts'

export type { FileOfFolder, FolderFormat, Format, Part, StreamFormat } from './format.ts'
export { COLUMNS, type Origin, type Row, rowsOf } from './row.ts'

/** What `shdb export --format` knows. */
export const FORMATS: readonly Format[] = [JSONL, CSV, SYSLOG, PERFETTO, CTF, OTLP, PARQUET]

/** Parquet as a folder of files by host, list and day. */
export { PARTITIONS }
