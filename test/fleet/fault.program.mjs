// Fails, with a dump that is to be shipped.  node fault.program.mjs OPTIONS-AS-JSON

import { Recorder } from 'struct-history'
import { dumpOnFault } from 'struct-history/faults'

const recorder = new Recorder({ name: 'failing', budget: '1MiB' })
const { STEP } = recorder.verbs({ STEP: 0 })
dumpOnFault(recorder, JSON.parse(process.argv[2]))
recorder.list('jobs').push('job 1').log(STEP, 'before the end')
setTimeout(() => {
  throw new Error('the failure')
}, 10)
