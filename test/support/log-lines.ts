// Images as lines of a log, in every form, and what happens to lines on their way: shuffled, doubled, dropped, wrapped.

import type { Gap, History, Image } from '../../src/image/image.ts'
import { lineOf, PRIORITY } from '../../src/line/line.ts'
import { type LineRecord, recordsOfAll } from '../../src/line/record.ts'
import { LogReading } from '../../src/logs/reading.ts'

const encoder = new TextEncoder()

export function recordsOfImage(image: Image, host = 'proxy-7'): LineRecord[] {
  return image
    .lists()
    .flatMap((list) => list.histories())
    .flatMap((history) => recordsOfAll({ image, host }, history))
}

export const structured = (record: LineRecord): string =>
  lineOf(record, { priority: PRIORITY, structured: true, most: Number.POSITIVE_INFINITY })

export const plain = (record: LineRecord): string =>
  lineOf(record, { priority: undefined, structured: false, most: Number.POSITIVE_INFINITY })

/** What syslog servers and collectors make of a line, as their formats are documented. */
export const FORMS: Readonly<Record<string, (record: LineRecord) => string>> = {
  'RFC 5424': structured,
  plain,
  'RFC 5424 with the element in the text': (record) =>
    lineOf(record, { priority: PRIORITY, structured: false, most: Number.POSITIVE_INFINITY }),
  RSYSLOG_SyslogProtocol23Format: structured,
  RSYSLOG_TraditionalFileFormat: (record) =>
    `Nov 28 03:57:14 proxy-7 ${record.name}[${record.pid}]: ${plain(record)}`,
  RSYSLOG_FileFormat: (record) =>
    `2026-11-28T03:57:14.123456+00:00 proxy-7 ${record.name}[${record.pid}]: ${plain(record)}`,
  'a JSON template with the whole message': (record) =>
    JSON.stringify({ '@timestamp': record.time, host: 'relay', message: structured(record) }),
  'a JSON template with the element apart': (record) => {
    const [, head, element, text] = /^(.*?) (\[.*?[^\\]\]) (.*)$/.exec(structured(record)) ?? []
    return JSON.stringify({
      timereported: record.time,
      hostname: record.host,
      'app-name': record.name,
      procid: `${record.pid}`,
      prefix: head?.length,
      'structured-data': element,
      msg: text,
    })
  },
  'journalctl -o short': (record) =>
    `Nov 28 03:57:14 proxy-7 proxy[${record.pid}]: ${plain(record)}`,
  'journalctl -o json': (record) =>
    JSON.stringify({ _HOSTNAME: 'proxy-7', _PID: '1', PRIORITY: '6', MESSAGE: plain(record) }),
  'journalctl -o json, as bytes': (record) =>
    JSON.stringify({
      _HOSTNAME: 'proxy-7',
      MESSAGE: [...encoder.encode(`\x1b[1m${plain(record)}`)],
    }),
  'a console with colors and CRLF': (record) => `\x1b[36mINFO\x1b[0m ${plain(record)}\r`,
}

/** journalctl -o export; every third message as bytes. */
export function journalExport(records: readonly LineRecord[]): Uint8Array {
  const parts = records.flatMap((record, n) => {
    const message = encoder.encode(plain(record))
    const head = `__CURSOR=s=${n}\n_HOSTNAME=proxy-7\nPRIORITY=6\n_BINARY\n`
    const noise = Uint8Array.of(3, 0, 0, 0, 0, 0, 0, 0, 10, 10, 61, 10)
    if (n % 3 > 0)
      return [encoder.encode(head), noise, encoder.encode('MESSAGE='), message, lineFeeds]
    const length = new Uint8Array(8)
    new DataView(length.buffer).setUint32(0, message.length, true)
    return [encoder.encode(head), noise, encoder.encode('MESSAGE\n'), length, message, lineFeeds]
  })
  return joined(parts)
}

const lineFeeds = Uint8Array.of(10, 10)

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** `partBytes`: as it comes out of a pipe. */
export function read(
  bytes: Uint8Array | string,
  partBytes = 1 << 16,
  bytesMax?: number,
): LogReading {
  const reading = new LogReading(bytesMax === undefined ? {} : { bytesMax })
  const all = typeof bytes === 'string' ? encoder.encode(bytes) : bytes
  const source = reading.begin('proxy.log')
  for (let at = 0; at < all.length; at += partBytes) source.push(all.slice(at, at + partBytes))
  source.end()
  return reading
}

export const readLines = (lines: readonly string[], partBytes?: number): LogReading =>
  read(lines.map((line) => `${line}\n`).join(''), partBytes)

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const all = [...items]
  for (let at = all.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    ;[all[at], all[other]] = [all[other] as T, all[at] as T]
  }
  return all
}

/** Worlds have lengths and gaps that their events do not bear out where a life was cut: here they follow from the events. */
export function closed(image: Image): Image {
  const lists = image.lists().map((list) => {
    const histories = list.histories().map((history): History => {
      const events = history.events()
      const { list: of, handle, object, objectText, created, thread, order } = history
      const { ref, ended, pinned, flushOffset, address } = history
      const gaps = events
        .filter(({ lost }) => lost > 0)
        .map(({ index, lost: count }): Gap => {
          return { from: index - count, to: index - 1, count, cause: 'unfinished' }
        })
      return {
        ...{ list: of, handle, object, objectText, created, thread, order },
        ...{ ref, ended, pinned, flushOffset, address },
        len: (events.at(-1)?.lastIndex ?? -1) + 1,
        events: () => events,
        gaps: () => gaps,
      }
    })
    return { ...list, name: list.name, histories: () => histories }
  })
  return { ...image, lists: () => lists }
}

/** What of an image lines can tell. */
export const told = (image: Image) => ({
  name: image.name,
  run: image.run,
  pid: image.pid,
  // A line has microseconds.
  started: Math.round(image.started * 1000),
  lists: image
    .lists()
    .map((list) => ({ name: list.name, histories: list.histories().map(toldOf) }))
    .filter(({ histories }) => histories.length > 0)
    .sort((one, other) => (one.name < other.name ? -1 : 1)),
})

export const toldOf = (history: History) => ({
  handle: history.handle,
  // A number and a bigint of equal value are one object.
  object: typeof history.object === 'string' ? history.object : BigInt(history.object),
  objectText: history.objectText,
  created: history.created,
  thread: history.thread,
  order: history.order,
  ref: history.ref,
  ended: history.ended,
  pinned: history.pinned,
  len: history.len,
  gaps: history.gaps(),
  events: history.events().map(({ address: _, ...event }) => event),
})
