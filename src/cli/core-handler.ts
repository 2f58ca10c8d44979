// shdb core-handler PID: what the kernel runs when a process dies (core_pattern). The dying process is still there, so its
// recorders are read out of its memory; the core itself, gigabytes of it, is never written, and the process is gone at once.

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Image } from '../inspect.ts'
import { CommandError } from '../inspector/index.ts'
import { messageOf } from '../prompt/run.ts'
import { patternLines } from './doctor.ts'
import { writeNewFile } from './new-file.ts'
import { writeOut } from './output.ts'
import { openProcess, processNumber } from './process.ts'
import { stamp } from './snapshot.ts'
import { parseWords } from './words.ts'

const FOLDER = '/var/lib/shdb'
const FOLDER_MODE = 0o700
const FILES_MAX = 32
const USAGE = `Usage: shdb core-handler [-d DIR] [-max N] PID

For /proc/sys/kernel/core_pattern.  Writes the recorders of a dying process to
DIR/NAME.PID.TIME.shdump (DIR: ${FOLDER}), mode 0600, as long as there are
fewer than N of them (${FILES_MAX}), and lets the process go.  A process without
a recorder leaves nothing.  What it did is in the kernel's log (dmesg).

As root:
${patternLines()
  .map((line) => `  ${line}`)
  .join('\n')}
`
const OURS = /\.shdump$/
/** What a file name may be made of. */
const PLAIN = /[^\w.-]+/g
const NAME_CHARACTERS_MAX = 64

export async function runCoreHandler(argv: readonly string[]): Promise<number> {
  const { options, rest } = parseWords(argv, ['directory', 'max'], ['help'])
  const [pid, more] = rest
  if (options.has('help') || (pid === undefined && argv.length === 0)) {
    writeOut(USAGE)
    return 0
  }
  if (pid === undefined || more !== undefined) throw new CommandError('expected one PID')
  const most = options.get('max') ?? `${FILES_MAX}`
  if (!/^\d+$/.test(most)) throw new CommandError(`-max must be a number of files, got ${most}`)
  const folder = options.get('directory') ?? FOLDER
  try {
    tell(await keep(processNumber(pid), folder, Number(most)))
    return 0
  } catch (error) {
    // Nobody reads what a handler prints.
    tell(`process ${pid}: ${messageOf(error)}`)
    throw error
  }
}

async function keep(pid: number, folder: string, most: number): Promise<string> {
  const { images } = await openProcess(pid)
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE })
  const there = readdirSync(folder).filter((name) => OURS.test(name)).length
  if (there >= most)
    return `process ${pid}: recorders not kept: ${folder} has ${there} dumps, and -max is ${most}`
  const name = (images[0]?.name ?? '').replaceAll(PLAIN, '_').slice(0, NAME_CHARACTERS_MAX)
  const file = join(folder, `${name || 'recorder'}.${pid}.${stamp(new Date())}.shdump`)
  const length = writeNewFile(file, parts(images))
  return `process ${pid}: ${images.length} recorders, ${length} bytes, in ${file}`
}

function* parts(images: readonly Image[]): Generator<Uint8Array, void, undefined> {
  for (const image of images) yield image.bytes(image.base, image.size)
}

/** To the kernel's log, where the machine lets us; and to standard output, for those who run it by hand. */
function tell(text: string): void {
  const line = `shdb: ${text.split('\n')[0]}`
  try {
    writeFileSync('/dev/kmsg', `${line}\n`, { flag: 'a' })
  } catch {
    // Not every container has one.
  }
  writeOut(`${line}\n`)
}
