// Three pools of real libraries; of each a client is taken and given back, and of pg's one is never given back.

import { createRequire } from 'node:module'
import process from 'node:process'

const require = createRequire(new URL('../../ci/pools/package.json', import.meta.url))
const { Pool: TarnPool } = require('tarn')
const { createPool } = require('generic-pool')
const { Pool } = require('pg')

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 2 })

async function report() {
  const client = await pool.connect()
  const { rows } = await client.query('select 1 as one')
  if (rows[0].one === 1) client.release()
}

async function forget() {
  await pool.connect()
}

await pool.query('select 2')
await report()
await forget()
await new Promise((resolve, reject) => {
  pool.connect((error, _client, done) => {
    if (error) return reject(error)
    done()
    resolve()
  })
})

const tarn = new TarnPool({ create: () => ({}), destroy: () => {}, min: 0, max: 1 })
tarn.release(await tarn.acquire().promise)
await tarn.destroy()

const generic = createPool({ create: async () => ({}), destroy: async () => {} }, { max: 1 })
const resource = await generic.acquire()
await generic.release(resource)
await generic.drain()

process.exit(3)
