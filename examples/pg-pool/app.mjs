// A service that forgets to give a client of its pool back, where a query fails. Nobody sees it until the pool is empty, and then
// it is some other request that fails.
//
//   DATABASE_URL=postgresql://… node --import struct-history/register app.mjs

import { createServer } from 'node:http'
import process from 'node:process'
import pg from 'pg'

const CLIENTS = 4
const REQUESTS = 200
/** One user in so many has no number. */
const STRANGERS = 40

const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: CLIENTS,
  connectionTimeoutMillis: 1000,
})

const server = createServer(async (request, response) => {
  const id = new URL(request.url ?? '/', 'http://localhost').searchParams.get('id')
  response.end(JSON.stringify(await userOf(id)))
})

async function userOf(id) {
  const client = await pool.connect()
  try {
    const { rows } = await client.query('select $1::int as id', [id])
    client.release()
    return rows[0]
  } catch {
    // BUG: and the client?
    return { error: 'no such user' }
  }
}

server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address()
  for (let n = 1; n <= REQUESTS; n++) {
    const id = n % STRANGERS === 0 ? 'none' : n
    await (await fetch(`http://127.0.0.1:${port}/user?id=${id}`)).text()
  }
  console.log(`${REQUESTS} requests were answered`)
  process.exit(0)
})
