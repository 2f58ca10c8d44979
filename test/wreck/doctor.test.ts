// Will there be a core? And the handler that keeps the recorder of a dying process instead of one.

import { spawn, spawnSync } from 'node:child_process'
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { filterFinding, limitFinding, patternFinding } from '../../src/cli/doctor.ts'
import {
  Folder,
  OBJECT,
  RUNTIMES,
  type Running,
  shdb,
  shdbCommand,
  started,
  TARGET,
} from './programs.ts'

const PATTERN = '/proc/sys/kernel/core_pattern'
/** The inode of the first pid namespace, in which the kernel runs its handlers. */
const FIRST_NAMESPACE = 'pid:[4026531836]'

const folder = new Folder()
const programs: Running[] = []
afterEach(async () => {
  for (const each of programs.splice(0)) await each.end()
})
afterAll(() => folder.remove())

describe('shdb doctor', () => {
  test('tells of each setting, with the lines that mend it', async () => {
    const without = spawnSync(
      'bash',
      ['-c', 'ulimit -Sc 0; exec "$@"', 'bash', process.execPath, 'build/cli/shdb.js', 'doctor'],
      { encoding: 'utf8' },
    )
    expect(without.stdout).toMatch(
      /^NO {2}core size limit: 0 \(hard: \S+\): no core is written\n {6}ulimit -c unlimited/,
    )
    expect(without.stdout).toMatch(/A crash will leave no core that holds the recorder\.\n$/)
    expect(without.status).toBe(1)

    const program = await started([...RUNTIMES.node20, TARGET, 'wait'])
    programs.push(program)
    const pid = `${program.pid}`
    spawnSync('prlimit', ['--pid', pid, '--core=0:unlimited'])
    writeFileSync(`/proc/${pid}/coredump_filter`, '0x10')
    const sick = shdbCommand(['doctor', pid])
    expect(sick.code).toBe(1)
    expect(sick.out).toContain(`      prlimit --pid ${pid} --core=unlimited:unlimited\n`)
    expect(sick.out).toContain('NO  coredump_filter: 0x10: the memory of recorders')
    // The lines that it prints do mend it.
    for (const [, line] of sick.out.matchAll(/^NO .*\n {6}(.*)$/gm)) {
      expect(spawnSync('sh', ['-c', line ?? 'false']).status).toBe(0)
    }
    const well = shdbCommand(['doctor', pid])
    expect(well).toMatchObject({ err: '', code: 0 })
    expect(well.out).not.toMatch(/^NO/m)
  })

  test('knows handlers, cut cores and missing bits', () => {
    const limits = (soft: string, hard: string): string =>
      `Limit  Soft Limit  Hard Limit  Units\nMax core file size  ${soft}  ${hard}  bytes\n`
    expect(limitFinding(limits('unlimited', 'unlimited'), 'core').isWell).toBe(true)
    expect(limitFinding(limits('1000', '1000'), 'core')).toMatchObject({ isWell: false })
    expect(limitFinding(limits('0', '0'), '|/bin/true %P').isWell).toBe(true)
    expect(filterFinding('00000033').isWell).toBe(true)
    expect(filterFinding('00000032', 7)).toMatchObject({
      isWell: false,
      mend: ['echo 0x33 > /proc/7/coredump_filter'],
    })
    expect(patternFinding('|/no/such/program %P').isWell).toBe(false)
    expect(patternFinding('').isWell).toBe(false)
    expect(patternFinding('/var/cores/core.%p')).toEqual({
      isWell: true,
      text: 'core_pattern: /var/cores/core.%p',
    })
    expect(patternFinding('core').mend?.[0]).toMatch(/^echo core\.%e\.%p\.%t > \/proc\/sys/)
  })

  test.each([
    [['999999999'], 'shdb doctor: ptrace: No such process.\n'],
    [['x'], 'shdb doctor: Illegal process-id: x.\n'],
    [['-z'], "shdb doctor: unrecognized option '-z'\n"],
  ])('%s', (words, err) => {
    expect(shdbCommand(['doctor', ...words])).toEqual({ out: '', err, code: 1 })
  })
})

