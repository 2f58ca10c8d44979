// Prints one function of the release core as Wasm text, so that a review can look at the instructions.
//
//   npm run wat [-- NAME]      default: log

import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const file = fileURLToPath(new URL('../build/core.wat', import.meta.url))
const name = process.argv[2] ?? 'log'

if (!existsSync(file)) fail(`Cannot print "${name}": ${file} is not there; npm run build makes it`)
const text = readFileSync(file, 'utf8')
// The export names what the user means; the function behind it carries its path ($assembly/event/log).
const exported = text.match(new RegExp(`^ \\(export "${name}" \\(func (\\S+)\\)\\)`, 'm'))?.[1]
const functions = [...text.matchAll(/^ \(func (\S+)[\s\S]*?^ \)$/gm)]
const found = functions.filter(
  ([, label]) =>
    label === exported || label === `$${name}` || (!exported && label.endsWith(`/${name}`)),
)
if (found.length === 0) {
  fail(
    `No function "${name}" in build/core.wat. It has: ${functions.map(([, label]) => label.slice(1)).join(' ')}`,
  )
}
for (const [body] of found) console.log(body)

function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}
