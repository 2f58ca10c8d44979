// What is removed, what is left, and what is said of it.

import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import { describe, expect, test } from 'vitest'
import { type Module, readModule } from '../../src/plugin/module.ts'
import { compile } from './compile.ts'
import { corpus } from './corpus.ts'

const HEAD = `import { Recorder } from 'struct-history'
const recorder = new Recorder()
const V = recorder.verbs({ USED: 0 })
const list = recorder.list('things')
`

/** One file whose first lines are HEAD. */
function stripped(text: string, options = {}) {
  const { files, notes } = compile({ 'app.ts': HEAD + text }, options)
  return {
    text: (files.get('app.ts') as string).replace(HEAD, '<HEAD>\n'),
    notes: notes.map(({ line, text }) => `${line - 4}: ${text}`),
  }
}

describe('the corpus', () => {
  for (const program of corpus()) {
    test(`${program.name}: ${program.title}`, () => {
      const { files, notes } = compile(program.withStatements)
      expect(Object.fromEntries(files)).toEqual(Object.fromEntries(program.without))
      expect(notes).toEqual([])
    })

    test(`${program.name}: the program written without is left as it is`, () => {
      const { files } = compile(program.without)
      expect(Object.fromEntries(files)).toEqual(Object.fromEntries(program.without))
    })

    test(`${program.name}: enabled, all statements stay`, () => {
      const { files } = compile(program.withStatements, { enabled: true })
      for (const [name, text] of files) {
        const withoutSites = text
          .replace(/, '\\x00[^']*'(?=\))/g, '')
          .replace(/\\x00[^'"`]*/g, '')
          .replace(/, '[^']*\.[cm]?[jt]sx?:\d[^']*'/g, '')
        expect(withoutSites).toBe(program.withStatements.get(name))
      }
    })
  }
})

describe('a use that cannot be removed', () => {
  test('stays with all that it needs, and is told with its place; others go', () => {
    const { text, notes } = stripped(`const history = list.push(1)
history.log(V.USED, 'begin')
send(history)
history.unref()
`)
    expect(text).toBe(`import { Recorder } from 'struct-history'
const recorder = new Recorder()
const list = recorder.list('things')
const history = list.push(1)
send(history)
`)
    expect(notes).toEqual([
      '3: `history`, a history, is passed to `send()`: left as it is, with all that it needs',
    ])
  })

  test('of a property that holds other things, too, says where', () => {
    const { text, notes } = stripped(`export function open(conn) {
  conn.history = list.push(conn.id)
  conn.history.log(V.USED, 'open')
}
export function reset(shell) {
  shell.history = []
}
`)
    expect(text).toContain("conn.history.log(V.USED, 'open')")
    expect(text).toContain('conn.history = list.push(conn.id)')
    expect(text.startsWith('<HEAD>')).toBe(true)
    expect(notes).toEqual([
      '2: `list.push(conn.id)`, a history, is stored in `conn.history`, and "history" holds other things too (/project/app.ts:10): left as it is, with all that it needs',
      '3: `V.USED`, a verb, is passed to `conn.history.log()`: left as it is, with all that it needs',
    ])
  })

  test('is no use at all when a property of that name is the runtime’s', () => {
    const { text, notes } = stripped(`export function go(conn) {
  conn.history = list.push(conn.id)
  window.history.pushState(null, '', '/')
  conn.frame.history.back()
}
`)
    expect(text).toBe(`export function go(conn) {
  window.history.pushState(null, '', '/')
  conn.frame.history.back()
}
`)
    expect(notes).toEqual([])
  })

  test('of a method of another object with a verb of ours', () => {
    const { text, notes } = stripped("console.log(V.USED, 'x')\n")
    expect(text).toContain("console.log(V.USED, 'x')")
    expect(text).toContain('const V = recorder.verbs({ USED: 0 })')
    expect(text).not.toContain('recorder.list')
    expect(notes).toHaveLength(1)
  })

  test('a name that only looks like the library is nobody’s', () => {
    const text = `const recorder = { list: () => [], log() {} }
const list = recorder.list('things')
list.push(1)
recorder.log('x')
const history = { log() {}, push() {} }
history.log('x')
history.push('y')
`
    expect(compile({ 'app.js': text }).files.get('app.js')).toBe(text)
  })

  test('a shadowed name is another', () => {
    const { text } = stripped(`export function f(list) {
  list.push(1)
  return (recorder) => recorder.list('x')
}
`)
    expect(text).toBe(`export function f(list) {
  list.push(1)
  return (recorder) => recorder.list('x')
}
`)
  })
})

describe('what is left still runs', () => {
  // Each name at the top of each file of the corpus, used by the application once more.
  for (const program of corpus()) {
    for (const [name, text] of program.withStatements) {
      const { top } = readModule(name, text).bindings
      const names = [...top].filter(([, { how }]) => how !== 'type').map(([one]) => one)
      if (names.length === 0) continue
      test(`${program.name}/${name}: ${names.join(', ')}`, () => {
        for (const leaked of names) {
          const given = new Map(program.withStatements)
          given.set(name, `${text}\nglobalThis.leak(${leaked})\n`)
          // It throws if a name is left without its declaration.
          const { files } = compile(given)
          const modules = new Map([...files].map(([file, left]) => [file, readModule(file, left)]))
          const isDeclared = modules.get(name)?.bindings.top.has(leaked)
          expect([leaked, isDeclared]).toEqual([leaked, true])
          for (const [file, module] of modules)
            expect(missingExports(file, module, modules)).toEqual([])
        }
      })
    }
  }

  test('what an import may mean that is not followed is left, and told', () => {
    const histories = `${HEAD}export { list, V }
export function note(history, what) {
  history.log(V.USED, what)
}
`
    const { files, notes } = compile({
      'src/histories.js': histories,
      'src/a.js': "import { note, list } from './histories.js'\nnote(list.push(1), 'a')\n",
      'src/b.js': "import { note, list } from '@/histories'\nnote(list.push(2), 'b')\n",
    })
    const left = files.get('src/histories.js') ?? ''
    expect(left).toContain('export { list, V }')
    expect(left).toContain('export function note(history, what) {')
    expect(left).toContain("const list = recorder.list('things')")
    expect(files.get('src/b.js')).toContain('note(list.push(2)')
    expect(notes.map(({ text }) => text)).toContain(
      'may be what "@/histories" means (/project/src/b.js), an import that is not followed: its exports are left as they are, with all that they need',
    )
  })

  test('a property that is used once more goes on being written, here and in other files', () => {
    const writer = `${HEAD}export const send = (id) => post({ id, life: list.push(id) })\n`
    const { files, notes } = compile({
      'writer.js': writer,
      'reader.js': 'export const read = ({ life }) => globalThis.leak(life)\n',
      'other.js': `import { Recorder } from 'struct-history'
new Recorder().list('x')
`,
    })
    expect(files.get('writer.js')).toBe(
      writer.replace('const V = recorder.verbs({ USED: 0 })\n', ''),
    )
    expect(files.get('other.js')).toBe('')
    expect(notes).toHaveLength(1)
  })
})

function missingExports(file: string, module: Module, modules: ReadonlyMap<string, Module>) {
  return module.program.body.flatMap((statement) => {
    if (statement.type !== 'ImportDeclaration') return []
    const target = modules.get(statement.source.value.replace('./', ''))
    if (!target || target.stars.length > 0) return []
    return statement.specifiers.flatMap((specifier) => {
      if (specifier.type !== 'ImportSpecifier' || specifier.imported.type !== 'Identifier')
        return []
      const { name } = specifier.imported
      return target.exports.has(name) ? [] : [`${file} imports ${name}`]
    })
  })
}

describe('a value', () => {
  test('of a log, ref, flush, events or handle is what a list that is off answers', () => {
    const { text, notes } = stripped(`const history = list.push(1)
if (!history.log(V.USED)) warn()
export const all = [history.ref(), history.unref(), history.flush(), ...history.events(), list.flush(), history.handle]
for (const one of list.histories()) use()
export const count = history.events().filter(({ verb }) => verb).length
`)
    expect(text).toBe(`if (!false) warn()
export const all = [false, false, 0, ...[], 0, 0]
for (const one of []) use()
export const count = [].filter(({ verb }) => verb).length
`)
    expect(notes).toEqual([])
  })

  test('of an arrow is that, too, unless it is called by one who does not look at it', () => {
    const { text } = stripped(`const history = list.push(1)
socket.on('close', () => history.log(V.USED, 'closed'))
export const logs = (id: number) => list.at(id)?.log(V.USED) ?? false
export const pushes = [1].map((id) => list.push(id).ref())
`)
    expect(text).toBe(`socket.on('close', () => {})
export const logs = (id: number) => false ?? false
export const pushes = [1].map((id) => false)
`)
  })

  test('of a recorder that has none stays', () => {
    const { text, notes } = stripped('console.log(recorder.stats().logged)\n')
    expect(text).toBe(`import { Recorder } from 'struct-history'
const recorder = new Recorder()
console.log(recorder.stats().logged)
`)
    expect(notes).toHaveLength(1)
  })
})

describe('an argument that does something', () => {
  const text = `let n = 0
const history = list.push(next())
history.log(V.USED, '%d %s', n++, String(n))
history.log(V.USED, '%d', next()) || again()
export { n }
`
  test('is kept and told', () => {
    const { text: left, notes } = stripped(text)
    expect(left).toBe(`let n = 0
next()
n++
(next(), false) || again()
export { n }
`)
    expect(notes.map((note) => note.split(':')[0])).toEqual(['2', '3', '4'])
  })

  test("is dropped with sideEffects: 'drop', and told", () => {
    const { text: left, notes } = stripped(text, { sideEffects: 'drop' })
    expect(left).toBe(`let n = 0
false || again()
export { n }
`)
    expect(notes).toHaveLength(3)
  })

  test('a condition that does something stays', () => {
    const { text: left, notes } = stripped(`if (poll()) list.flush()
while (poll()) {
  list.flush()
}
`)
    expect(left).toBe(`poll()
while (poll()) {}
`)
    expect(notes).toHaveLength(1)
  })
})

describe('what stands around a removed statement', () => {
  test('is not joined by what kept it apart', () => {
    const { text } = stripped(`const a = 1
list.flush()
;(function () { app(a) })()
const b = a
list.flush();
(b || a).go()
const c = () => {}
list.flush(); // gone
/* that */ [1].forEach(c)
if (a) app()
else list.flush();
(b || a).go()
list.flush()
`)
    expect(text).toBe(`const a = 1
;(function () { app(a) })()
const b = a
;(b || a).go()
const c = () => {}
/* that */ ;[1].forEach(c)
if (a) app();
(b || a).go()
`)
  })

  test('on the same line, in a sequence, in a branch, in a switch stays', () => {
    const { text, notes } = stripped(`app(); list.flush(); more(); list.flush()
app(), list.flush(), more()
if (a) { list.flush(); app() }
switch (x) {
  case 1:
    list.flush()
    break
  default:
    app()
}
export const f = () => (list.flush(), 5)
`)
    expect(text).toBe(`app(); more();
app(); more()
if (a) { app() }
switch (x) {
  case 1:
    break
  default:
    app()
}
export const f = () => (5)
`)
    expect(notes).toEqual([])
  })

  test('has the line ends and comments that it had', () => {
    const { files } = compile({
      'a.js':
        `${HEAD}\n// the app\napp() // runs\n\n// why\nlist.flush() // now\n\nend()\n`.replaceAll(
          '\n',
          '\r\n',
        ),
    })
    expect(files.get('a.js')).toBe('// the app\r\napp() // runs\r\n\r\n// why\r\n\r\nend()\r\n')
  })
})

describe('what only the library used', () => {
  test('goes: locals, counters, helpers, imports, parameters of known functions', () => {
    const { text } = stripped(`import { inspect } from 'node:util'
import type { History } from 'struct-history'
let logged = 0
const shown = (value: unknown) => String(value)
function trace(history: History, job: { id: number }, what: string) {
  const text = shown(job)
  logged++
  if (what === '') history.log(V.USED, '%s', inspect)
  history.log(V.USED, '%s %s %d', what, text, logged)
}
function run(job: { id: number }, history: History) {
  trace(history, job, 'run')
  return job.id
}
export const done = run({ id: 1 }, list.push(1))
`)
    expect(text).toBe(`function run(job: { id: number }) {
  return job.id
}
export const done = run({ id: 1 })
`)
  })

  test('a local that is set by a call stays, and is told; unless effects are dropped', () => {
    const text = `export function run(job) {
  const size = measure(job)
  list.push(1).log(V.USED, '%d', size)
}
`
    const { text: left, notes } = stripped(text)
    expect(left).toBe('export function run(job) {\n  const size = measure(job)\n}\n')
    expect(notes).toEqual([
      '2: `size` was used by the library alone, and what it is set to may do something: kept',
    ])
    expect(stripped(text, { sideEffects: 'drop' }).text).toBe('export function run(job) {}\n')
  })

  test('an unused variable of the application is none of ours', () => {
    const { text } = stripped(`let unused = 0
unused = 1
function helper() {}
history
list.flush()
`)
    expect(text).toBe(`let unused = 0
unused = 1
function helper() {}
history
`)
  })
})

describe('source maps', () => {
  test('each word that stays leads back to where it stood', () => {
    for (const program of corpus()) {
      const { files, maps } = compile(program.withStatements)
      for (const [name, map] of maps) {
        const before = (program.withStatements.get(name) as string).split('\n')
        const traced = new TraceMap(map as ConstructorParameters<typeof TraceMap>[0])
        let words = 0
        for (const [row, line] of (files.get(name) as string).split('\n').entries()) {
          for (const { 0: word, index } of line.matchAll(/[A-Za-z_$][\w$]*/g)) {
            const from = originalPositionFor(traced, { line: row + 1, column: index })
            const at = before[(from.line ?? 0) - 1]?.slice(from.column ?? 0)
            expect(at?.startsWith(word), `${name}:${row + 1} "${word}"`).toBe(true)
            words++
          }
        }
        expect(words > 0 || files.get(name)?.trim() === '').toBe(true)
      }
    }
  })
})

describe('the switch', () => {
  const program = { 'app.js': `${HEAD}list.flush()\n` }
  const isOn = (...more: [object?, Record<string, string>?, object?]) =>
    compile(program, ...(more as [])).files.get('app.js') !== ''

  test('is the option, then a define, then the environment; else off', () => {
    expect(isOn()).toBe(false)
    expect(isOn({}, { STRUCT_HIST: '1' })).toBe(true)
    expect(isOn({}, { STRUCT_HIST: '0' })).toBe(false)
    expect(isOn({}, { STRUCT_HIST: '1' }, { 'process.env.STRUCT_HIST': '"0"' })).toBe(false)
    expect(isOn({}, {}, { STRUCT_HIST: 'true' })).toBe(true)
    expect(isOn({ enabled: false }, { STRUCT_HIST: '1' })).toBe(false)
    expect(isOn({ enabled: true })).toBe(true)
  })

  test('refuses options that it does not know', () => {
    expect(() => compile(program, { enable: true } as object)).toThrow(
      'Cannot set up the plugin of struct-history: unknown option "enable"; there are enabled, sideEffects, root, exclude, library, onNote',
    )
    expect(() => compile(program, { sideEffects: 'none' } as object)).toThrow(
      "Cannot set up the plugin of struct-history: sideEffects must be 'keep' or 'drop', got none",
    )
  })
})

describe('call sites', () => {
  test('stand behind the format, with file, line and function', () => {
    const { files } = compile(
      {
        'src/conn.ts': `${HEAD}class Connection {
  #history = list.push(1)
  accept() {
    list.push((2, 3) /* a, b) */,)
    this.#history.log(V.USED, 'it\\'s (%d)', 1)
    const later = () => this.#history?.log(V.USED, "plain")
    return later
  }
}
const format = 'not a literal'
list.at(1)?.log(V.USED)
list.at(1)?.log(V.USED, format, 1)
list.at(1)?.log(V.USED, \`tick\`)
console.log(V.USED, 'not ours')
`,
      },
      { enabled: true },
    )
    expect(
      files
        .get('src/conn.ts')
        ?.split('\n')
        .filter((line) => /\.(?:log|push)\(/.test(line)),
    ).toEqual([
      "  #history = list.push(1, 'src/conn.ts:6')",
      "    list.push((2, 3), 'src/conn.ts:8:accept' /* a, b) */,)",
      "    this.#history.log(V.USED, 'it\\'s (%d)\\x00src/conn.ts:9:accept', 1)",
      '    const later = () => this.#history?.log(V.USED, "plain\\x00src/conn.ts:10:later")',
      "list.at(1)?.log(V.USED, '\\x00src/conn.ts:15')",
      'list.at(1)?.log(V.USED, format, 1)',
      'list.at(1)?.log(V.USED, `tick\\x00src/conn.ts:17`)',
      "console.log(V.USED, 'not ours')",
    ])
  })
})
