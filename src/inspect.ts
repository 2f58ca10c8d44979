// Entry 'struct-history/inspect': opens, reads and checks images. Needs no recorder, no Wasm and no particular runtime.

export { type CheckOptions, check } from './check/check.ts'
export { type Finding, KINDS, type Kind } from './check/finding.ts'
export { expectLife, type LifeExpectation, type Living } from './check/pattern/expect.ts'
export { type Match, matches, Pattern } from './check/pattern/match.ts'
export { PatternError } from './check/pattern/syntax.ts'
export { type Verdict, why } from './check/why.ts'
export type { ByteSource } from './image/byte-source.ts'
export { ImageError } from './image/bytes.ts'
export type {
  Event,
  Gap,
  History,
  HostClock,
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
export { type OpenedLog, type OpenLogOptions, openLog } from './logs/open.ts'
export { type Redacted, redactImage } from './redact/redact.ts'
export type { RedactReport } from './redact/report.ts'
export type { RedactRules } from './redact/rules.ts'
export { NoImageError, openImages } from './wreck/open.ts'
