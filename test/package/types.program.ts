// Compiled, never run, in a folder where the packed package is installed: its types must reach a user.

import { Recorder } from 'struct-history'
import * as faults from 'struct-history/faults'
import * as inspect from 'struct-history/inspect'
import * as plugin from 'struct-history/plugin'

const recorder: Recorder = new Recorder({ name: 'packed' })
const recorded: boolean = recorder
  .list('things')
  .push(1n)
  .log(recorder.verbs({ A: 0 }).A, '%d', 1)
// @ts-expect-error An option that does not exist; were the types lost, this would pass.
new Recorder({ nonsense: recorded })

export { faults, inspect, plugin }