/** The dumps in a folder. */
const dumpsIn = (path: string): readonly string[] =>
  existsSync(path) ? readdirSync(path).filter((name) => name.endsWith('.shdump')) : []

function expectDump(path: string, pid: number): void {
  const [name = ''] = dumpsIn(path)
  expect(name).toMatch(new RegExp(`^proxy\\.${pid}\\.\\d{8}T\\d{6}Z\\.shdump$`))
  expect(statSync(`${path}/${name}`).mode & 0o777).toBe(0o600)
  expect(statSync(`${path}/${name}`).size).toBe(524_288)
  const { out } = shdb(['-ex', `history ${OBJECT}`, `${path}/${name}`])
  expect(out).toMatch(/42 events, nothing lost/)
  expect(out).toMatch(/^\$42 = .* "close, \(0\)"\}$/m)
}

describe('shdb core-handler', () => {
  test('keeps the recorder of a process that stands still, and no more dumps than it may', async () => {
    const program = await started([...RUNTIMES.node20, TARGET, 'wait'])
    programs.push(program)
    process.kill(program.pid, 'SIGSTOP')
    const kept = folder.file('kept')
    const words = ['core-handler', '-d', kept, '-max', '1', `${program.pid}`]
    expect(shdbCommand(words)).toMatchObject({ err: '', code: 0 })
    expect(statSync(kept).mode & 0o777).toBe(0o700)
    expectDump(kept, program.pid)
    expect(shdbCommand(words).out).toMatch(/not kept: .* has 1 dumps, and -max is 1\n$/)
    expect(dumpsIn(kept)).toHaveLength(1)
  })

  test('leaves nothing of a process without a recorder', async () => {
    const program = await started([
      process.execPath,
      '-e',
      'console.log("ready"); setInterval(() => {}, 1e6)',
    ])
    programs.push(program)
    const none = folder.file('none')
    const { err, code } = shdbCommand(['core-handler', '-d', none, `${program.pid}`])
    expect(code).toBe(1)
    expect(err).toMatch(/^shdb core-handler: No recorder in process/)
    expect(dumpsIn(none)).toEqual([])
  })

  test.runIf(mayBeHandler())(
    'run by the kernel, keeps the recorder of a process that dies',
    async () => {
      const kept = folder.file('by-kernel')
      const before = readFileSync(PATTERN, 'utf8').trim()
      const handler = folder.file('h')
      // Others on this machine may be waiting for cores of their own meanwhile.
      writeFileSync(
        handler,
        `#!/bin/sh
if tr '\\0' ' ' < /proc/$1/cmdline | grep -q ${folder.path}; then
  exec ${process.execPath} ${process.cwd()}/build/cli/shdb.js core-handler -d ${kept} $1
fi
[ "$2" = 0 ] || /bin/dd of=/proc/$1/cwd/core bs=1M iflag=fullblock conv=sparse 2>/dev/null
`,
      )
      chmodSync(handler, 0o755)
      // Puts things right when this process does not come to it.
      const guard = spawn(
        'sh',
        [
          '-c',
          `while [ -e /proc/${process.pid} ]; do sleep 1; done; grep -q ${handler} ${PATTERN} && echo '${before}' > ${PATTERN}`,
        ],
        { detached: true, stdio: 'ignore' },
      )
      try {
        writeFileSync(PATTERN, `|${handler} %P %c`)
        const [program, ...words] = RUNTIMES.node26
        const begun = Date.now()
        const child = spawn(program, [...words, TARGET, 'abort', '1', folder.path], {
          stdio: 'ignore',
        })
        const signal = await new Promise((done) => child.once('close', (_, by) => done(by)))
        console.log(`node26, with shdb as its core handler, took ${Date.now() - begun} ms in all`)
        expect(signal).toBe('SIGABRT')
        expectDump(kept, child.pid ?? 0)
      } finally {
        writeFileSync(PATTERN, before)
        guard.kill('SIGKILL')
      }
      expect(readFileSync(PATTERN, 'utf8').trim()).toBe(before)
    },
    30_000,
  )
})

function mayBeHandler(): boolean {
  try {
    accessSync(PATTERN, constants.W_OK)
    return readlinkSync('/proc/self/ns/pid') === FIRST_NAMESPACE
  } catch {
    return false
  }
}
