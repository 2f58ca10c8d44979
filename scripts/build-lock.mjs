// Several builds of one tree at once (an editor, a test run, a second shell) must not write into each other.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const DEADLINE_MS = 90_000

/** Runs `work` while no other process runs its own under the same folder. The lock of a dead process is taken over. */
export async function withLock(folder, work) {
  const deadline = Date.now() + DEADLINE_MS
  while (!claim(folder)) {
    if (Date.now() > deadline)
      throw new Error(`Another build holds ${folder} since ${DEADLINE_MS / 1000} s`)
    await sleep(100)
  }
  try {
    return await work()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function claim(folder) {
  const holder = join(folder, 'pid')
  try {
    mkdirSync(folder)
    writeFileSync(holder, String(process.pid))
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  if (!isAlive(holder)) rmSync(folder, { recursive: true, force: true })
  return false
}

function isAlive(holder) {
  try {
    process.kill(Number(readFileSync(holder, 'utf8')) || process.pid, 0)
    return true
  } catch (error) {
    // Not written yet: its owner has just made the folder.
    return error.code === 'ENOENT' || error.code === 'EPERM'
  }
}
