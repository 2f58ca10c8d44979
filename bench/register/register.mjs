// What struct-history/register costs a service that does nothing else: CPU of the server for a request, with and without it
// in turns, a process each.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { fileURLToPath } from 'node:url'
import { quartiles } from '../suite/statistics.mjs'

const SERVER = fileURLToPath(new URL('./server.program.mjs', import.meta.url))
const REGISTER = new URL('../../build/register/index.js', import.meta.url).href
const CONNECTIONS = 16
const WARM = 3000

/** What is recorded. */
const MODES = {
  nothing: {},
  'as it is': { STRUCT_HIST_RECORD: '' },
  'and timers': { STRUCT_HIST_RECORD: '+timers' },
}

/** By effort: how often each takes its turn, and how many requests a turn has. */
const EFFORTS = {
  full: { rounds: 9, requests: 12_000 },
  quick: { rounds: 3, requests: 6_000 },
  tiny: { rounds: 1, requests: 200 },
}

/** @param {'full' | 'quick' | 'tiny'} effort */
export async function measureRegister(effort, say = (_line) => {}) {
  const { rounds, requests } = EFFORTS[effort]
  const names = Object.keys(MODES)
  const costs = new Map(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 ? [...names].reverse() : names) {
      const cost = await microsOfRequest(MODES[name], requests)
      costs.get(name).push(cost)
      say(`register, round ${round + 1}, ${name}: ${cost.toFixed(1)} us a request`)
    }
  }
  const bare = costs.get('nothing')
  return names.map((name) => ({
    name,
    micros: quartiles(costs.get(name)),
    ratio: quartiles(costs.get(name).map((cost, round) => cost / bare[round])),
  }))
}

async function microsOfRequest(environment, requests) {
  const isRecorded = 'STRUCT_HIST_RECORD' in environment
  const server = fork(SERVER, {
    execArgv: isRecorded ? ['--import', REGISTER] : [],
    env: { ...process.env, ...environment },
  })
  const [{ port }] = await once(server, 'message')
  await load(port, WARM)
  server.send('begin')
  await load(port, requests)
  const answer = once(server, 'message')
  server.send('end')
  const [{ cpu }] = await answer
  return cpu / requests
}

async function load(port, requests) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  let left = requests
  const one = () =>
    new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port, path: '/hello?n=1', agent }, (response) => {
        response.resume().on('end', resolve)
      }).on('error', reject)
    })
  const caller = async () => {
    while (left-- > 0) await one()
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, caller))
  agent.destroy()
}
