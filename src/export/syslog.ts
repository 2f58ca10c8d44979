// Lines of RFC 5424: what a syslog server takes in, and shdb --syslog reads. docs/LOGGING.md tells of them.

import { lineOf, PRIORITY } from '../line/line.ts'
import { recordsOfAll } from '../line/record.ts'
import type { StreamFormat } from './format.ts'

const FORM = { priority: PRIORITY, structured: true, most: Number.POSITIVE_INFINITY }

export const SYSLOG: StreamFormat = {
  name: 'syslog',
  kind: 'text',
  extension: 'log',
  about: 'RFC 5424 with structured data, a line an event, one before each life; rsyslog, syslog-ng',
  *parts(origins) {
    for (const origin of origins)
      for (const list of origin.image.lists())
        for (const history of list.histories())
          for (const record of recordsOfAll(origin, history)) yield `${lineOf(record, FORM)}\n`
  },
}
