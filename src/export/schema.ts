// The columns of the tables that engines keep (Parquet, Arrow), and the version that each table bears in its metadata.

import type { COLUMNS } from './row.ts'

export type Column = (typeof COLUMNS)[number]

/** Raised when a column changes its meaning or goes; a new column at the end is no other version. */
export const SCHEMA_VERSION = '1'
export const SCHEMA_KEY = 'struct-history.schema'

const INTEGERS: readonly Column[] = ['pid', 'tid', 'history', 'index', 't', 'lost']

export const isInteger = (column: Column): boolean => INTEGERS.includes(column)
