// Files that a build reads and writes.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PAGE_FOLDER } from './build-page.mjs'

/** bench/build.mjs keeps the first of these folders, build-page.mjs the other. */
const OTHERS_FOLDERS = [join('build', 'bench', '/'), join(PAGE_FOLDER, '/')]

export function read(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}

export function filesUnder(folder, pattern) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
}

/** Leaves the time of an unchanged file alone, for the sake of watchers. */
export function writeWhenChanged(file, text) {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** Nothing of an older build may be imported by a newer one. */
export function removeOthers(pattern, written) {
  const current = new Set(written)
  for (const file of filesUnder('build', pattern))
    if (!current.has(file) && !OTHERS_FOLDERS.some((folder) => file.startsWith(folder)))
      rmSync(file)
}
