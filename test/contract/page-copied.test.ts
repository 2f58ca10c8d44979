// A page's black box: a worker copies its recorder into the page's private files, and the next page finds what is left.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { savedDumps } from '../../src/faults/index.ts'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'

const isPage = typeof document !== 'undefined'
// Debian's WebKitGTK has none.
const hasFiles = isPage && typeof navigator.storage?.getDirectory === 'function'
// In a variable: vite takes `new URL(`…`, import.meta.url)` for an asset.
const here = import.meta.url
const source = (path: string) => new URL(`../../src/${path}`, here).href

async function clear() {
  for (const dump of await savedDumps()) await dump.remove()
}

/** A page that logs for ever, and tells how many events two passes have begun and ended after. */
async function visit(options = '') {
  const frame = document.createElement('iframe')
  const copied = new Promise<number>((resolve) =>
    addEventListener('message', ({ data }) => resolve(data), { once: true }),
  )
  frame.srcdoc = `<script type="module">
import { Recorder } from '${source('index.ts')}'
const recorder = new Recorder({ name: 'page', file: 'proxy', durable: 'copied', interval: 5, ${options} })
const { SENT } = recorder.verbs({ SENT: 0 })
const life = recorder.list('jobs', { maxEvents: 5000 }).push(0x10)
let n = 0
let mark = { n: 0, copies: 0 }
setInterval(() => {
  life.log(SENT, 'n %d', n++)
  const { copies } = recorder.stats()
  if (copies < mark.copies + 2) return
  if (mark.n > 0) parent.postMessage(mark.n)
  mark = { n, copies }
}, 1)
</script>`
  document.body.append(frame)
  return { frame, copied: await copied }
}

const leave = () => {
  for (const frame of document.querySelectorAll('iframe')) frame.remove()
}

describe.runIf(isPage && hasFiles)('durable: copied, in a page', () => {
  beforeEach(clear)
  afterEach(leave)

  test('is there for the next page, but for the last moment; not for others while it lives', async () => {
    const { copied } = await visit()
    expect(await savedDumps()).toEqual([])
    leave()
    await expect.poll(savedDumps).toHaveLength(1)
    const [saved] = await savedDumps()
    expect(saved?.name).toMatch(/^proxy-\d{8}T\d{6}\.\d{3}Z-\w{6}\.shdump$/)
    expect(saved?.reason).toMatch(/^the page (was left|crashed, or was killed)$/)
    const bytes = (await saved?.bytes()) as Uint8Array
    expect(bytes).toHaveLength(saved?.size as number)
    const image = openImage(bytes)
    const events = image.find(0x10)[0]?.events() ?? []
    expect(image.problems()).toEqual([])
    expect(events.slice(0, copied).map(({ log }) => log)).toEqual(
      Array.from({ length: copied }, (_, n) => `n ${n}`),
    )
    await saved?.remove()
    expect(await savedDumps()).toEqual([])
  })

  // The one before the last, which is kept, and the last.
  test('keeps the last few of earlier pages', async () => {
    for (let n = 0; n < 3; n++) {
      await visit('keep: 1')
      leave()
      await expect.poll(async () => (await savedDumps()).length).toBe(Math.min(2, n + 1))
    }
  })

  test('tells its passes, and its file', async () => {
    const recorder = new Recorder({ file: 'a/b/own', durable: 'best', budget: '1MiB', interval: 5 })
    expect(recorder.durable).toBe('copied')
    expect(recorder.file).toMatch(/^own-.*\.shdump$/)
    await expect.poll(() => recorder.stats().copies).toBeGreaterThan(2)
    expect(recorder.stats().copiesFailed).toBe(0)
  })

  test('needs a name', () => {
    expect(() => new Recorder({ file: 'folder/', durable: 'copied' })).toThrow(
      'Cannot create recorder in file "folder/": it must end with a name',
    )
  })
})

test.runIf(isPage && !hasFiles)('where a page has no private files, that is said', () => {
  expect(() => new Recorder({ file: 'x', durable: 'copied' })).toThrow(
    'Cannot create recorder in file "x": there is no private file system (OPFS) here',
  )
})
