// What the streams of ctf.ts consist of, in the words of CTF 1.8.

export const PACKET_MAGIC = 0xc1fc1fc1
/** Magic, stream number, and five 64-bit fields. */
export const PACKET_HEADER_BYTES = 48

export interface TraceWords {
  /** The first is the loss at the end of a life. */
  readonly verbs: ReadonlyMap<string, number>
  readonly hosts: ReadonlySet<string>
  readonly recorders: ReadonlySet<string>
  /** Seconds since 1970 of time 0. */
  readonly start: number
}

export function metadataOf({ verbs, hosts, recorders, start }: TraceWords): string {
  return `/* CTF 1.8 */

typealias integer { size = 32; align = 8; signed = false; } := uint32_t;
typealias integer { size = 64; align = 8; signed = false; } := uint64_t;

trace {
  major = 1;
  minor = 8;
  byte_order = le;
  packet.header := struct {
    uint32_t magic;
    uint32_t stream_id;
  };
};

env {
  tracer_name = "struct-history";
  recorders = ${quoted([...recorders].join(', '))};
  hostname = ${quoted([...hosts].join(', '))};
};

clock {
  name = wall;
  description = "Microseconds since 1970 as the recorder's process had them";
  freq = 1000000;
  offset_s = ${start};
  absolute = true;
};

typealias integer { size = 64; align = 8; signed = false; map = clock.wall.value; } := time_t;

stream {
  id = 0;
  packet.context := struct {
    uint64_t content_size;
    uint64_t packet_size;
    time_t timestamp_begin;
    time_t timestamp_end;
    uint64_t events_discarded;
  };
  event.header := struct {
    uint32_t id;
    time_t timestamp;
  };
};
${[...verbs.keys()].map(eventOf).join('')}`
}

function eventOf(verb: string, id: number): string {
  return `
event {
  name = ${quoted(verb === '' ? 'events lost' : verb)};
  id = ${id};
  stream_id = 0;
  fields := struct {
    string list;
    string object;
    uint64_t history;
    uint32_t index;
    uint32_t pid;
    uint32_t tid;
    string thread;
    string role;
    string log;
    string site;
    uint32_t lost;
    string origin;
  };
};
`
}

/** A string of TSDL; names come from images, so nothing in them may end it. */
const quoted = (text: string): string =>
  `"${text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: TSDL has no way to write these
    .replace(/[\x00-\x1f\x7f]/g, ' ')
    .replace(/[\\"]/g, '\\$&')}"`
