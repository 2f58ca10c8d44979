// What the real gdb 13 says to settings, logs, pipes, scripts and completion in batch:
//
//   node test/terminal/record.mjs        writes test/terminal/recorded.json

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const here = (name) => join(import.meta.dirname, name)
const { files, cases } = JSON.parse(readFileSync(here('cases.json'), 'utf8'))

const recorded = cases.map((commands) => {
  const folder = mkdtempSync(join(tmpdir(), 'gdb-'))
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    const words = ['-q', '-nx', '-batch', ...commands.flatMap((each) => ['-ex', each])]
    const { stdout, stderr, status, error } = spawnSync('gdb', words, {
      cwd: folder,
      input: '',
      encoding: 'utf8',
      env: { ...process.env, HOME: folder, SHELL: '/bin/sh', LC_ALL: 'C.UTF-8' },
    })
    if (error) throw error
    return { commands, out: stdout, err: stderr, code: status }
  } finally {
    rmSync(folder, { recursive: true })
  }
})
writeFileSync(here('recorded.json'), `${JSON.stringify(recorded, null, 2)}\n`)
