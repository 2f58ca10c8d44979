// Compiled, never run, in a folder where the packed package is installed: its types must reach a user.

import { Recorder } from 'struct-history'
import * as faults from 'struct-history/faults'
import * as inspect from 'struct-history/inspect'
import { type Inspector, mountInspector } from 'struct-history/page'
import * as plugin from 'struct-history/plugin'

const recorder: Recorder = new Recorder({ name: 'packed' })
const recorded: boolean = recorder
  .list('things')
  .push(1n)
  .log(recorder.verbs({ A: 0 }).A, '%d', 1)
// @ts-expect-error An option that does not exist; were the types lost, this would pass.
new Recorder({ nonsense: recorded })

const inspector: Inspector = mountInspector(document.body, recorder, { interval: 500 })
inspector.unmount()

export { faults, inspect, plugin }
