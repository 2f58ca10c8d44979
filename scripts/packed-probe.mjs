// Runs in a folder where the packed package is installed: it must load and work there as a user would have it.

import { Recorder } from 'struct-history'
import * as faults from 'struct-history/faults'
import * as inspect from 'struct-history/inspect'
// Servers render applications, too: it must load where there is no document.
import * as page from 'struct-history/page'
import * as plugin from 'struct-history/plugin'
import * as sinks from 'struct-history/sinks'

const recorder = new Recorder({ name: 'packed' })
const { USED } = recorder.verbs({ USED: 0 })
const history = recorder.list('things', { window: 4 }).push(0x10)
history.log(USED, 'by %s, %d', 'the probe', 1)
const text = history
  .events()
  .map((event) => event.log)
  .join()
if (text !== 'by the probe, 1') throw new Error(`The packed recorder shows "${text}"`)
for (const [name, entry] of Object.entries({ faults, inspect, page, plugin, sinks })) {
  if (Object.keys(entry).length === 0) throw new Error(`struct-history/${name} exports nothing`)
}
console.log('the packed package works')
