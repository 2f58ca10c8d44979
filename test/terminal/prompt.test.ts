// shdb at a real prompt, in the runtime that runs this suite: what a person types, and what a person sees.

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ImageBuilder } from '../support/image-builder.ts'
import { bundled, type Given, Terminal } from './terminal.ts'

let folder = ''
let program = ''
let home = ''
let open: Terminal[] = []

const TIMEOUT = 60_000

beforeAll(async () => {
  ;({ folder, program } = await bundled())
  writeFileSync(join(folder, 'conns.shdump'), connections())
  writeFileSync(join(folder, 'long.shdump'), long())
  writeFileSync(join(folder, 'hostile.shdump'), hostile())
}, TIMEOUT)
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => {
  for (const each of open) each.close()
  open = []
})

function connections(): Uint8Array {
  const image = new ImageBuilder()
  const thread = image.thread('main', { pid: 49219, tid: 1 })
  image.verb('TCP_REF', 'ref').verb('TCP_UNREF', 'unref')
  const list = image.list('TCP con')
  for (let n = 0; n < 150; n++) {
    const life = list.push(0x7f95acf6e000 + n * 16, { thread })
    life.by(thread).at(1000).log('TCP_REF', 'connect, (%d)', 1)
    life.at(2000).log('TCP_UNREF', 'send %d, (%d)', n, 0)
  }
  image.list('UDP con').push('call-17', { thread })
  return image.build()
}

/** Texts on which a bad pattern takes minutes. */
function long(): Uint8Array {
  const image = new ImageBuilder()
  const thread = image.thread('main')
  image.verb('SAY', 'none')
  const list = image.list('calls')
  for (let n = 0; n < 400; n++) {
    const life = list.push(n + 1, { thread })
    life.by(thread)
    for (let k = 0; k < 40; k++) life.at(k).log('SAY', 'a'.repeat(100))
  }
  return image.build()
}

/** Names and texts that would command a terminal. */
const EVIL = '\x1b]0;owned\x07\x1b[31m\x9b2J\u202eevil\u2066\x00\r\n\x08'

function hostile(): Uint8Array {
  const image = new ImageBuilder()
  const thread = image.thread(`t${EVIL}`)
  image.verb('SAY', 'none').verb(`V${EVIL}`, 'none')
  const life = image.list(`list ${EVIL}`).push(`object ${EVIL}`, { thread })
  life.by(thread).at(1).log('SAY', `text ${EVIL}`)
  life.at(2).log(`V${EVIL}`, '%s', EVIL)
  return image.build()
}

async function shdb(image: string, given: Partial<Given> = {}): Promise<Terminal> {
  const parameters = given.parameters ?? ['-q', join(folder, image)]
  home = given.home ?? mkdtempSync(join(folder, 'home-'))
  const terminal = new Terminal({ program, ...given, home, parameters })
  open.push(terminal)
  await terminal.prompt()
  return terminal
}

