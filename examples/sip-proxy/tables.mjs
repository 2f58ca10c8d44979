// The three tables that all threads share, and what limits them.

import { Cells } from './cells.mjs'
import { Dialogs } from './dialogs.mjs'
import { Transactions } from './transactions.mjs'

const CONNECTIONS = 2048
const TRANSACTIONS = 16384
const DIALOGS = 8192

export function allocateTables() {
  return {
    connections: Cells.allocate(CONNECTIONS),
    transactions: Transactions.allocate(TRANSACTIONS),
    dialogs: Cells.allocate(DIALOGS),
  }
}

/**
 * @param {ReturnType<typeof allocateTables>} memory
 * @param {import('./histories.mjs').Histories} histories
 * @param {() => number} now milliseconds since the proxy began
 */
export function openTables(memory, histories, now) {
  const { connections: list, verbs } = histories
  const connections = new Cells(memory.connections, {
    name: 'connection',
    address: 0x7f95acf00000,
    list,
    verbs,
  })
  const dialogs = new Dialogs(memory.dialogs, histories)
  const transactions = new Transactions(memory.transactions, histories, {
    connections,
    dialogs,
    now,
  })
  return { connections, dialogs, transactions }
}
