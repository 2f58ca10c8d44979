// shdb snapshot PID -o FILE: the recorders of a running process, kept. gcore would write the gigabytes that engines reserve.

import { CommandError } from '../inspector/index.ts'
import { writeNewFile } from './new-file.ts'
import { writeOut } from './output.ts'
import { openProcess, processNumber } from './process.ts'
import { chosen } from './recorders.ts'
import { parseWords } from './words.ts'

const USAGE = 'Usage: shdb snapshot PID [-o FILE] [-recorder N|NAME]\n'

export async function runSnapshot(argv: readonly string[]): Promise<number> {
  const { options, rest } = parseWords(argv, ['output', 'recorder'], ['help'])
  if (options.has('help')) {
    writeOut(USAGE)
    return 0
  }
  const [text, more] = rest
  if (text === undefined || more !== undefined)
    throw new CommandError(`expected one PID\n${USAGE.trim()}`)
  const pid = processNumber(text)
  const found = chosen(await openProcess(pid), options.get('recorder'))
  const file = options.get('output') ?? `${pid}.${stamp(new Date())}.shdump`
  const parts = found.images.map((image) => image.bytes(image.base, image.size))
  const length = writeNewFile(file, parts)
  const names = found.images.map(({ name }) => `"${name}"`).join(', ')
  writeOut(`${file}: ${names}, ${(length / 2 ** 20).toFixed(1)} MiB\n`)
  return 0
}

/** `20261124T041500Z`. */
export const stamp = (time: Date): string =>
  time.toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '')
