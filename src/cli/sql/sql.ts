// shdb sql: DuckDB over images, which are tables to it.

import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { CommandError } from '../../inspector/index.ts'
import { inHome, reason } from '../files.ts'
import { Origins } from '../origins.ts'
import { writeError, writeOut } from '../output.ts'
import { parseWords } from '../words.ts'
import { loadDuckDB } from './duckdb.ts'
import { RESULT_FORMATS, type ResultFormat, writeResult } from './results.ts'
import { TABLES, Tables } from './tables.ts'

const USAGE = `Usage: shdb sql [-c SQL | -f FILE] [--format ${RESULT_FORMATS.join('|')}] [--host NAME] IMAGE...

Answers SQL over the images: DuckDB's, with the tables
  events      one row an event, the columns of "shdb export"
  histories   one row a life: ${Object.keys(TABLES.histories).slice(4).join(', ')}
  lists       one row a list, with its counters
  anomalies   one row a finding of "shdb check"
Each has the host, the pid, and the recorder or image that it is of.  Without -c and
-f, statements are read from standard input, each ended by a semicolon.

  -c SQL         these statements
  -f FILE        those of this file
  --format       table (default), csv, json, jsonl
  --host NAME    the machine, instead of what the images say of it
  --syslog FILE  histories out of a log

DuckDB has to be installed: npm install @duckdb/node-api
`

export async function runSql(argv: readonly string[]): Promise<number> {
  const withValue = ['c', 'f', 'format', 'host', 'syslog']
  const { options, all, rest } = parseWords(argv, withValue, ['help'])
  if (options.has('help')) {
    writeOut(USAGE)
    return 0
  }
  const format = (options.get('format') ?? 'table') as ResultFormat
  if (!RESULT_FORMATS.includes(format))
    throw new CommandError(
      `unknown format "${format}", expected one of ${RESULT_FORMATS.join(', ')}`,
    )
  if (rest.length === 0 && !all.has('syslog'))
    throw new CommandError(`expected an image\n${USAGE.split('\n')[0]}`)
  const { DuckDBInstance } = await loadDuckDB()
  const origins = new Origins(rest, all.get('syslog') ?? [], options.get('host'))
  await origins.prepare()
  const database = await DuckDBInstance.create(':memory:')
  const connection = await database.connect()
  const tables = new Tables(connection, origins)
  const remove = () => tables.remove()
  process.once('exit', remove)
  try {
    const given = options.get('c') ?? fileText(options.get('f'))
    if (given !== undefined) await answer(connection, tables, given, format)
    else if (process.stdin.isTTY) await converse(connection, tables, format)
    else await answer(connection, tables, readFileSync(0, 'utf8'), format)
    return 0
  } finally {
    connection.closeSync()
    database.closeSync()
    remove()
  }
}

function fileText(name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  try {
    return readFileSync(inHome(name), 'utf8')
  } catch (error) {
    throw new CommandError(`${name}: ${reason(error)}`)
  }
}

async function answer(
  connection: DuckDBConnection,
  tables: Tables,
  sql: string,
  format: ResultFormat,
): Promise<void> {
  // Where there is no statement, DuckDB fails without a word.
  if (isEmpty(sql)) return
  await tables.makeFor(sql)
  try {
    const statements = await connection.extractStatements(sql)
    for (let at = 0; at < statements.count; at++) {
      const statement = await statements.prepare(at)
      await writeResult(await statement.stream(), format, writeOut)
    }
  } catch (error) {
    // DuckDB's own sentence; its stack would be that of our calls.
    const text = error instanceof Error ? error.message : String(error)
    throw new CommandError(text.replace(/^Failed to extract statements: /, ''))
  }
}

/** Nothing but comments and semicolons. */
const isEmpty = (sql: string): boolean =>
  sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '').replace(/[;\s]/g, '') === ''

/** A prompt: a statement is whole at its semicolon. */
async function converse(
  connection: DuckDBConnection,
  tables: Tables,
  format: ResultFormat,
): Promise<void> {
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  lines.setPrompt('sql> ')
  lines.prompt()
  let sql = ''
  for await (const line of lines) {
    if (sql === '' && /^\s*(\.?quit|\.?exit|q)\s*;?\s*$/.test(line)) break
    sql += `${line}\n`
    if (sql.trim() !== '' && !sql.trimEnd().endsWith(';')) {
      lines.setPrompt('  -> ')
      lines.prompt()
      continue
    }
    try {
      if (sql.trim() !== '') await answer(connection, tables, sql, format)
    } catch (error) {
      writeError(`${error instanceof Error ? error.message : String(error)}\n`)
    }
    sql = ''
    lines.setPrompt('sql> ')
    lines.prompt()
  }
  lines.close()
}
