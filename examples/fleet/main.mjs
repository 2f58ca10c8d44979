// A fleet on one machine: a hundred processes leave their dumps and their part of a lake; DuckDB answers over all of them.
//
//   node main.mjs [--processes N] [--folder FOLDER]

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'

const AT_A_TIME = 4
const ROWS_SHOWN = 5

const { values } = parseArgs({
  options: { processes: { type: 'string', default: '100' }, folder: { type: 'string' } },
})
const file = (name) => fileURLToPath(new URL(name, import.meta.url))
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'fleet-'))
mkdirSync(join(folder, 'dumps'), { recursive: true })

await runFleet(Number(values.processes))
await ask()

async function runFleet(processes) {
  const began = performance.now()
  let next = 0
  const runSome = async () => {
    while (next < processes) {
      const child = spawn(process.execPath, [file('service.mjs'), `${next++}`, folder], {
        stdio: 'inherit',
      })
      const [status] = await once(child, 'exit')
      if (status !== 0) throw new Error(`a service ended with ${status}`)
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, runSome))
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`${processes} processes left dumps and partitions in ${folder}, in ${seconds} s\n`)
}

async function ask() {
  const database = await DuckDBInstance.create(':memory:')
  const connection = await database.connect()
  const lake = join(folder, 'lake/**/*.parquet').replaceAll("'", "''")
  await connection.run(
    `CREATE VIEW events AS SELECT * FROM read_parquet('${lake}', hive_partitioning = true)`,
  )
  await connection.run(readFileSync(file('views.sql'), 'utf8'))
  for (const question of readFileSync(file('questions.sql'), 'utf8').split(/^-- /m).slice(1)) {
    const [title, ...sql] = question.split('\n')
    const began = performance.now()
    const rows = (await connection.runAndReadAll(sql.join('\n'))).getRowObjectsJson()
    console.log(`${title}: ${rows.length} rows in ${(performance.now() - began).toFixed(0)} ms`)
    for (const row of rows.slice(0, ROWS_SHOWN)) console.log(`  ${JSON.stringify(row)}`)
    if (rows.length > ROWS_SHOWN) console.log(`  ... and ${rows.length - ROWS_SHOWN} more`)
    console.log()
  }
  connection.closeSync()
  database.closeSync()
}
