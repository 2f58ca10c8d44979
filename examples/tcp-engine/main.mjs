// One command: the engine with its recorder and its fault hook, and a load on it.
//
//   node main.mjs [--bug] [--connections N] [--seconds S] [--large-every N] [--dumps DIRECTORY]
//
// Without --bug it ends with exit status 0 and no reference left. With it the engine crashes, as a service does.

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Recorder } from 'struct-history'
import { dumpOnFault } from 'struct-history/faults'
import { startEngine } from './engine.mjs'

const { values } = parseArgs({
  options: {
    bug: { type: 'boolean', default: false },
    connections: { type: 'string', default: '20000' },
    seconds: { type: 'string', default: '10' },
    'large-every': { type: 'string', default: '800' },
    dumps: { type: 'string', default: '.' },
  },
})

// A function, since Bun outlives an uncaught error while a module's top level awaits.
async function main() {
  // 'precise' since this engine wants the microseconds between two threads more than the nanoseconds of a log.
  const recorder = new Recorder({ name: 'tcp-engine', budget: '64MiB', clock: 'precise' })
  dumpOnFault(recorder, { directory: values.dumps, file: 'tcp-engine' })

  const engine = await startEngine(recorder, { bug: values.bug })
  const threads = engine.threads.join(', ')
  console.log(`engine: pid ${process.pid}, 127.0.0.1:${engine.port}, threads: ${threads}`)

  const status = await load(engine.port)
  const { opened, destroyed, live, references } = await engine.close()
  console.log(
    `engine: ${opened} connections opened, ${destroyed} destroyed, ${live} live, ${references} references left`,
  )
  process.exit(status === 0 && live === 0 && references === 0 ? 0 : 1)
}

/**
 * Runs the clients in a process of their own; their exit status.
 * @param {number} port
 */
function load(port) {
  const script = fileURLToPath(new URL('./load.mjs', import.meta.url))
  const runtime = 'Deno' in globalThis ? ['run', '-A'] : []
  const limits = ['connections', 'seconds', 'large-every'].flatMap((name) => [
    `--${name}`,
    values[name],
  ])
  const clients = spawn(process.execPath, [...runtime, script, String(port), ...limits], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return new Promise((resolve) => clients.once('exit', resolve))
}

main()
