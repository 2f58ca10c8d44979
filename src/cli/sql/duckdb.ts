// DuckDB, where it is installed: an optional peer, loaded when it is asked for.

import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as DuckDB from '@duckdb/node-api'
import { CommandError } from '../../inspector/index.ts'

const PACKAGE = '@duckdb/node-api'

/** Beside this command, or in the folder that it is called in. */
export async function loadDuckDB(): Promise<typeof DuckDB> {
  const here = pathToFileURL(join(process.cwd(), 'shdb.js')).href
  for (const from of [import.meta.url, here]) {
    try {
      const path = createRequire(from).resolve(PACKAGE)
      return await import(pathToFileURL(path).href)
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code === 'MODULE_NOT_FOUND' && message.includes(PACKAGE)) continue
      throw new CommandError(`Cannot load ${PACKAGE}: ${message}`)
    }
  }
  throw new CommandError(`DuckDB is not installed.  Install it with:\n  npm install ${PACKAGE}`)
}
