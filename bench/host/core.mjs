// SPEC: finding the image in a core takes at most twice as long as reading that file. A real core, of a process that aborted.

import { spawnSync } from 'node:child_process'
import { closeSync, fstatSync, mkdtempSync, openSync, readdirSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { EFFORTS } from '../suite/effort.mjs'
import { quartiles } from '../suite/statistics.mjs'

const PART = Buffer.alloc(4 << 20)

/** -> { ns: finding, floor: reading all of it, ratio: how many times as fast finding is }, one figure for each round. */
export async function findInCore(effort) {
  const { openImages } = await import('../../build/inspect.js')
  const folder = mkdtempSync(join(tmpdir(), 'bench-core-'))
  try {
    const core = coreIn(folder)
    if (core === undefined)
      return { missing: 'no core is written here: "npx shdb doctor" says why' }
    const file = openSync(join(folder, core), 'r')
    try {
      const length = fstatSync(file).size
      const source = {
        length,
        read: (offset, into) => readSync(file, into, 0, into.length, offset),
      }
      const find = () => {
        const [image] = openImages(source, { source: 'core' })
        if (image?.name !== 'full')
          throw new Error('The image in the core is not the one that was recorded')
      }
      const read = () => {
        for (let at = 0; at < length; at += PART.length) readSync(file, PART, 0, PART.length, at)
      }
      // Both from the page cache.
      read()
      find()
      const found = []
      const plain = []
      for (let round = 0; round < EFFORTS[effort].starts; round++) {
        const turns = [() => found.push(timed(find)), () => plain.push(timed(read))]
        for (const turn of round % 2 === 0 ? turns : turns.reverse()) turn()
      }
      const ratio = quartiles(plain.map((time, round) => time / found[round]))
      return { ns: quartiles(found), floor: quartiles(plain), ratio, held: ratio.median }
    } finally {
      closeSync(file)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Its name; undefined where the system writes none. */
function coreIn(folder) {
  const program = resolve('bench/host/crash.program.mjs')
  const command = `ulimit -c unlimited; exec "${process.execPath}" "${program}"`
  spawnSync('bash', ['-c', command], { cwd: folder, stdio: 'ignore' })
  return readdirSync(folder)[0]
}

/** Nanoseconds. */
function timed(act) {
  const from = performance.now()
  act()
  return (performance.now() - from) * 1e6
}
