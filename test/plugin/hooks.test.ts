// Code that nobody bundles, in the runtimes that the suite has; and packages of npm with statements put into them, whose
// own tests must pass with the library and without.

import { execFile } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compile } from './compile.ts'

const execute = promisify(execFile)
const REGISTER = 'struct-history/plugin/register'
const node = (version: number) => resolve(`ci/nodes/node_modules/node${version}/bin/node`)
const PACKAGES = resolve('ci/plugin/node_modules')

/** The words before the name of a module, in each runtime. */
const RUNTIMES: Record<string, readonly string[]> = {
  'Node 20': [node(20), '--import', REGISTER],
  'Node 22': [node(22), '--import', REGISTER],
  'Node 26': [node(26), '--import', REGISTER],
  Bun: [resolve('node_modules/.bin/bun'), '--preload', REGISTER],
  Deno: [resolve('node_modules/.bin/deno'), 'run', '-A', '--no-lock', '--node-modules-dir=manual'],
}

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plugin-hooks-'))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(resolve('.'), join(folder, 'node_modules/struct-history'))
  writeFileSync(join(folder, 'package.json'), '{ "dependencies": { "struct-history": "*" } }')
  writeFileSync(join(folder, 'app.mjs'), APP)
  writeFileSync(join(folder, 'make.cjs'), MAKE)
  // Deno has loaded the program before a hook is asked; what is imported later, it asks for.
  writeFileSync(join(folder, 'start.mjs'), `import '${REGISTER}'\nawait import('./app.mjs')\n`)
})
afterAll(() => rmSync(folder, { recursive: true }))

const APP = `import { Recorder } from 'struct-history'
import { make } from './make.cjs'

const recorder = new Recorder()
const { MADE } = recorder.verbs({ MADE: 0 })
const list = recorder.list('things')

function thing(id) {
  const history = list.push(id)
  history.log(MADE, 'made %d', id)
  return history.events().map(({ log, site }) => log + ' at ' + site)
}
console.log(JSON.stringify([thing(7), make(1)]))
`
const MAKE = `const { Recorder } = require('struct-history')
const list = new Recorder().list('made')
exports.make = (id) => list.push(id).ref()
`

async function run(words: readonly string[], on: boolean, cwd = folder) {
  const [command = '', ...args] = words
  const env = { ...process.env, STRUCT_HIST: on ? '1' : '0', NO_COLOR: '1' }
  const { stdout, stderr } = await execute(command, args, { cwd, env, timeout: 60_000 })
  return { stdout, stderr }
}

describe('a program that is loaded as it stands', () => {
  for (const [name, words] of Object.entries(RUNTIMES)) {
    const program = name === 'Deno' ? 'start.mjs' : 'app.mjs'
    // Of CommonJS Bun asks nobody.
    const made = name === 'Bun'

    test(`${name}: does without the library`, { timeout: 60_000 }, async () => {
      const { stdout } = await run([...words, program], false)
      expect(JSON.parse(stdout)).toEqual([[], made])
    })

    test(`${name}: STRUCT_HIST=1 records, with call sites`, { timeout: 60_000 }, async () => {
      const { stdout } = await run([...words, program], true)
      expect(JSON.parse(stdout)).toEqual([['made 7 at app.mjs:10:thing'], true])
    })
  }

  test('Bun says which CommonJS module it leaves', { timeout: 60_000 }, async () => {
    const { stderr } = await run([...(RUNTIMES.Bun as string[]), 'app.mjs'], false)
    expect(stderr).toContain(
      'make.cjs: struct-history: left as it is: Bun has no hook for CommonJS',
    )
  })
})

/** Statements for a file of a package: behind each of these lines. */
const INSERTED: Record<string, { tests: string[]; statements: Record<string, string> }> = {
  fastq: {
    tests: ['test/test.js', 'test/promise.js'],
    statements: {
      "var reusify = require('reusify')": `var Recorder = require('struct-history').Recorder
var recorder = new Recorder({ budget: '1MiB' })
var TASK = recorder.verbs({ PUSH: +1, RUN: 0, RELEASE: -1 })
var queues = recorder.list('fastq')
var tasks = recorder.list('task')
var tasksMade = 0`,
      'function fastqueue (context, worker, _concurrency) {': `  var history = queues.push(++tasksMade)
  history.log(TASK.PUSH, 'concurrency %d', _concurrency)`,
      'function push (value, done) {': "    history.log(TASK.PUSH, 'running %d', _running)",
      'function release (holder) {': `    history.log(TASK.RELEASE, 'running %d', _running)
    if (holder) {
      tasks.push(tasksMade).log(TASK.RELEASE, '%s', holder.value)
    }`,
      'function Task () {': "  this.life = tasks.push('task')",
      'this.worked = function worked (err, result) {':
        "    self.life.log(TASK.RUN, 'worked %s', err)\n    self.life.unref()",
    },
  },
  reusify: {
    tests: ['test.js'],
    statements: {
      "'use strict'": `var history = require('struct-history')
var pool = new history.Recorder({ budget: '1MiB' })
var used = pool.verbs({ GET: +1, RELEASE: -1 })
var objects = pool.list('objects')`,
      'function get () {': '    var sh = objects.push(1)\n    sh.log(used.GET)',
      'function release (obj) {': "    objects.push(2).log(used.RELEASE, '%j', obj)",
    },
  },
}

describe('a package of npm with statements put into it', () => {
  for (const [name, { tests, statements }] of Object.entries(INSERTED)) {
    const main = { fastq: 'queue.js', reusify: 'reusify.js' }[name] as string

    test(`${name}: what is left is the package, byte for byte`, () => {
      const original = readFileSync(join(PACKAGES, name, main), 'utf8')
      const { text } = withStatements(name, main, statements)
      const { files, notes } = compile({ [main]: text })
      expect(files.get(main)).toBe(original)
      expect(notes).toEqual([])
    })

    for (const on of [false, true]) {
      test(`${name}: passes its own tests ${on ? 'with' : 'without'} it`, {
        timeout: 60_000,
      }, async () => {
        const own = join(folder, name)
        rmSync(own, { recursive: true, force: true })
        cpSync(join(PACKAGES, name), own, { recursive: true })
        const { text, lines } = withStatements(name, main, statements)
        expect(lines).toBeGreaterThan(5)
        writeFileSync(join(own, main), text)
        mkdirSync(join(own, 'node_modules'), { recursive: true })
        for (const other of ['tape', 'reusify'])
          symlinkSync(join(PACKAGES, other), join(own, 'node_modules', other))
        symlinkSync(resolve('.'), join(own, 'node_modules/struct-history'))
        for (const file of tests) {
          const { stdout } = await run([node(20), '--import', REGISTER, file], on, own)
          expect(stdout).toMatch(/^# pass +\d+\s+# ok/m)
        }
      })
    }
  }
})

function withStatements(name: string, main: string, statements: Record<string, string>) {
  let text = readFileSync(join(PACKAGES, name, main), 'utf8')
  let lines = 0
  for (const [behind, inserted] of Object.entries(statements)) {
    const at = text.indexOf(behind)
    if (at < 0) throw new Error(`${name}: no line "${behind}"`)
    const end = text.indexOf('\n', at) + 1
    text = `${text.slice(0, end)}${inserted}\n${text.slice(end)}`
    lines += inserted.split('\n').length
  }
  return { text, lines }
}
