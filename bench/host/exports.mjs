// What an export costs: rows a second of each format, and bytes a row, beside the image's. A process for each, as one would start
// it; the start of Node and the reading of the image are in it.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SHDB = 'build/cli/shdb.js'
const FORMATS = ['jsonl', 'csv', 'syslog', 'perfetto', 'ctf', 'otlp', 'parquet', 'arrow']
const LIVES = 20_000
const EVENTS = 11
const MEBI = 2 ** 20
const RECORD = `
import { Recorder } from 'struct-history'
const recorder = new Recorder({ name: 'bench', budget: '128MiB' })
const verbs = recorder.verbs({ REF: +1, UNREF: -1, SEND: 0, END: 'end' })
const list = recorder.list('TCP con', { window: ${LIVES} })
for (let n = 0; n < ${LIVES}; n++) {
  const history = list.push(0x7f9500000000 + n * 416)
  history.log(verbs.REF, 'connect, (%d)', 1)
  for (let k = 0; k < ${EVENTS - 3}; k++) history.log(verbs.SEND, 'send %d of %d', k, n)
  history.log(verbs.UNREF, 'done, (%d)', 0)
  history.log(verbs.END)
}
recorder.dumpSync(process.argv[1])`

/** @param {number} rounds */
export function exports(rounds, say) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-export-'))
  try {
    const image = join(folder, 'image')
    execFileSync(process.execPath, ['--input-type=module', '-e', RECORD, image])
    const imageBytes = statSync(image).size
    const rows = LIVES * EVENTS
    const formats = FORMATS.map((format) => {
      say(format)
      const times = []
      let bytes = 0
      for (let round = 0; round < rounds; round++) {
        const out = join(folder, 'out')
        const before = performance.now()
        const { status, stderr } = spawnSync(
          process.execPath,
          [SHDB, 'export', '--format', format, '-o', out, image],
          { encoding: 'utf8' },
        )
        times.push((performance.now() - before) / 1000)
        if (status !== 0) throw new Error(`export to ${format} failed: ${stderr}`)
        bytes = bytesOf(out)
        rmSync(out, { recursive: true })
      }
      times.sort((one, other) => one - other)
      const seconds = times[Math.floor(times.length / 2)]
      return {
        format,
        rowsPerSecond: rows / seconds,
        bytesPerRow: bytes / rows,
        ofImage: bytes / imageBytes,
      }
    })
    return { rows, imageBytes, formats }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function bytesOf(path) {
  if (statSync(path).isFile()) return statSync(path).size
  return readdirSync(path).reduce((sum, name) => sum + statSync(join(path, name)).size, 0)
}

export function exportLines({ rows, imageBytes, formats }) {
  return [
    `${rows} events in an image of ${(imageBytes / MEBI).toFixed(1)} MiB, ${(imageBytes / rows).toFixed(1)} bytes an event`,
    '',
    'format     rows a second   bytes a row   of the image',
    ...formats.map(
      ({ format, rowsPerSecond, bytesPerRow, ofImage }) =>
        `${format.padEnd(10)} ${rowsPerSecond.toFixed(0).padStart(13)}   ${bytesPerRow.toFixed(1).padStart(11)}   ${`${(ofImage * 100).toFixed(0)} %`.padStart(12)}`,
    ),
  ]
}
