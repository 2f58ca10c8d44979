// DuckDB in this process: rows as plain objects.

import { DuckDBInstance } from '@duckdb/node-api'

export type Cell = string | number | bigint | boolean | null

/** Answers of a database of its own, numbers as numbers where they fit. */
export async function asked(sql: string): Promise<Record<string, Cell>[]> {
  const database = await DuckDBInstance.create(':memory:')
  const connection = await database.connect()
  try {
    const rows = (await connection.runAndReadAll(sql)).getRowObjectsJS()
    return rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, plain(cell)])),
    )
  } finally {
    connection.closeSync()
    database.closeSync()
  }
}

const plain = (cell: unknown): Cell =>
  typeof cell === 'bigint' && Number.isSafeInteger(Number(cell)) ? Number(cell) : (cell as Cell)
