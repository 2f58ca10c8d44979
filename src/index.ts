// Entry 'struct-history': the recorder. Its dumps are read by 'struct-history/inspect' and shdb.

export type { Event, Role, Stats } from './image/image.ts'
export type { FormatPrivacy, Privacy } from './privacy/formats.ts'
export { History } from './recorder/history.ts'
export { Hold } from './recorder/hold.ts'
export { List, type PushOptions } from './recorder/list.ts'
export type {
  Durability,
  JoinOptions,
  ListOptions,
  RecorderOptions,
  Redact,
  Sink,
  UnrefCheck,
} from './recorder/options.ts'
export type { PrivacyOptions } from './recorder/privacy.ts'
export { Recorder } from './recorder/recorder.ts'
export type { Ticket } from './recorder/ticket.ts'
export type { TriggerHandler } from './recorder/triggers.ts'
export { Verb, type VerbDefinition, type VerbRole } from './recorder/verbs.ts'
