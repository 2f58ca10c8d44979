// What the pages show of sessions: typed again, and compared with what the page shows.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Recorder } from '../../src/index.ts'
import { type Image, openImage } from '../../src/inspect.ts'
import { busyImage, tcpImage } from '../support/fake-image.ts'
import { raceImage } from '../support/race-image.ts'
import { runScript } from '../support/shdb.ts'
import { typed } from './commands.ts'
import type { World } from './world.ts'

/** `<!-- image: NAME -->` */
export const IMAGES: Readonly<Record<string, () => Image>> = {
  race: raceImage,
  tcp: tcpImage,
  busy: busyImage,
  polling() {
    const recorder = new Recorder({ name: 'repeats', thread: 'main', budget: '512KiB' })
    const verbs = recorder.verbs({ POLL: 0, FAIL: 0 })
    const history = recorder.list('jobs', { coalesce: true }).push(0x10)
    for (let n = 0; n < 40; n++) history.log(verbs.POLL, 'poll %d', 3)
    history.log(verbs.FAIL, 'timeout')
    return openImage(recorder.snapshot())
  },
  sites() {
    const recorder = new Recorder({ thread: 'main', budget: '512KiB' })
    const { TCP_REF } = recorder.verbs({ TCP_REF: +1 })
    const history = recorder.list('TCP con').push(0x10, 'src/conn.ts:12:open')
    history.log(TCP_REF, 'connect, (%d)\0src/conn.ts:41:accept', 1)
    return openImage(recorder.snapshot())
  },
}

/** Numbers are those of a run, and so are the widths of columns. */
export const shape = (text: string): string =>
  text
    .replace(/0x[0-9a-f]+|\d+(\.\d+)?/g, '0')
    .replace(/[ ─-]+/g, ' ')
    .trim()

interface Typed {
  readonly prompt: string
  readonly command: string
  readonly shown: readonly string[]
}

/** `$ `, `(shdb) ` and `(gdb) ` are what is typed. */
function typedIn(text: string): Typed[] {
  const all: { prompt: string; command: string; shown: string[] }[] = []
  for (const line of text.trimEnd().split('\n')) {
    const [, prompt, command = ''] = /^(\$|\(g?s?h?db\)) (.*)$/.exec(line) ?? []
    if (prompt !== undefined) all.push({ prompt, command: typed(command), shown: [] })
    else all.at(-1)?.shown.push(line)
  }
  return all
}

/** Lines of `shown` that are not in what was said, in this order. */
export function missing(shown: readonly string[], said: string): readonly string[] {
  const lines = said.split('\n').map(shape)
  let from = 0
  return shown.filter((line) => {
    const wanted = shape(line)
    const at = lines.findIndex((each, n) => n >= from && each.includes(wanted))
    if (at >= 0) from = at + 1
    return at < 0
  })
}

/** The page's commands over an image in this process. An image that is made by hand gives the very text. */
export async function overImage(text: string, name: string): Promise<string | undefined> {
  const image = IMAGES[name]?.()
  if (image === undefined)
    return `no image "${name}": add it to IMAGES in test/documents/sessions.ts`
  const all = typedIn(text)
  const script = all.flatMap(({ command }) => [`echo (shdb) ${command}\\n`, command])
  const { stdout, stderr } = await runScript(script, [image])
  if (stderr !== '') return stderr
  const isMade = name === 'polling' || name === 'sites'
  const [said, shown] = isMade ? [shape(stdout), shape(text)] : [stdout, text]
  return said === shown ? undefined : `it says\n${stdout}`
}

/** The page's commands in a shell; what is typed at a prompt goes to the program before it. */
export async function inShell(text: string, world: World, folder: string) {
  const all = typedIn(text)
  for (const [at, { prompt, command, shown }] of all.entries()) {
    if (prompt !== '$') continue
    const rest = all.slice(at + 1)
    const end = rest.findIndex((each) => each.prompt === '$')
    const error = await program(command, end < 0 ? rest : rest.slice(0, end), shown, world, folder)
    if (error !== undefined) return `${command}: ${error}`
  }
  return undefined
}

/** Of a crash the shell tells; shdb doctor says by its status that there will be no core. */
const ALLOWED: readonly (readonly [RegExp, number])[] = [
  [/^ulimit /, 134],
  [/^shdb doctor /, 1],
]
/** shdb says there that it was broken off, and else nothing; gdb much that is no error. */
const COMPLAINTS = { shdb: /^(?!Quit$).+$/m, gdb: /^(Undefined|Error|Python Exception)/m }
/** It goes on until Ctrl-C. */
const ENDLESS = /^(follow|watch) /

async function program(
  command: string,
  inside: readonly Typed[],
  shown: readonly string[],
  world: World,
  folder: string,
): Promise<string | undefined> {
  const all = [command, ...inside.map((each) => each.command)].join(' ')
  for (const [, file = ''] of all.matchAll(/ (?:-o|save) (\S+)/g))
    rmSync(join(folder, file), { force: true })
  const isEndless = inside.some((each) => ENDLESS.test(each.command))
  // One that must be broken off is the last of its session.
  for (const part of isEndless ? inside.map((each) => [each]) : [inside]) {
    const words = part.flatMap((each) => ['-ex', `'${each.command.replaceAll("'", `'\\''`)}'`])
    const options = words.length === 0 ? '' : ` -batch -nx -q ${words.join(' ')}`
    const until = part.some((each) => ENDLESS.test(each.command)) ? /\n/ : undefined
    const said = await world.run(command + options, folder, until)
    const both = `${said.stdout}${said.stderr}`
    const allowed = ALLOWED.find(([pattern]) => pattern.test(command))?.[1] ?? 0
    if (said.status !== allowed && until === undefined) return `status ${said.status}: ${both}`
    const complaint = command.startsWith('gdb ') ? COMPLAINTS.gdb : COMPLAINTS.shdb
    if (part.length > 0 && complaint.test(said.stderr)) return `it says ${both}`
    const absent = missing([...shown, ...part.flatMap((each) => each.shown)], both)
    if (absent.length > 0) return `it does not say\n${absent.join('\n')}\nbut\n${both}`
  }
  return undefined
}