describe('Tab', () => {
  test(
    'completes a command, lists what may follow, and says the same as complete',
    async () => {
      const terminal = await shdb('conns.shdump')
      terminal.type('info li')
      terminal.press('Tab')
      await terminal.until(/\(shdb\) info lists ?$/)
      terminal.press('C-u')
      terminal.type('info t')
      terminal.press('Tab', 'Tab')
      await terminal.until(/\ntarget +threads\n\(shdb\) info t$/)
      terminal.press('C-u')
      terminal.enter('complete info t')
      await terminal.until(/\ninfo target\ninfo threads\n\(shdb\)$/)
    },
    TIMEOUT,
  )

  test(
    'knows lists, objects, verbs, variables, fields, options, settings and files',
    async () => {
      const terminal = await shdb('conns.shdump')
      const cases: [string, RegExp][] = [
        ['info histories UD', /info histories UDP con ?$/],
        ['history cal', /history call-17 ?$/],
        ['p TCP_U', /p TCP_UNREF ?$/],
        ['p $_gdb_setting_s', /p \$_gdb_setting_str ?$/],
        ['p history(0x7f95acf6e000)->ob', /->obj$/],
        ['p history(0x7f95acf6e000)->actions[0].ve', /\.verb ?$/],
        ['p -ele', /p -elements ?$/],
        ['set style address fore', /set style address foreground ?$/],
        ['set style enabled of', /set style enabled off ?$/],
        [`target ${folder}/con`, /conns\.shdump ?$/],
      ]
      for (const [typed, wanted] of cases) {
        terminal.type(typed)
        terminal.press('Tab')
        await terminal.until(wanted)
        terminal.press('C-u')
        await terminal.prompt()
      }
    },
    TIMEOUT,
  )

  test(
    'lists of what stands before an arrow its own fields only',
    async () => {
      const terminal = await shdb('conns.shdump')
      terminal.type('p 1 + history(0x7f95acf6e000)->actions[0].')
      terminal.press('Tab', 'Tab')
      await terminal.until(/\nlog +pid +t +tid +verb\n/)
    },
    TIMEOUT,
  )

  test(
    'asks before it lists more than a hundred, and cuts at max-completions',
    async () => {
      const terminal = await shdb('conns.shdump', { rows: 60 })
      terminal.type('history 0x')
      terminal.press('Tab')
      await terminal.until(/history 0x7f95acf6e$/)
      terminal.press('Tab')
      await terminal.until('Display all 150 possibilities? (y or n)')
      terminal.press('y')
      await terminal.until(/0x7f95acf6e000.*\n(.|\n)*\(shdb\) history 0x7f95acf6e$/)
      terminal.press('C-u')
      terminal.enter('set max-completions 3')
      await terminal.prompt()
      terminal.type('history 0x7f95acf6e')
      terminal.press('Tab', 'Tab')
      await terminal.until('*** List may be truncated, max-completions reached. ***')
    },
    TIMEOUT,
  )
})

