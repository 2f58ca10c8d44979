// Records what dumps.test.ts asks for and dumps it: node dumps.program.mjs FILE

import { Recorder } from '../../build/index.js'

const [file] = process.argv.slice(2)
const recorder = new Recorder({ name: 'proxy', budget: '4MiB', thread: 'main thread' })
const TCP = recorder.verbs({ TCP_REF: +1, TCP_UNREF: -1, TCP_SEND2CHILD: 0, TCP_DESTROY: 'end' })
const connections = recorder.list('TCP con', { window: 10, maxEvents: 40 })
for (let n = 0; n < 15; n++) connections.push(n).log(TCP.TCP_REF, 'connect, (%d)', n)
const history = connections.push(0x7f95acf6ea60)
history.log(TCP.TCP_REF, 'connect, (%d)', 1)
for (let n = 0; n < 60; n++)
  history.log(TCP.TCP_SEND2CHILD, 'to %s: %j, %.2f', `wörker ☎ ${n}`, { n }, n / 3)
history.log(TCP.TCP_UNREF, 'send %d, (%d)', 6, 1)
history.log(TCP.TCP_DESTROY)
history.log(TCP.TCP_REF, 'late')
recorder.dumpSync(file)
