// The formats by name.

import { ARROW } from './arrow.ts'
import { CSV } from './csv.ts'
import { CTF } from './ctf.ts'
import type { Format } from './format.ts'
import { JSONL } from './jsonl.ts'
import { OTLP } from './otlp.ts'
import { PARQUET, PARTITIONS } from './parquet.ts'
import { PERFETTO } from './perfetto.ts'
import { SYSLOG } from './syslog.ts'

/** What `shdb export --format` knows. */
export const FORMATS: readonly Format[] = [JSONL, CSV, SYSLOG, PERFETTO, CTF, OTLP, PARQUET, ARROW]

/** Parquet as a folder of files by host, list and day. */
export { PARTITIONS }
