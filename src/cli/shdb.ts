#!/usr/bin/env node
// shdb: argv in, exit code out. Everything that it knows of histories is in ../inspector.

import { statSync } from 'node:fs'
import { type Found, QuitRequest, Runner, shownMessage, VERSION } from '../inspector/index.ts'
import type { Prompt } from '../prompt/prompt.ts'
import { messageOf } from '../prompt/run.ts'
import { systemHost } from './host.ts'
import { interact } from './interact.ts'
import { openLogs } from './logs.ts'
import { openFile } from './open.ts'
import { type Options, parseOptions, type Subject, USAGE } from './options.ts'
import { writeError, writeOut } from './output.ts'
import { openProcess, processNumber } from './process.ts'
import { chosen } from './recorders.ts'
import { runFile, runStep } from './run.ts'
import { runStandardInput } from './standard-input.ts'
import { subcommand } from './subcommands.ts'

const BANNER = `shdb ${VERSION}, the inspector of struct-history.
For help, type "help".
Type "apropos word" to search for commands related to "word".
`

/** Of a session with somebody at it. */
let prompt: Prompt | undefined

process.exitCode = await main(process.argv.slice(2))

async function main(argv: readonly string[]): Promise<number> {
  const command = subcommand(argv)
  if (command !== undefined) return command()
  let options: Options
  try {
    options = parseOptions(argv)
  } catch (error) {
    writeError(`shdb: ${messageOf(error)}\nUse \`shdb --help' for a complete list of options.\n`)
    return 1
  }
  if (options.help) writeOut(USAGE)
  else if (options.version) writeOut(`shdb (struct-history) ${VERSION}\n`)
  else return runSession(options)
  return 0
}

async function runSession(options: Options): Promise<number> {
  const host = systemHost()
  const runner = new Runner(host)
  try {
    applyEnvironment(runner)
    // As gdb: what runs by itself is read by programs.
    if (options.batch) runner.session.settings.set('style enabled', false)
    if (options.directory !== undefined) host.changeDirectory?.(options.directory)
    if (!options.quiet) writeOut(BANNER)
    for (const step of options.early) await runStep(runner, step)
    await runInitFiles(runner, options)
    for (const subject of options.subjects) {
      runner.session.attachAll(chosen(await opened(subject), options.recorder))
    }
    if (options.logs.names.length > 0)
      runner.session.attachAll(
        chosen(await openLogs(options.logs.names, options.logs), options.recorder),
      )
  } catch (error) {
    return ended(error)
  }
  announce(runner, options)
  const onSignal = (): void => {
    if (prompt === undefined) runner.session.interrupted = true
    else prompt.interrupt()
  }
  process.on('SIGINT', onSignal)
  try {
    return await runCommands(runner, options)
  } catch (error) {
    return ended(error)
  } finally {
    process.off('SIGINT', onSignal)
  }
}

function opened({ kind, name }: Subject): Promise<Found> {
  return kind === 'process' ? openProcess(processNumber(name)) : openFile(name)
}

/** A quit's own code; 1 for an error, with its sentence. */
function ended(error: unknown): number {
  if (error instanceof QuitRequest) return error.code
  writeError(`${shownMessage(messageOf(error))}\n`)
  return 1
}

async function runCommands(runner: Runner, options: Options): Promise<number> {
  let well = true
  for (const step of options.steps) well = await runStep(runner, step)
  if (options.batch) {
    // gdb would end here; a script on standard input and nothing else to do is surely meant.
    const isScript = !process.stdin.isTTY && !isImageOnStandardInput(options)
    if (options.steps.length === 0 && isScript) {
      well = await runStandardInput(runner, true)
    }
    return well ? 0 : 1
  }
  if (!process.stdin.isTTY) {
    if (!isImageOnStandardInput(options)) await runStandardInput(runner, false)
    return 0
  }
  await interact(runner, (began) => {
    prompt = began
  })
  return 0
}

function isImageOnStandardInput({ subjects, logs }: Options): boolean {
  return (
    logs.names.includes('-') || subjects.some(({ kind, name }) => kind === 'file' && name === '-')
  )
}

/** What was opened, for people; scripts get only what they ask for. */
function announce(runner: Runner, options: Options): void {
  if (options.quiet) return
  for (const { image } of runner.session.targets) {
    const lists = image.lists()
    const histories = lists.reduce((sum, list) => sum + list.histories().length, 0)
    const what = `Reading ${image.source}: recorder "${image.name}"`
    const many = lists.length === 1 ? '' : 's'
    writeOut(`${shownMessage(what)}, ${lists.length} list${many}, ${histories} histories.\n`)
  }
}

async function runInitFiles(runner: Runner, options: Options): Promise<void> {
  if (options.noInit) return
  const home = process.env.HOME
  const homeInit = home === undefined ? undefined : `${home}/.shdbinit`
  const hereInit = `${process.cwd()}/.shdbinit`
  if (homeInit !== undefined && !options.noHomeInit && isThere(homeInit)) {
    await runFile(runner, homeInit)
  }
  if (hereInit === homeInit || !isThere(hereInit)) return
  // Dumps lie in directories of others, and so may a .shdbinit with `shell` in it.
  if (isOurs(hereInit)) await runFile(runner, hereInit)
  else writeError(`warning: ${hereInit} belongs to somebody else, so it was not read.\n`)
}

/** As GDBHISTFILE and GDBHISTSIZE; what init files set comes later and wins. */
function applyEnvironment({ session: { settings } }: Runner): void {
  const { SHDBHISTFILE: file, SHDBHISTSIZE: size } = process.env
  if (file !== undefined) settings.set('history filename', file)
  if (size !== undefined && /^\s*-?\d*\s*$/.test(size)) {
    const lines = size.trim() === '' ? -1 : Number(size)
    settings.set('history size', Math.max(-1, lines))
  }
}

function isThere(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}

function isOurs(path: string): boolean {
  const user = process.getuid?.()
  return user === undefined || statSync(path).uid === user
}