describe('the command history', () => {
  test(
    'is searched by C-r, older and older, and C-g gives the line back',
    async () => {
      const terminal = await shdb('conns.shdump')
      for (const each of ['p 100+1', 'p 200+1', 'echo other\\n']) terminal.enter(each)
      await terminal.until(/\nother\n\(shdb\)$/)
      terminal.type('half a line')
      terminal.press('C-r')
      terminal.type('p ')
      await terminal.until(/\(reverse-i-search\)`p ': p 200\+1$/)
      terminal.press('C-r')
      await terminal.until(/\(reverse-i-search\)`p ': p 100\+1$/)
      terminal.press('C-r')
      await terminal.until(/\(failed reverse-i-search\)`p ': p 100\+1$/)
      terminal.press('C-g')
      await terminal.until(/\(shdb\) half a line$/)
      terminal.press('C-u', 'C-r')
      terminal.type('100')
      await terminal.until(/`100': p 100\+1$/)
      terminal.press('Enter')
      await terminal.until(/\(shdb\) p 100\+1\n\$3 = 101\n\(shdb\)$/)
    },
    TIMEOUT,
  )

  test(
    'is kept for the next session, for its owner alone, and an empty line repeats',
    async () => {
      const first = await shdb('conns.shdump')
      first.enter('p 41+1')
      await first.until(/\$1 = 42\n\(shdb\)$/)
      first.press('Enter')
      await first.until(/\$2 = 42\n\(shdb\)$/)
      first.enter('server p 7')
      await first.until(/\$3 = 7\n\(shdb\)$/)
      const file = join(home, '.shdb_history')
      expect(readFileSync(file, 'utf8')).toBe('p 41+1\n')
      expect(statSync(file).mode & 0o777).toBe(0o600)
      const second = await shdb('conns.shdump', { home })
      second.press('Up')
      await second.until(/\(shdb\) p 41\+1$/)
      second.press('Enter')
      await second.until(/\$1 = 42\n\(shdb\)$/)
      first.enter('p 5')
      await first.until(/\$4 = 5\n\(shdb\)$/)
      second.enter('show commands')
      await second.until(/ 1 {2}p 41\+1\n {4}2 {2}p 41\+1\n {4}3 {2}show commands\n/)
      expect(readFileSync(file, 'utf8')).toBe('p 41+1\np 41+1\np 5\nshow commands\n')
    },
    TIMEOUT,
  )
})

describe("Emacs' keys", () => {
  test(
    'move, kill, yank, transpose and undo',
    async () => {
      const terminal = await shdb('conns.shdump')
      terminal.type('wrong print 12 + 3')
      terminal.press('C-a', 'M-d', 'C-d', 'C-e', 'C-w', 'C-y', 'M-b', 'C-b', 'C-b', 'C-t')
      await terminal.until(/\(shdb\) print 12\+ {2}3$/)
      terminal.press('C-_')
      await terminal.until(/\(shdb\) print 12 \+ 3$/)
      terminal.press('C-e', 'Enter')
      await terminal.until('$1 = 15')
    },
    TIMEOUT,
  )

  test(
    'know how wide characters are',
    async () => {
      const terminal = await shdb('conns.shdump')
      terminal.type('echo 漢字e\u0301z\\n')
      terminal.press('C-b', 'C-b', 'C-b')
      await terminal.until(/echo 漢字e\u0301z\\n$/)
      expect(terminal.cursor()[0]).toBe('(shdb) echo '.length + 5)
      terminal.press('C-b')
      terminal.type('x')
      await terminal.until(/echo 漢字xe\u0301z\\n$/)
    },
    TIMEOUT,
  )

  test(
    'edit a line that is longer than the terminal is wide',
    async () => {
      const terminal = await shdb('conns.shdump', { columns: 30 })
      terminal.type(`echo ${'ab'.repeat(40)}\\n`)
      terminal.press('C-a', 'M-f')
      terminal.type(' start')
      terminal.press('Enter')
      await terminal.until(new RegExp(`\n *start ${'ab'.repeat(40)}\n\\(shdb\\)$`))
    },
    TIMEOUT,
  )
})

describe('Ctrl-C', () => {
  test(
    'ends a loop, and the session goes on',
    async () => {
      const terminal = await shdb('conns.shdump')
      terminal.enter('while 1')
      await terminal.until(/\n >$/)
      terminal.enter('end')
      await terminal.until('Ctrl-C stops it]')
      terminal.press('C-c')
      const screen = await terminal.until(/Quit\n\(shdb\)$/)
      expect(screen).not.toContain('stops it')
      terminal.enter('p 6*7')
      await terminal.until(/\$1 = 42\n\(shdb\)$/)
    },
    TIMEOUT,
  )

  test(
    'ends a find that would take minutes, and its progress is gone',
    async () => {
      const terminal = await shdb('long.shdump')
      terminal.enter('find /a*a*#/')
      await terminal.until('Ctrl-C stops it]')
      terminal.press('C-c')
      const screen = await terminal.until(/Quit\n\(shdb\)$/)
      expect(screen).not.toContain('stops it')
      expect(screen).not.toContain('found')
    },
    TIMEOUT,
  )

  test(
    'gives up the line, the block, the search and the page',
    async () => {
      const terminal = await shdb('conns.shdump')
      terminal.type('p 1')
      terminal.press('C-c')
      await terminal.until(/\(shdb\) p 1Quit\n\(shdb\)$/)
      terminal.enter('if 1')
      await terminal.until(/\n >$/)
      terminal.press('C-c')
      await terminal.until(/\n >Quit\n\(shdb\)$/)
      terminal.press('C-r', 'C-c')
      await terminal.until(/Quit\n\(shdb\)$/)
      terminal.enter('help all')
      await terminal.until(/without paging--$/)
      terminal.press('C-c')
      await terminal.until(/without paging--Quit\n\(shdb\)$/)
    },
    TIMEOUT,
  )

  test(
    'goes to the program that runs in the terminal, which has it to itself',
    async () => {
      const terminal = await shdb('conns.shdump')
      terminal.enter('shell cat')
      await terminal.until(/shell cat$/)
      terminal.enter('heard')
      await terminal.until(/heard\nheard$/)
      terminal.press('C-c')
      await terminal.until(/\n\(shdb\)[^\n]*(Quit\n\(shdb\))?$/)
      terminal.press('C-u')
      terminal.enter('p 1')
      await terminal.until(/\$1 = 1\n\(shdb\)$/)
    },
    TIMEOUT,
  )
})

describe('pages', () => {
  const ten = 'echo 1\\n2\\n3\\n4\\n5\\n6\\n7\\n8\\n9\\n10\\n11\\n12\\n13\\n14\\n'

  test(
    'stop when the terminal is full; RET, c and q',
    async () => {
      const terminal = await shdb('conns.shdump', { columns: 100, rows: 6 })
      terminal.enter(ten)
      expect(await terminal.until(/without paging--$/)).toMatch(/\n5\n--Type <RET> for more, q to/)
      terminal.press('Enter')
      await terminal.until(
        /\n10\n--Type <RET> for more, q to quit, c to continue without paging--$/,
      )
      terminal.enter('q')
      await terminal.until(/--q\nQuit\n\(shdb\)$/)
      terminal.enter(ten)
      await terminal.until(/\n5\n--Type .*--$/)
      terminal.enter('c')
      await terminal.until(/\n14\n\(shdb\)$/)
    },
    TIMEOUT,
  )

  test(
    'count a line that wraps as the lines it takes',
    async () => {
      const terminal = await shdb('conns.shdump', { columns: 80, rows: 6 })
      terminal.enter(`echo ${'x'.repeat(170)}\\n${'y'.repeat(170)}\\nlast\\n`)
      await terminal.until(/--Type <RET> for more/)
      expect(terminal.screen()).not.toMatch(/\nlast/)
    },
    TIMEOUT,
  )

  test(
    'are as many lines as set height says, and none without pagination',
    async () => {
      const terminal = await shdb('conns.shdump', { columns: 100, rows: 30 })
      terminal.enter('set height 4')
      terminal.enter(ten)
      await terminal.until(/\n3\n--Type <RET> for more/)
      terminal.enter('q')
      await terminal.until(/Quit\n\(shdb\)$/)
      terminal.enter('set pagination off')
      terminal.enter(ten)
      await terminal.until(/\n13\n14\n\(shdb\)$/)
    },
    TIMEOUT,
  )
})

const COLOR = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]+m`)

describe('colors', () => {
  test(
    'mark fields and addresses as gdb does, until set style enabled off',
    async () => {
      const terminal = await shdb('conns.shdump', { columns: 160 })
      terminal.enter('p *history(0x7f95acf6e000)')
      await terminal.until(/\$1 = \{obj = .*\}\n\(shdb\)$/)
      expect(terminal.colors()).toContain('\x1b[36mobj\x1b[39m = \x1b[34m0x7f95acf6e000\x1b[39m')
      terminal.press('C-l')
      terminal.enter('set style address foreground red')
      terminal.enter('p history(0x7f95acf6e000)')
      await terminal.until(/\$2 = .*\n\(shdb\)$/)
      expect(terminal.colors()).toContain('\x1b[31m0x')
      terminal.press('C-l')
      terminal.enter('set style enabled off')
      terminal.press('C-l')
      terminal.enter('p *history(0x7f95acf6e000)')
      await terminal.until(/\$3 = \{obj = .*\}\n\(shdb\)$/)
      expect(terminal.colors()).not.toMatch(COLOR)
    },
    TIMEOUT,
  )

  test(
    'are not asked of a terminal with NO_COLOR, nor put into logs and pipes',
    async () => {
      const plain = await shdb('conns.shdump', { environment: { NO_COLOR: '1' } })
      plain.enter('info lists')
      await plain.until(/TCP con(.|\n)*\n\(shdb\)$/)
      expect(plain.colors()).not.toMatch(COLOR)
      const colored = await shdb('conns.shdump', { columns: 160 })
      const log = join(home, 'log')
      colored.enter(`set logging file ${log}`)
      colored.enter('set logging enabled on')
      await colored.until(/Copying debug output to .*\n\(shdb\)$/)
      colored.enter('p *history(0x7f95acf6e000)')
      await colored.until(/\$1 = .*\n\(shdb\)$/)
      colored.enter(`| p *history(0x7f95acf6e000) | cat > ${log}.pipe`)
      await colored.prompt()
      colored.enter('set logging enabled off')
      await colored.until(/Done logging to .*\n\(shdb\)$/)
      expect(readFileSync(log, 'utf8')).toMatch(/^\$1 = \{obj = 0x7f95acf6e000, /)
      expect(readFileSync(`${log}.pipe`, 'utf8')).toMatch(/^\$2 = \{obj = 0x7f95acf6e000, /)
    },
    TIMEOUT,
  )
})

test(
  'a new size of the terminal is that of tables, pages and the line',
  async () => {
    const terminal = await shdb('conns.shdump', { columns: 120, rows: 24 })
    terminal.enter('show width')
    await terminal.until('in a line is 120.')
    terminal.type('echo a line that is begun before the terminal becomes narrow')
    await terminal.until(/becomes narrow$/)
    terminal.resize(44, 12)
    await terminal.until(/becomes narrow$/)
    terminal.press('C-u')
    terminal.enter('show width')
    await terminal.until('in a line is 44.')
    terminal.enter('show height')
    await terminal.until('in a page is 12.')
  },
  TIMEOUT,
)

test(
  'a structure that is wider than the terminal goes on before a field',
  async () => {
    const terminal = await shdb('conns.shdump', { columns: 44 })
    terminal.enter('p history(0x7f95acf6e000)->actions[0]')
    await terminal.until(
      /\$1 = \{verb = TCP_REF, t = 1000,\s*\n {2}pid = 49219, tid = 1,\s*\n {2}log = 0x/,
    )
  },
  TIMEOUT,
)

test(
  'a block of a definition is read under signs that show how deep it is',
  async () => {
    const terminal = await shdb('conns.shdump')
    terminal.enter('define twice')
    await terminal.until(/for definition of "twice"\.\nEnd with a line saying just "end"\.\n>$/)
    terminal.enter('if $argc')
    await terminal.until(/\n >$/)
    for (const each of ['p $arg0*2', 'end', 'end']) terminal.enter(each)
    await terminal.prompt()
    terminal.enter('twice 21')
    await terminal.until('$1 = 42')
    terminal.enter('define twice')
    await terminal.until(/Redefine command "twice"\? \(y or n\)$/)
    terminal.enter('maybe')
    await terminal.until('Please answer y or n.')
    terminal.enter('n')
    await terminal.until('Command "twice" not redefined.')
  },
  TIMEOUT,
)

test(
  'Ctrl-D ends the session as quit does',
  async () => {
    const terminal = await shdb('conns.shdump')
    terminal.press('C-d')
    await terminal.until(/\(shdb\) quit\nexit 0$/)
    const other = await shdb('conns.shdump')
    other.enter('quit 7')
    await other.until(/exit 7$/)
  },
  TIMEOUT,
)

test(
  'a dumb terminal gets text and nothing else',
  async () => {
    const terminal = await shdb('conns.shdump', {
      columns: 160,
      environment: { TERM: 'dumb' },
    })
    terminal.enter('p *history(0x7f95acf6e000)')
    await terminal.until(/\$1 = .*\n\(shdb\)$/)
    terminal.enter('while 1')
    await terminal.until(/while 1\n *>$/)
    terminal.enter('end')
    await terminal.until(/end$/)
    terminal.press('C-c')
    await terminal.until(/Quit\n\(shdb\)$/)
    terminal.press('C-d')
    await terminal.until(/quit\nexit 0$/)
    expect(terminal.raw()).not.toContain('\x1b')
  },
  TIMEOUT,
)

test(
  'names and texts of an image never command the terminal',
  async () => {
    const terminal = await shdb('hostile.shdump', { environment: { TERM: 'dumb' } })
    terminal.enter('set height 0')
    for (const each of ['info lists', 'info histories', 'info threads', 'info verbs', 'find text'])
      terminal.enter(each)
    terminal.enter('p *list("list")')
    terminal.enter('complete history ob')
    terminal.enter('info target')
    terminal.enter('echo finished\\n')
    // A plain terminal echoes what is typed ahead at once, so the text may stand behind a prompt.
    await terminal.until(/finished\n\(shdb\)$/)
    const raw = terminal.raw()
    expect(raw).toContain('\\033]0;owned\\007')
    expect(raw.match(/\p{C}/gu)?.filter((each) => !'\r\n\t'.includes(each))).toEqual([])
  },
  TIMEOUT,
)
