// A small service and who calls it, in one process: what struct-history/register is to record, without a line for it.

import { createServer, get } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'

const server = createServer((request, response) => {
  if (request.url.startsWith('/never')) return request.socket.destroy()
  response.end('hello')
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address()

await new Promise((resolve) => {
  get({ host: '127.0.0.1', port, path: '/asked?token=secret', agent: false }, (response) => {
    response.resume().on('end', resolve)
  })
})
await new Promise((resolve) => {
  get({ host: '127.0.0.1', port, path: '/never', agent: false }).on('error', resolve)
})
await (await fetch(`http://127.0.0.1:${port}/fetched?token=secret`)).text()

await new Promise((resolve) => {
  const worker = new Worker(new URL('./worker.program.mjs', import.meta.url), {
    workerData: { port },
  })
  worker.on('exit', resolve)
})

await new Promise((resolve) => {
  connect(1, '127.0.0.1').on('error', resolve)
})
// Left open when the process ends.
const leaked = connect(port, '127.0.0.1')
await new Promise((resolve) => leaked.on('connect', resolve))
await wait(50)
process.exit(3)
