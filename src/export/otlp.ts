// OTLP as JSON lines, as the collector's file exporter writes and its receiver reads them: a life is a span with its events,
// in a trace of its own. https://opentelemetry.io/docs/specs/otel/protocol/file-exporter

import type { Image } from '../image/image.ts'
import { wallMicroseconds } from '../image/wall-time.ts'
import type { StreamFormat } from './format.ts'
import { hostOf, type Life, livesOf, type Origin, type Row } from './row.ts'

const LIVES_IN_LINE = 100
const SPAN_KIND_INTERNAL = 1
const TRACE_DIGITS = 32
const SPAN_DIGITS = 16
const NANOSECONDS = '000'

interface Attribute {
  readonly key: string
  readonly value:
    | { readonly stringValue: string }
    | { readonly intValue: string }
    | { readonly boolValue: boolean }
}

export const OTLP: StreamFormat = {
  name: 'otlp',
  kind: 'text',
  extension: 'otlp.jsonl',
  about: 'OTLP traces as JSON lines, a life a span; any OpenTelemetry collector',
  *parts(origins) {
    for (const origin of origins) {
      let spans: object[] = []
      for (const life of livesOf([origin])) {
        spans.push(span(life))
        if (spans.length < LIVES_IN_LINE) continue
        yield line(origin, spans)
        spans = []
      }
      if (spans.length > 0) yield line(origin, spans)
    }
  },
}

function line(origin: Origin, spans: readonly object[]): string {
  const { image } = origin
  const host = hostOf(origin)
  const attributes = [
    attribute('service.name', image.name),
    attribute('process.pid', image.pid),
    ...(host === '' ? [] : [attribute('host.name', host)]),
  ]
  const scope = { name: 'struct-history' }
  return `${JSON.stringify({
    resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope, spans }] }],
  })}\n`
}

function span({ origin: { image }, history, rows }: Life): object {
  const { list, objectText, handle, created, ref, ended, site, origin } = history
  const start = Math.min(created, rows[0]?.t ?? created)
  return {
    traceId: traceOf(history, image),
    spanId: identity(image, handle, SPAN_DIGITS),
    name: list.name,
    kind: SPAN_KIND_INTERNAL,
    startTimeUnixNano: nanoseconds(image, start),
    endTimeUnixNano: nanoseconds(image, Math.max(start, rows.at(-1)?.t ?? created)),
    attributes: [
      attribute('struct_history.object', objectText),
      attribute('struct_history.history', handle),
      attribute('struct_history.references', ref),
      attribute('struct_history.ended', ended),
      ...(origin === undefined ? [] : [attribute('struct_history.origin', origin)]),
      ...(site === undefined ? [] : [attribute('struct_history.site', site)]),
    ],
    events: rows.filter(({ verb }) => verb !== '').map((row) => spanEvent(image, row)),
    droppedEventsCount: rows.reduce((sum, { lost }) => sum + lost, 0),
    status: {},
  }
}

function spanEvent(image: Image, row: Row): object {
  return {
    timeUnixNano: nanoseconds(image, row.t),
    name: row.verb,
    attributes: [
      attribute('struct_history.index', row.index),
      attribute('struct_history.role', row.role),
      attribute('struct_history.log', row.log),
      attribute('process.pid', row.pid),
      attribute('thread.id', row.tid),
      attribute('thread.name', row.thread),
      ...(row.site === '' ? [] : [attribute('struct_history.site', row.site)]),
      ...(row.lost === 0 ? [] : [attribute('struct_history.lost', row.lost)]),
    ],
  }
}

function attribute(key: string, value: string | number | boolean): Attribute {
  if (typeof value === 'string') return { key, value: { stringValue: value } }
  if (typeof value === 'boolean') return { key, value: { boolValue: value } }
  // 64-bit integers are strings in JSON.
  return { key, value: { intValue: String(value) } }
}

const nanoseconds = (image: Image, t: number): string =>
  `${Math.max(0, wallMicroseconds(image, t) ?? t)}${NANOSECONDS}`

/** Lives of one origin are one trace; where the origin is a trace of the application's, they are in that. */
function traceOf({ origin = '', handle }: Life['history'], image: Image): string {
  const [, recorder = '', life = ''] = /^([0-9a-f]{16})-([0-9a-f]{1,14})$/.exec(origin) ?? []
  if (recorder !== '') return recorder + life.padStart(SPAN_DIGITS, '0')
  if (/^(?!0+$)[0-9a-f]{32}$/.test(origin)) return origin
  return origin === '' ? identity(image, handle, TRACE_DIGITS) : hashOf(origin)
}

/** FNV-1a of 128 bits. */
function hashOf(text: string): string {
  let hash = 0x6c62272e07bb014262b821756295c58dn
  for (const letter of text)
    hash = BigInt.asUintN(128, (hash ^ BigInt(letter.charCodeAt(0))) * 0x1000000000000000000013bn)
  return hash.toString(16).padStart(TRACE_DIGITS, '0')
}

/** The same life has the same number in every export: from the recorder's start, its process and the handle. */
function identity({ started, pid }: Image, handle: number, digits: number): string {
  const whole = Number.isFinite(started) ? BigInt(Math.round(started * 1000)) : 0n
  const number = (BigInt.asUintN(64, whole * 31n + BigInt(pid)) << 64n) | BigInt(handle + 1)
  // The lower half alone would be the same life of every recorder.
  const mixed =
    digits === TRACE_DIGITS
      ? number
      : BigInt.asUintN(64, (number >> 64n) * 0x9e3779b97f4a7c15n + number)
  return mixed.toString(16).padStart(digits, '0').slice(-digits)
}
