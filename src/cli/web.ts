// shdb web [IMAGE…]: the page, in the browser, with these images in it.

import { spawn } from 'node:child_process'
import {
  closeSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { CommandError } from '../inspector/index.ts'
import { inHome, reason } from './files.ts'
import { writeError, writeOut } from './output.ts'
import { openProcess, processNumber } from './process.ts'
import { type ServedBytes, type ServedImage, serve } from './web-server.ts'
import { parseWords } from './words.ts'

const USAGE = `Usage: shdb web [--open] [-p PID] [IMAGE]...

Shows dumps, cores and other images in a page of your browser.  Prints the address
of the page, which has a secret in it: nobody without it sees anything, and
nobody on other machines at all.  Nothing leaves this machine.  Ctrl-C ends it.

  --open   Opens the browser, too.
  -p PID   The recorders of a running process, as they are at each reload.
`

/** Beside this file's folder, as built. */
const PAGE = fileURLToPath(new URL('../page/', import.meta.url))

export async function runWeb(argv: readonly string[]): Promise<number> {
  const { options, rest } = parseWords(argv, ['p'], ['open', 'help'])
  if (options.has('help')) {
    writeOut(USAGE)
    return 0
  }
  const pid = options.get('p')
  const images = rest.map(fileImage)
  if (pid !== undefined) images.push(await processImage(processNumber(pid)))
  const server = await serve(PAGE, images)
  const what = images.length === 0 ? 'The page' : images.map(({ name }) => name).join(', ')
  writeOut(`${what}: ${server.url}\nCtrl-C ends it.\n`)
  const opened = options.has('open') ? openBrowser(server.url) : undefined
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
  opened?.()
  await server.close()
  return 0
}

/** The file that has this name now, whatever comes to have it later. */
function fileImage(name: string): ServedImage {
  const path = inHome(name)
  try {
    const file = openSync(path, 'r')
    if (!fstatSync(file).isFile()) {
      closeSync(file)
      throw new CommandError(`${name}: Not a regular file.`)
    }
    const read = (offset: number, into: Uint8Array): number =>
      readSync(file, into, 0, into.length, offset)
    return {
      name: basename(path),
      open: () => ({ length: fstatSync(file).size, read }),
      close: () => closeSync(file),
    }
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(`${name}: ${reason(error)}`)
  }
}

/** All its recorders, one after the other, as in a dump of several. Fails now if there are none. */
async function processImage(pid: number): Promise<ServedImage> {
  const { images, process: running } = await openProcess(pid)
  return {
    name: `process ${pid}`,
    open(): ServedBytes {
      // Of that process, whatever later comes to have its number.
      const now = images.map((image) => running?.reread(image) ?? image)
      const bytes = Buffer.concat(now.map((image) => image.bytes(image.base, image.size)))
      return {
        length: bytes.length,
        read: (offset, into) => bytes.copy(into, 0, offset, offset + into.length),
      }
    },
    close() {},
  }
}

/**
 * By a private file that leads there: the arguments of a program, the secret with them, are seen by every user of the
 * machine. Answers what takes it away again.
 */
function openBrowser(url: string): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'shdb-'))
  const file = join(folder, 'open.html')
  writeFileSync(file, `<!doctype html><meta http-equiv="refresh" content="0;url=${url}">\n`, {
    mode: 0o600,
  })
  const command = process.platform === 'darwin' ? 'open' : 'xdg-open'
  const child = spawn(command, [pathToFileURL(file).href], { stdio: 'ignore', detached: true })
  child.once('error', () =>
    writeError(`warning: Cannot run ${command}: open the address yourself.\n`),
  )
  child.unref()
  return () => rmSync(folder, { recursive: true, force: true })
}
