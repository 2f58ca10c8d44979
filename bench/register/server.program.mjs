// A service as small as services get: what is recorded of it weighs most here. Tells its CPU when it is told to end.

import { createServer } from 'node:http'
import process from 'node:process'

const server = createServer((_request, response) => {
  response.setHeader('content-type', 'text/plain')
  response.end('hello')
})
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }))

let before = process.cpuUsage()
process.on('message', (word) => {
  if (word === 'begin') before = process.cpuUsage()
  if (word === 'end') {
    const { user, system } = process.cpuUsage(before)
    process.send?.({ cpu: user + system }, () => process.exit(0))
  }
})
