// Lines in a file. Opened for each batch, so that it may be renamed under the writer; a batch that the disk has no room for
// leaves nothing of itself.

import { builtin, type Files } from './builtin.ts'
import { type FileTarget, type Output, PLAIN } from './target.ts'

/** Texts can hold secrets. */
const OWNER_ONLY = 0o600

export function fileOutput({ path }: FileTarget): Output {
  return {
    form: PLAIN,
    isSynchronous: true,
    write(lines) {
      const files = builtin<Files>('node:fs', `write to "${path}"`)
      const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''))
      const file = files.openSync(path, 'a', OWNER_ONLY)
      const { size } = files.fstatSync(file)
      let written = 0
      try {
        while (written < bytes.length)
          written += files.writeSync(file, bytes, written, bytes.length - written)
      } catch (error) {
        // Unless another process has written behind it.
        if (written > 0 && files.fstatSync(file).size === size + written)
          files.ftruncateSync(file, size)
        throw error
      } finally {
        files.closeSync(file)
      }
    },
    close() {},
  }
}
