// One call, two proxies, two processes: the first hands each call on to the second, which has the callee. A header carries the
// origin of the call, so that both recorders' lives of it are one.
//
//   node two.mjs [--calls N] [--dumps DIRECTORY]
//
// Ends with two dumps, and the command that shows one call in both.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Recorder } from 'struct-history'
import { expectSipp, makeCalls, startCallee } from './load.mjs'
import { startProxy } from './proxy.mjs'

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '20' },
    dumps: { type: 'string', default: '.' },
    inner: { type: 'boolean', default: false },
  },
})
const SECONDS = 60

if (values.inner) await inner()
else await outer()

/** The second proxy, with the callee behind it. */
async function inner() {
  const recorder = new Recorder({ name: 'inner', budget: '64MiB' })
  const callee = await startCallee(SECONDS)
  process.once('exit', () => callee.end())
  const proxy = await startProxy(recorder, { calleePort: callee.port })
  process.send?.({ port: proxy.port })
  await once(process, 'message')
  await proxy.close()
  process.send?.({ dump: recorder.dumpSync(join(values.dumps, 'inner.shdump')) })
  process.exit(0)
}

/** The first proxy, and the callers. */
async function outer() {
  expectSipp()
  const words = ['--inner', '--dumps', values.dumps]
  const second = fork(fileURLToPath(import.meta.url), words)
  const [{ port }] = await once(second, 'message')
  const recorder = new Recorder({ name: 'outer', budget: '64MiB' })
  const proxy = await startProxy(recorder, { calleePort: port })
  const calls = Number(values.calls)
  const made = await makeCalls('answer', { port: proxy.port, calls, rate: 20, seconds: SECONDS })
  const [first] = recorder.list('dialog').histories()
  const dump = recorder.dumpSync(join(values.dumps, 'outer.shdump'))
  await proxy.close()
  second.send('close')
  const [{ dump: other }] = await once(second, 'message')
  console.log(`${made.calls} calls, ${made.failed} failed, by two proxies`)
  console.log(`npx shdb ${dump} ${other} -ex 'timeline ${first?.origin}'`)
  process.exit(made.failed === 0 ? 0 : 1)
}
