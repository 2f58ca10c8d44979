// Histories by OpenTelemetry: LogTape's sink and the official exporter, over HTTP, to a receiver that decodes by OpenTelemetry's own
// schema. (No collector is in Debian or npm.)

import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import root from '@opentelemetry/otlp-transformer/build/src/generated/root.js'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { killAll, ROOT } from '../wreck/running.ts'
import { BUILD, RUNTIMES, service, told } from './running.ts'
import { spooled } from './spooled.ts'

interface Value {
  readonly stringValue?: string
  readonly intValue?: string
}

interface Received {
  readonly body: Value
  readonly attributes: readonly { readonly key: string; readonly value: Value }[]
  readonly severityText: string
}

/** Generated from OpenTelemetry's own files; its types do not say what it holds. */
interface Schema {
  readonly opentelemetry: {
    readonly proto: {
      readonly collector: {
        readonly logs: {
          readonly v1: {
            readonly ExportLogsServiceRequest: {
              decode(bytes: Uint8Array): object
              toObject(message: object, options: { longs: typeof String }): Decoded
            }
          }
        }
      }
    }
  }
}

interface Decoded {
  readonly resourceLogs: { readonly scopeLogs: { readonly logRecords: Received[] }[] }[]
}

const schema = root as unknown as Schema
const Request = schema.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest
const TARGET = join(ROOT, 'test/sinks/otlp.target.mjs')

let server: Server
let received: Received[] = []
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const decoded = Request.toObject(Request.decode(Buffer.concat(parts)), { longs: String })
    for (const { scopeLogs } of decoded.resourceLogs)
      for (const { logRecords } of scopeLogs) received.push(...logRecords)
    response.setHeader('content-type', 'application/x-protobuf').end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
beforeEach(() => {
  received = []
})
afterAll(() => {
  killAll()
  server.close()
})

for (const runtime of RUNTIMES)
  test(`an OTLP receiver gets whole histories from ${runtime}`, { timeout: 60_000 }, async () => {
    const { port } = server.address() as { port: number }
    process.env.OTLP = `http://127.0.0.1:${port}/v1/logs`
    process.env.BUILD = BUILD
    const { stats, stderr } = await told(
      service(runtime, { target: ['inWorker', `file://${TARGET}`], histories: 20 }).ended,
    )
    expect(stderr).toBe('')
    expect(stats).toMatchObject({
      historiesWritten: 20,
      historiesNotWritten: 0,
      writtenBy: 'worker',
    })
    const lines = received.map(({ body }) => body.stringValue ?? '')
    expect(lines).toHaveLength(80)
    expect(spooled(lines).whole.size).toBe(20)
    const [step] = received.filter(({ body }) => body.stringValue?.endsWith('step 0 of 7'))
    const attributes = Object.fromEntries(
      step?.attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]) ?? [],
    )
    expect(attributes).toMatchObject({
      'struct_history.list': 'jobs',
      'struct_history.object': 'job 7',
      'struct_history.index': '1',
      'struct_history.verb': 'STEP',
    })
    expect(step?.severityText).toBe('info')
  })
