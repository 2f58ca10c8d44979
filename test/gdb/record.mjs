// Runs every script of scripts/*.txt through the real gdb and keeps what it printed: stdout, and the last line of stderr.
// `node test/gdb/record.mjs` with gdb 13 installed; the recording is committed, so the test itself needs no gdb.
// Scripts in one file are separated by empty lines; a line of one dot stands for an empty line inside a script.
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const here = import.meta.dirname
const work = mkdtempSync(join(tmpdir(), 'gdb-record-'))

// Without a program gdb takes the machine for an i386; the examples and shdb are of 64 bits.
const options = ['-q', '-batch', '-nx', '-iex', 'set architecture i386:x86-64', '-x', 'script.gdb']

// `record.mjs lines` leaves out the scripts, which take a process each and many minutes; `record.mjs 11-blocks` takes the
// scripts of that file alone, and keeps what is recorded of the others.
const wanted = process.argv[2]
const isLinesOnly = wanted === 'lines'
const recorded = join(here, 'recorded.json')
const cases = []
for (const file of readdirSync(join(here, 'scripts')).sort()) {
  if (!file.endsWith('.txt') || (wanted !== undefined && file !== `${wanted}.txt`)) continue
  for (const block of readFileSync(join(here, 'scripts', file), 'utf8').split(/\n\n+/)) {
    const script = block
      .split('\n')
      .map((line) => (line === '.' ? '' : line))
      .filter((line) => !line.startsWith('##'))
    while (script.at(-1) === '') script.pop()
    if (script.length > 0) cases.push({ file: file.replace('.txt', ''), script })
  }
}

async function record(entry, worker) {
  const folder = join(work, String(worker))
  writeFileSync(join(folder, 'script.gdb'), `${entry.script.join('\n')}\n`)
  const { stdout, stderr } = await run('gdb', options, { cwd: folder, timeout: 20_000 }).catch(
    (error) => error,
  )
  entry.stdout = stdout.slice(stdout.indexOf('\n') + 1)
  entry.error = stderr.trimEnd().split('\n').at(-1) ?? ''
}

let next = 0
await Promise.all(
  [0, 1].map(async (worker) => {
    mkdirSync(join(work, String(worker)))
    while (next < cases.length) await record(cases[next++], worker)
  }),
)
if (wanted === undefined || isLinesOnly) {
  recordLines()
  recordStructs()
}
rmSync(work, { recursive: true })
if (!isLinesOnly) {
  const others = wanted === undefined ? [] : JSON.parse(readFileSync(recorded, 'utf8'))
  const all = [...others.filter(({ file }) => file !== wanted), ...cases]
  writeFileSync(recorded, `${JSON.stringify(all, null, 1)}\n`)
}
console.log(`${cases.length} scripts recorded`)

// lines/*.txt: a session each, a line after another, errors ending nothing. What each line wrote, errors included.
function recordLines() {
  const mark = '@@@@'
  const sessions = readdirSync(join(here, 'lines'))
    .sort()
    .map((file) => {
      const lines = readFileSync(join(here, 'lines', file), 'utf8')
        .trimEnd()
        .split('\n')
      const commands = ['set architecture i386:x86-64', `echo ${mark}`]
      for (const line of lines) commands.push(line, `echo ${mark}`)
      const parameters = ['-q', '-batch', '-nx', ...commands.flatMap((each) => ['-ex', each])]
      const { stdout } = spawnSync('sh', ['-c', 'exec "$@" 2>&1', 'sh', 'gdb', ...parameters], {
        encoding: 'utf8',
        maxBuffer: 1 << 26,
      })
      const written = stdout.split(mark).slice(1)
      return { file: file.replace('.txt', ''), lines: lines.map((line, at) => [line, written[at]]) }
    })
  writeFileSync(join(here, 'recorded-lines.json'), `${JSON.stringify(sessions, null, 1)}\n`)
  console.log(`${sessions.flatMap((each) => each.lines).length} lines recorded`)
}

// structs.txt: one session, a line after another, over the memory of structs.c. What each line wrote, errors included.
function recordStructs() {
  const program = join(work, 'structs')
  execFileSync('cc', ['-g', '-O0', '-w', '-o', program, join(here, 'structs.c')])
  const lines = readFileSync(join(here, 'structs.txt'), 'utf8').trimEnd().split('\n')
  const mark = '@@@@'
  const commands = ['break stop', 'run', 'set $sh = sh', 'set $shl = shl', `echo ${mark}`]
  for (const line of lines) commands.push(line, `echo ${mark}`)
  const { stdout } = spawnSync(
    'sh',
    [
      '-c',
      'exec "$@" 2>&1',
      'sh',
      'gdb',
      '-q',
      '-batch',
      '-nx',
      ...commands.flatMap((each) => ['-ex', each]),
      program,
    ],
    { encoding: 'utf8' },
  )
  const written = stdout.split(mark).slice(1)
  const recorded = lines.map((line, index) => ({ line, written: written[index] }))
  writeFileSync(join(here, 'recorded-structs.json'), `${JSON.stringify(recorded, null, 1)}\n`)
  console.log(`${recorded.length} lines on structures recorded`)
}
