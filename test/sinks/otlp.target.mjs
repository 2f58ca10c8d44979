// What a service would write for its own: LogTape's sink of OpenTelemetry, with the official exporter, in the thread that writes.

import { getOpenTelemetrySink } from '@logtape/otel'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'

const { logTape } = await import(`${process.env.BUILD}/sinks/index.js`)
const exporter = new OTLPLogExporter({ url: process.env.OTLP })
const processor = new BatchLogRecordProcessor(exporter, { scheduledDelayMillis: 100 })
const loggerProvider = new LoggerProvider({ processors: [processor] })
const write = logTape(getOpenTelemetrySink({ loggerProvider }))

export default async function writeAndFlush(lines, records) {
  await write(lines, records)
  // Said to be written when the receiver has it.
  await loggerProvider.forceFlush()
}
