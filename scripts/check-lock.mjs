// `npm install` leaves an optional package out of the lock when the registry does not serve it for some platform, and
// says nothing; then `npm ci` refuses the lock, with a message that does not tell why. This says it first.
//
//   node scripts/check-lock.mjs package-lock.json ci/nodes/package-lock.json

import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

/** What this lock file wants and lacks, one sentence each. */
export function missingFromLock(file) {
  const { packages } = JSON.parse(readFileSync(file, 'utf8'))
  const missing = []
  for (const [at, { optionalDependencies }] of Object.entries(packages)) {
    for (const wanted of Object.keys(optionalDependencies ?? {})) {
      if (!folders(at).some((folder) => packages[`${folder}node_modules/${wanted}`])) {
        missing.push(`${file}: ${at || 'the root'} wants ${wanted}, which is not in the lock`)
      }
    }
  }
  return missing
}

/** Where Node looks for a package required at `at`: there, and in every folder above that holds node_modules. */
function folders(at) {
  const found = []
  for (let folder = at; folder !== ''; ) {
    found.push(`${folder}/`)
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))
  }
  return [...found, '']
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const missing = process.argv.slice(2).flatMap(missingFromLock)
  for (const sentence of missing) console.error(sentence)
  process.exit(missing.length > 0 ? 1 : 0)
}
