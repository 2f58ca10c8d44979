// What an OTLP receiver makes of a request: OpenTelemetry's own schema, as its JavaScript exporters carry it, decodes it.

import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { opentelemetry } = require('@opentelemetry/otlp-transformer/build/src/generated/root.js')
const Request = opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest

export interface ReceivedSpan {
  readonly resource: Record<string, unknown>
  /** Hexadecimal. */
  readonly traceId: string
  readonly spanId: string
  readonly name: string
  /** Decimal digits. */
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: Record<string, unknown>
  readonly events: readonly {
    readonly timeUnixNano: string
    readonly name: string
    readonly attributes: Record<string, unknown>
  }[]
  readonly droppedEventsCount: number
}

/** Of a body in protobuf, or in OTLP's JSON. Throws for what the schema does not have. */
export function receivedSpans(body: Uint8Array | string): ReceivedSpan[] {
  const message = typeof body === 'string' ? fromJson(body) : Request.decode(body)
  const options = { longs: String, enums: Number, bytes: Buffer }
  const { resourceSpans = [] } = Request.toObject(message, options)
  // biome-ignore lint/suspicious/noExplicitAny: the shapes are the schema's
  return resourceSpans.flatMap(({ resource, scopeSpans = [] }: any) =>
    // biome-ignore lint/suspicious/noExplicitAny: the same
    scopeSpans.flatMap(({ spans = [] }: any) =>
      // biome-ignore lint/suspicious/noExplicitAny: the same
      spans.map((span: any) => ({
        ...span,
        resource: attributesOf(resource),
        traceId: Buffer.from(span.traceId).toString('hex'),
        spanId: Buffer.from(span.spanId).toString('hex'),
        attributes: attributesOf(span),
        // biome-ignore lint/suspicious/noExplicitAny: the same
        events: (span.events ?? []).map((event: any) => ({
          ...event,
          attributes: attributesOf(event),
        })),
        droppedEventsCount: span.droppedEventsCount ?? 0,
      })),
    ),
  )
}

/** In OTLP's JSON, unlike that of protobuf, ids are hexadecimal. */
function fromJson(text: string) {
  const object = JSON.parse(text, (key, value) =>
    /^(traceId|spanId|parentSpanId)$/.test(key) ? Buffer.from(value, 'hex') : value,
  )
  const wrong = unknownKey(Request, object)
  if (wrong !== undefined) throw new Error(`not of the schema: ${wrong}`)
  return Request.fromObject(object)
}

/** fromObject() passes over what it does not know; a receiver that is strict would not. */
function unknownKey(type: { create(): object }, object: Record<string, unknown>) {
  const known = type.create()
  return Object.keys(object).find((key) => !(key in known))
}

// biome-ignore lint/suspicious/noExplicitAny: the shapes are the schema's
function attributesOf({ attributes = [] }: any): Record<string, unknown> {
  return Object.fromEntries(
    // biome-ignore lint/suspicious/noExplicitAny: the same
    attributes.map(({ key, value }: any) => [key, Object.values(value)[0]]),
  )
}
