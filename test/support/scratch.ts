// A folder for a test's files inside this repository, where its packages are found and 'struct-history' is the package itself
// as built. Not within what npm packs: another test packs while this one's folders come and go, and npm stumbles over that.

import { mkdirSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

/** A new one; who asks for it removes it. */
export function scratchFolder(name: string): string {
  const parent = join(ROOT, '.scratch')
  mkdirSync(parent, { recursive: true })
  return mkdtempSync(join(parent, `${name}-`))
}
