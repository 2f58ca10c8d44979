// Dumps for the page: of every runtime, of the demo, and some that are none.

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'
import { elfCore } from '../support/elf-core.ts'
import { raceBytes } from '../support/race-image.ts'
import { RUNTIMES, type Runtime } from '../wreck/programs.ts'
import type { Visitor } from './visitor.ts'

const PROGRAM = resolve('test/web/recorded.mjs')
const DEADLINE_MS = 60_000
const DEMOS_MAX = 5

export class Dumps {
  readonly folder = mkdtempSync(join(tmpdir(), 'page-'))

  file(name: string, bytes: Uint8Array | string): string {
    const path = join(this.folder, name)
    writeFileSync(path, bytes)
    return path
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** The story of recorded.mjs, as that runtime tells it. */
  of(runtime: Runtime): string {
    const path = join(this.folder, `${runtime}.shdump`)
    if (existsSync(path)) return path
    const [command = '', ...words] = RUNTIMES[runtime]
    execFileSync(command, [...words, PROGRAM, path], { timeout: DEADLINE_MS })
    return path
  }

  /** The same, told in a page. */
  async ofPage(visitor: Visitor, name: string): Promise<string> {
    const { outputFiles } = await build({
      stdin: {
        contents: `import { Recorder } from './build/index.js'
import { record } from './test/web/recorded.mjs'
globalThis.recorded = [...record(Recorder).snapshot()].map((byte) => byte.toString(16).padStart(2, '0')).join('')`,
        resolveDir: resolve('.'),
        loader: 'js',
      },
      bundle: true,
      write: false,
      format: 'iife',
      target: 'es2022',
      external: ['node:*', '#*', '@deno/shim-deno'],
      logLevel: 'error',
    })
    await visitor.evaluate(`${outputFiles[0]?.text};0`)
    const hex = await visitor.evaluate<string>('globalThis.recorded')
    return this.file(name, Buffer.from(hex, 'hex'))
  }

  /**
   * What `npm run demo` leaves, and the object that the engine's crash names. Other threads log on while it crashes: where one was
   * in the middle of an event, the dump tells of it, rightly, and the demo is run again.
   */
  ofDemo(): { path: string; object: string } {
    for (let run = 1; ; run++) {
      const demo = this.#demo()
      if (run === DEMOS_MAX || !existsSync(demo.path)) return demo
      const image = openImage(readFileSync(demo.path))
      const lives = image.lists().flatMap((list) => list.histories())
      const isWhole = lives.every((life) => life.events().every(({ lost }) => lost === 0))
      if (isWhole && image.problems().length === 0) return demo
      rmSync(demo.path)
    }
  }

  #demo(): { path: string; object: string } {
    const { stdout } = spawnSync(process.execPath, ['scripts/demo.mjs'], {
      encoding: 'utf8',
      timeout: 2 * DEADLINE_MS,
      env: { ...process.env, NO_COLOR: '1' },
    })
    const path = /The dump stays: npx shdb (\S+)/.exec(stdout)?.[1] ?? ''
    const object = /cannot .*(0x[0-9a-f]+)/.exec(stdout)?.[1] ?? ''
    return { path, object }
  }

  /** Always the same bytes. */
  ofRace(name = 'race.shdump'): string {
    return this.file(name, raceBytes())
  }

  /** The same as lines among those of others: rotated once, and that compressed; the newer file is first. */
  logOf(image: string): readonly [string, string] {
    const lines = execFileSync(
      process.execPath,
      ['build/cli/shdb.js', 'export', '--format', 'syslog', image],
      { encoding: 'utf8', timeout: DEADLINE_MS, maxBuffer: 1 << 28 },
    ).split('\n')
    const day = 'Nov 28 04:12:33 web1 sshd[12]: Accepted publickey for root\n'.repeat(2000)
    const half = lines.length >> 1
    const [older, newer] = [lines.slice(0, half), lines.slice(half)].map((part) => part.join('\n'))
    return [
      this.file('proxy.log', `${day}${newer}`),
      this.file('proxy.log.1.gz', gzipSync(`${day}${older}\n`)),
    ]
  }

  zipped(name = 'race.shdump.gz'): string {
    return this.file(name, gzipSync(raceBytes()))
  }

  /** With an image somewhere in its memory. */
  ofCore(name = 'core.4711'): string {
    const heap = { address: 0x10000, bytes: new Uint8Array(1 << 16).fill(7) }
    const bytes = elfCore([heap, { address: 0x7f0000000000, bytes: raceBytes() }], {
      command: 'proxy',
      pid: 4711,
      signal: 6,
    })
    return this.file(name, bytes)
  }

  /** So long that reading it can be given up: one segment of nothing but holes. */
  ofLongCore(name: string, length: number): string {
    const core = elfCore([{ address: 0x10000, bytes: new Uint8Array(4096) }])
    const view = new DataView(core.buffer)
    // Behind the header of the file and that of the notes.
    const segment = 64 + 56
    view.setBigUint64(segment + 32, BigInt(length), true)
    view.setBigUint64(segment + 40, BigInt(length), true)
    const path = this.file(name, core)
    truncateSync(path, core.length + length)
    return path
  }

  /** Names and texts that a page must not take for anything else. */
  ofHostile(name = 'hostile.shdump'): string {
    const evil = '<img src=x onerror="globalThis.harmed=1">'
    const recorder = new Recorder({ name: evil, budget: '1MiB', thread: `${evil}\u202e` })
    const verbs = recorder.verbs({ [evil]: +1, 'javascript:harmed=1': 'end' })
    const list = recorder.list(`${evil}\u0007</script><script>globalThis.harmed=1</script>`)
    for (let n = 0; n < 5; n++) {
      const history = list.push(`${evil}${n}`)
      history.log(verbs[evil] as never, '%s', `${evil}\x1b[31m\n{{constructor}}`)
      history.log(verbs['javascript:harmed=1'] as never, 'over')
      history.log(verbs[evil] as never, 'and on')
    }
    return this.file(name, recorder.snapshot())
  }

  /** 100,000 histories of three events, one of them with a fourth. */
  ofMany(name = 'many.shdump'): string {
    const recorder = new Recorder({ name: 'many', budget: '128MiB' })
    const verbs = recorder.verbs({ REF: +1, UNREF: -1, DESTROY: 'end' })
    const list = recorder.list('TCP con', { window: 100_000 })
    for (let n = 0; n < 100_000; n++) {
      const history = list.push(0x7f95acf00000 + n * 0x250)
      history.log(verbs.REF, 'take, (%d)', 1)
      history.log(verbs.UNREF, 'give, (%d)', 0)
      history.log(verbs.DESTROY, 'type=%d', 2)
      if (n === 77_777) history.log(verbs.UNREF, 'give, (%d)', -1)
    }
    return this.file(name, recorder.snapshot())
  }
}
