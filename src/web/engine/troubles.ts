// Why a file could not be opened, for people: what it seems to be, and what to do.

import { ImageError } from '../../image/bytes.ts'
import { compressionOf } from '../../wreck/compression.ts'
import { NoImageError } from '../../wreck/open.ts'
import { hasMagic } from '../../wreck/proof.ts'
import { NotHere } from './compressed.ts'
import { NoLogError } from './log-files.ts'
import type { Trouble } from './protocol.ts'

/** `head`: the first bytes, with zeros where the file is shorter. */
export function troubleOf(file: File, head: Uint8Array, error: unknown): Trouble {
  const detail = error instanceof Error ? error.message : `${error}`
  const about = (what: string, ...advice: string[]): Trouble => ({
    file: file.name,
    what,
    advice,
    detail,
  })
  if (file.size === 0) {
    return about(
      'The file is empty.',
      'The program may still be writing it, or its disk was full: look at the size again, and at what the program said.',
      'Another dump beside it may be whole: drop that one.',
    )
  }
  if (error instanceof NotHere) {
    const compression = compressionOf(head)
    return about(error.message, `Run "${compression} -d ${file.name}" and drop what comes out.`)
  }
  if (error instanceof NoImageError) {
    return about(
      'There is no recorder in this core.',
      'Was the program built with its statements, and was it this process?',
      'docs/CORES.md says how to keep the memory in a core; "shdb doctor" looks at this machine.',
    )
  }
  if (error instanceof ImageError && error.field === 'the version of the format') {
    return about(
      'This dump is of another version of struct-history.',
      'Open it with the page or shdb of the version that wrote it.',
    )
  }
  const looksLike = kindOf(head)
  if (error instanceof NoLogError) {
    return about(
      `This is neither a dump of struct-history nor a log with histories in it${looksLike === '' ? '' : `: it looks like ${looksLike}`}.`,
      'Is it the log that the sinks write to, and of that time? Rotated files may be dropped together.',
      'docs/LOGGING.md has the formats that keep what is needed of a line.',
      DROP,
    )
  }
  if (looksLike === '' && error instanceof ImageError && hasMagic(new DataView(head.buffer), 0)) {
    return about(
      'The beginning of this dump is damaged.',
      'Was it copied as text, or cut? Copy it once more and compare the checksums.',
    )
  }
  return about(
    `This is no dump of struct-history${looksLike === '' ? '' : `: it looks like ${looksLike}`}.`,
    DROP,
  )
}

const DROP =
  'Drop a dump (*.shdump), an ELF core file of the program, a log with histories in it, or several of them; .gz and .zst are opened, too.'

const KINDS: readonly (readonly [string, string])[] = [
  ['\x89PNG', 'a PNG picture'],
  ['\xff\xd8\xff', 'a JPEG picture'],
  ['PK\x03\x04', 'a ZIP archive: unpack it first'],
  ['%PDF', 'a PDF document'],
  ['SQLite format', 'an SQLite database'],
  ['BZh', 'a bzip2 archive: unpack it first'],
  ['\xfd7zXZ', 'an xz archive: unpack it first'],
  ['PAR1', 'a Parquet file'],
  ['\x00asm', 'a Wasm module'],
]

function kindOf(head: Uint8Array): string {
  const text = String.fromCharCode(...head)
  const known = KINDS.find(([magic]) => text.startsWith(magic))?.[1]
  if (known !== undefined) return known
  const start = text.slice(0, 256).replace(/\0+$/, '')
  if (/^\s*[[{]/.test(start)) return 'JSON'
  if (/^\s*<(!doctype|html|\?xml|svg)/i.test(start)) return 'a page or XML'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: text has none of these
  return start !== '' && !/[\x00-\x08\x0e-\x1f]/.test(start) ? 'text' : ''
}
