// Throws scripts at the real gdb and at shdb and shows where they differ: what to mend, before it is recorded.
//   node test/gdb/compare.mjs lines FILE      each line for itself, many in one session; errors end nothing
//   node test/gdb/compare.mjs structs FILE    the same, over structs.c and an image of the same content
//   node test/gdb/compare.mjs scripts FILE    scripts as in scripts/*.txt, a process each
// FILE may be - : standard input.
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'

const run = promisify(execFile)
const here = import.meta.dirname
const work = mkdtempSync(join(tmpdir(), 'gdb-compare-'))
const MARK = '@~@~@'
const SHOWN = 2000
const LINES_AT_ONCE = Number(process.env.LINES ?? 400)
const ARCHITECTURE = ['-iex', 'set architecture i386:x86-64']
const OPTIONS = ['-q', '-batch', '-nx']

/** What the tests run shdb with, bundled for plain Node. */
async function support() {
  const outfile = join(work, 'shdb.mjs')
  const stdin = {
    contents: `export * from './test/support/shdb.ts'
      export * from './test/support/fake-image.ts'
      export * from './src/inspector/index.ts'`,
    resolveDir: join(here, '../..'),
  }
  await build({ stdin, bundle: true, format: 'esm', platform: 'node', outfile, logLevel: 'error' })
  return import(outfile)
}

function gdbLines(lines, setUp, program) {
  const commands = [...setUp, `echo ${MARK}`]
  for (const line of lines) commands.push(line, `echo ${MARK}`)
  const parameters = [...OPTIONS, ...ARCHITECTURE, ...commands.flatMap((each) => ['-ex', each])]
  if (program !== undefined) parameters.push(program)
  const { stdout } = spawnSync('sh', ['-c', 'exec "$@" 2>&1', 'sh', 'gdb', ...parameters], {
    maxBuffer: 1 << 28,
    encoding: 'utf8',
  })
  return stdout.split(MARK).slice(1)
}

async function shdbLines(shdb, lines, isStructs) {
  const host = shdb.recordingHost()
  const runner = new shdb.Runner(host)
  if (isStructs) {
    runner.session.attach(shdb.tcpImage())
    await runner.execute('set $sh = history(0x7f95acf6ea60)')
    await runner.execute('set $shl = list("TCP con")')
  }
  const written = []
  for (const line of lines) {
    host.stdout = ''
    host.stderr = ''
    // One stream, as gdb's.
    host.writeError = (text) => host.write(text)
    try {
      await runner.execute(line)
    } catch (error) {
      if (error instanceof shdb.CommandError) host.stdout += `${error.message}\n`
      else if (!(error instanceof shdb.QuitRequest)) host.stdout += `OURS: ${error.stack}\n`
    }
    written.push(host.stdout)
  }
  return written
}

const unnumbered = (text) => text?.replace(/^\$\d+ = /gm, '$N = ')

function report(differences, total) {
  for (const { script, gdb, ours } of differences) {
    const [real, own] = [gdb, ours].map((text) => JSON.stringify(text)?.slice(0, SHOWN))
    console.log(`${script}\n  gdb:  ${real}\n  shdb: ${own}`)
  }
  console.log(`${total} compared, ${differences.length} differ`)
}

async function compareLines(shdb, text, isStructs) {
  const lines = text.split('\n').filter((each) => each !== '')
  let setUp = []
  let program
  if (isStructs) {
    program = join(work, 'structs')
    execFileSync('cc', ['-g', '-O0', '-w', '-o', program, join(here, 'structs.c')])
    setUp = ['break stop', 'run', 'set $sh = sh', 'set $shl = shl']
  }
  const differences = []
  for (let at = 0; at < lines.length; at += LINES_AT_ONCE) {
    const some = lines.slice(at, at + LINES_AT_ONCE)
    const gdb = gdbLines(some, setUp, program)
    const ours = await shdbLines(shdb, some, isStructs)
    some.forEach((script, index) => {
      if (unnumbered(gdb[index]) === unnumbered(ours[index])) return
      differences.push({ script, gdb: gdb[index], ours: ours[index] })
    })
  }
  report(differences, lines.length)
}

async function compareScripts(shdb, text) {
  const scripts = text
    .split(/\n\n+/)
    .map((block) => block.split('\n').map((line) => (line === '.' ? '' : line)))
    .map((lines) => lines.slice(0, lines.findLastIndex((line) => line !== '') + 1))
    .filter((lines) => lines.length > 0)
  const differences = []
  let next = 0
  const worker = async (number) => {
    const folder = join(work, String(number))
    mkdirSync(folder)
    while (next < scripts.length) {
      const lines = scripts[next++]
      const file = ['-x', 'script.gdb']
      writeFileSync(join(folder, 'script.gdb'), `${lines.join('\n')}\n`)
      const result = await run('gdb', [...OPTIONS, ...ARCHITECTURE, ...file], {
        cwd: folder,
        timeout: 20_000,
      }).catch((error) => error)
      const gdb = result.stdout.slice(result.stdout.indexOf('\n') + 1) + result.stderr
      let ours
      try {
        const { stdout, stderr } = await shdb.runScript(lines)
        ours = stdout + stderr
      } catch (error) {
        ours = `OURS: ${error.stack}`
      }
      if (gdb !== ours) differences.push({ script: lines.join('\n'), gdb, ours })
    }
  }
  await Promise.all([worker(0), worker(1)])
  report(differences, scripts.length)
}

const [mode, file] = process.argv.slice(2)
try {
  const text = readFileSync(file === '-' ? 0 : file, 'utf8')
  const shdb = await support()
  if (mode === 'scripts') await compareScripts(shdb, text)
  else await compareLines(shdb, text, mode === 'structs')
} finally {
  rmSync(work, { recursive: true })
}
