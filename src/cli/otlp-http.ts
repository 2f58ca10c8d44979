// OTLP over HTTP, by OpenTelemetry's own exporter: an optional peer, loaded when it is asked for.

import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { FORMATS, type Origin } from '../export/index.ts'
import { CommandError } from '../inspector/index.ts'

const PACKAGE = '@opentelemetry/exporter-trace-otlp-proto'
const TIMEOUT_MS = 60_000
const NANOSECONDS_IN_SECOND = 1_000_000_000n
const TRACE_FLAGS_SAMPLED = 1

interface Exporter {
  export(
    spans: readonly object[],
    done: (result: { code: number; error?: { message: string } }) => void,
  ): void
  shutdown(): Promise<void>
}

interface JsonAttribute {
  readonly key: string
  readonly value: { readonly [type: string]: string | boolean }
}

interface JsonSpan {
  readonly traceId: string
  readonly spanId: string
  readonly name: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly JsonAttribute[]
  readonly events: readonly {
    readonly timeUnixNano: string
    readonly name: string
    readonly attributes: readonly JsonAttribute[]
  }[]
  readonly droppedEventsCount: number
}

/** Sends what `--format otlp` writes, a hundred lives a request; how many lives. Headers are those of OTEL_EXPORTER_OTLP_HEADERS. */
export async function sendOtlp(url: string, origins: Iterable<Origin>): Promise<number> {
  const exporter = await makeExporter(url)
  const format = FORMATS.find(({ name }) => name === 'otlp')
  if (format?.kind !== 'text') throw new TypeError('Cannot send: there is no format "otlp"')
  let lives = 0
  try {
    for (const line of format.parts(origins)) {
      const { resourceSpans } = JSON.parse(String(line))
      for (const { resource, scopeSpans } of resourceSpans)
        for (const { scope, spans } of scopeSpans) {
          const about = { resource: resourceOf(resource), scope }
          await send(
            exporter,
            spans.map((span: JsonSpan) => readable(span, about)),
          )
          lives += spans.length
        }
    }
    return lives
  } finally {
    await exporter.shutdown()
  }
}

async function makeExporter(url: string): Promise<Exporter> {
  const here = pathToFileURL(join(process.cwd(), 'shdb.js')).href
  for (const from of [import.meta.url, here]) {
    try {
      const { OTLPTraceExporter } = createRequire(from)(PACKAGE)
      return new OTLPTraceExporter({ url, timeoutMillis: TIMEOUT_MS })
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code === 'MODULE_NOT_FOUND' && message.includes(PACKAGE)) continue
      throw new CommandError(`Cannot load ${PACKAGE}: ${message}`)
    }
  }
  throw new CommandError(
    `OpenTelemetry's exporter is not installed.  Install it with:\n  npm install ${PACKAGE}`,
  )
}

function send(exporter: Exporter, spans: readonly object[]): Promise<void> {
  return new Promise((resolve, reject) => {
    exporter.export(spans, ({ code, error }) => {
      if (code === 0) resolve()
      else
        reject(
          new CommandError(`Cannot send: ${error?.message ?? 'the exporter does not say why'}`),
        )
    })
  })
}

const resourceOf = ({ attributes }: { attributes: readonly JsonAttribute[] }) => ({
  attributes: valuesOf(attributes),
  asyncAttributesPending: false,
})

/** As OpenTelemetry's SDK has a span that is over. */
function readable(
  span: JsonSpan,
  { resource, scope }: { resource: object; scope: object },
): object {
  const { traceId, spanId, name, events, droppedEventsCount } = span
  return {
    name,
    kind: 0,
    spanContext: () => ({ traceId, spanId, traceFlags: TRACE_FLAGS_SAMPLED }),
    startTime: timeOf(span.startTimeUnixNano),
    endTime: timeOf(span.endTimeUnixNano),
    duration: [0, 0],
    ended: true,
    status: { code: 0 },
    attributes: valuesOf(span.attributes),
    links: [],
    events: events.map((event) => ({
      name: event.name,
      time: timeOf(event.timeUnixNano),
      attributes: valuesOf(event.attributes),
    })),
    droppedAttributesCount: 0,
    droppedEventsCount,
    droppedLinksCount: 0,
    resource,
    instrumentationScope: scope,
  }
}

/** Seconds and nanoseconds. */
function timeOf(nanoseconds: string): [number, number] {
  const whole = BigInt(nanoseconds)
  return [Number(whole / NANOSECONDS_IN_SECOND), Number(whole % NANOSECONDS_IN_SECOND)]
}

const valuesOf = (attributes: readonly JsonAttribute[]) =>
  Object.fromEntries(
    attributes.map(({ key, value: { intValue, stringValue, boolValue } }) => [
      key,
      intValue === undefined ? (stringValue ?? boolValue) : Number(intValue),
    ]),
  )
