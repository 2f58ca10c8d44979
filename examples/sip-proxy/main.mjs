// One command: the proxy with its recorder and its fault hook, and sipp on both sides of it.
//
//   node main.mjs [--bug NAME] [--like NAME] [--load NAME[:SHARE],…] [--calls N] [--rate N] [--dumps DIRECTORY] [--dump]
//
// --like takes the load and the settings of a bug, and not the bug. Without --bug it ends with exit status 0 and nothing left. With it the proxy crashes, or keeps what it should have let go;
// either way there is a dump. --dump writes one in any case.

import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Recorder } from 'struct-history'
import { dumpOnFault } from 'struct-history/faults'
import { BUGS } from './bugs.mjs'
import { expectSipp, makeCalls, startCallee } from './load.mjs'
import { startProxy } from './proxy.mjs'

const { values } = parseArgs({
  options: {
    bug: { type: 'string', default: '' },
    like: { type: 'string', default: '' },
    load: { type: 'string' },
    calls: { type: 'string', default: '4000' },
    rate: { type: 'string', default: '400' },
    seconds: { type: 'string', default: '60' },
    dumps: { type: 'string', default: '.' },
    dump: { type: 'boolean', default: false },
  },
})

async function main() {
  expectSipp()
  const like = values.bug || values.like
  const bug = BUGS[like]
  if (like !== '' && !bug)
    throw new Error(`There is no bug "${like}", only ${Object.keys(BUGS).join(', ')}`)
  const recorder = new Recorder({ name: 'sip-proxy', budget: '128MiB' })
  dumpOnFault(recorder, { directory: values.dumps, file: 'sip-proxy' })
  const callee = await startCallee(Number(values.seconds) + 30)
  process.once('exit', () => callee.end())
  const { settings, mailbox } = bug ?? {}
  const proxy = await startProxy(recorder, {
    calleePort: callee.port,
    bug: values.bug,
    ...(settings ? { settings } : {}),
    ...(mailbox ? { mailbox } : {}),
  })
  console.log(
    `sip-proxy: pid ${process.pid}, 127.0.0.1:${proxy.port}, UDP and TCP; callee at ${callee.port}`,
  )

  const before = process.cpuUsage()
  const began = performance.now()
  const total = Number(values.calls)
  const shares = (values.load ?? bug?.load ?? 'answer').split(',').map((word) => {
    const [load, share = '1'] = word.split(':')
    return { load, share: Number(share) }
  })
  const parts = shares.reduce((sum, { share }) => sum + share, 0)
  const made = await Promise.all(
    shares.map(({ load, share }) =>
      makeCalls(load, {
        port: proxy.port,
        calls: Math.max(1, Math.round((total * share) / parts)),
        rate: Math.max(1, Math.round((Number(values.rate) * share) / parts)),
        seconds: Number(values.seconds),
      }),
    ),
  )
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(before)
  const left = await proxy.close()
  callee.end()
  const calls = made.reduce((sum, part) => sum + part.calls, 0)
  const failed = made.reduce((sum, part) => sum + part.failed, 0)
  const cpu = (user + system) / calls
  console.log(
    `sip-proxy: ${calls} calls in ${seconds.toFixed(1)} s, ${failed} failed, ${left.messages} messages, ` +
      `${left.overload} refused by full mailboxes, ${cpu.toFixed(0)} us of CPU a call`,
  )
  for (const { load, errors } of made)
    if (errors && failed) console.log(`sipp, ${load}: ${errors.slice(0, 300)} ...`)
  const { connections, transactions, dialogs } = left
  const live = connections.live + transactions.live + dialogs.live
  console.log(
    `sip-proxy: opened ${connections.opened} connections, ${transactions.opened} transactions, ${dialogs.opened} dialogs; ` +
      `left ${connections.live}, ${transactions.live}, ${dialogs.live}`,
  )
  if (live > 0 || values.dump) {
    const dump = recorder.dumpSync(join(values.dumps, `sip-proxy.${process.pid}.left.shdump`))
    console.log(`sip-proxy: ${live} left when the load was over: dumped to ${dump}`)
  }
  process.exit(live === 0 && failed === 0 ? 0 : 1)
}

main()
