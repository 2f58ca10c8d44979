// Runs in a folder where the packed package is installed: each entry must load there, and the recorder work.

import { readFileSync } from 'node:fs'
import { Recorder } from 'struct-history'

const recorder = new Recorder({ name: 'packed' })
const { USED } = recorder.verbs({ USED: 0 })
const history = recorder.list('things', { window: 4 }).push(0x10)
history.log(USED, 'by %s, %d', 'the probe', 1)
const text = history
  .events()
  .map((event) => event.log)
  .join()
if (text !== 'by the probe, 1') throw new Error(`The packed recorder shows "${text}"`)

const { exports } = JSON.parse(
  readFileSync(new URL('./node_modules/struct-history/package.json', import.meta.url), 'utf8'),
)
// struct-history/page, too: servers render applications, and it must load where there is no document.
/** One changes how modules are loaded, one is sources for another compiler. */
const notToImport = ['./plugin/register', './package.json', './assembly']
for (const [name, { types }] of Object.entries(exports)) {
  if (types === undefined || notToImport.includes(name)) continue
  const entry = await import(name.replace('.', 'struct-history'))
  if (Object.keys(entry).length === 0) throw new Error(`${name} exports nothing`)
}
console.log('the packed package works')
// What struct-history/register began lets the process end.
