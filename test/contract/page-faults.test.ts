// The faults of a page: saved in its storage, and there at the next visit. The page is a frame, so that it can be left.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { dumpOnFault, savedDumps } from '../../src/faults/index.ts'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'

const isPage = typeof indexedDB !== 'undefined' && typeof document !== 'undefined'
const isWebKit = isPage && /AppleWebKit(?!.*Chrom)/.test(navigator.userAgent)
// In a variable: vite takes `new URL(`…`, import.meta.url)` for an asset.
const here = import.meta.url
const source = (path: string) => new URL(`../../src/${path}`, here).href

async function clear() {
  for (const dump of await savedDumps()) await dump.remove()
}

/** A page that has recorded one event and watches for faults; `fault` runs in it. */
async function visit(fault: string, options = '') {
  const frame = document.createElement('iframe')
  const armed = new Promise((resolve) => addEventListener('message', resolve, { once: true }))
  frame.srcdoc = `<script type="module">
import { Recorder } from '${source('index.ts')}'
import { dumpOnFault } from '${source('faults/index.ts')}'
const recorder = new Recorder({ name: 'page', budget: '1MiB' })
const { SEEN } = recorder.verbs({ SEEN: 0 })
const life = recorder.list('jobs').push(0x10)
life.log(SEEN, 'before the fault')
dumpOnFault(recorder, { file: 'proxy', ${options} })
parent.postMessage('armed')
${fault}
</script>`
  document.body.append(frame)
  await armed
  return frame
}

describe.runIf(isPage)('dumpOnFault() in a page', () => {
  beforeEach(clear)
  afterEach(() => {
    for (const frame of document.querySelectorAll('iframe')) frame.remove()
  })

  test.each([
    [
      'an uncaught error',
      `setTimeout(() => { throw new TypeError('the fault') })`,
      '',
      // WebKit tells nothing of an error in a frame of srcdoc.
      /^uncaught (TypeError|error)$/,
    ],
    [
      'an unhandled rejection',
      `Promise.reject(new Error('the fault'))`,
      '',
      /^unhandled rejection$/,
    ],
    ['a trigger', `recorder.trigger('queue is full', life)`, '', /^trigger: queue is full$/],
  ])('saves a dump at %s', async (_, fault, options, reason) => {
    await visit(fault, options)
    await expect.poll(savedDumps).toHaveLength(1)
    const [saved] = await savedDumps()
    expect(saved?.name).toMatch(/^proxy-\d{8}T\d{6}\.\d{3}Z\.shdump$/)
    expect(saved?.reason).toMatch(reason)
    const bytes = (await saved?.bytes()) as Uint8Array
    expect(bytes).toHaveLength(saved?.size as number)
    const image = openImage(bytes)
    expect(image.find(0x10)[0]?.events()).toMatchObject([{ log: 'before the fault' }])
    expect(image.find(`${saved?.reason.replace('trigger: ', '')}`)).toHaveLength(1)
    await saved?.remove()
    expect(await savedDumps()).toEqual([])
  })

  async function leave(frame: HTMLIFrameElement) {
    frame.src = 'about:blank'
    frame.removeAttribute('srcdoc')
    await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
  }

  // WebKit drops what a page that is left had not got acknowledged.
  test.skipIf(isWebKit)(
    'saves a dump when the page is left, as soon as its storage is open',
    async () => {
      const isSaved = async (after: number) => {
        const frame = await visit('', 'pagehide: true')
        await new Promise((resolve) => setTimeout(resolve, after))
        await leave(frame)
        return (await savedDumps()).length
      }
      await expect
        .poll(async () => (await isSaved(200)) || (await isSaved(1000)))
        .toBeGreaterThan(0)
      const [saved] = await savedDumps()
      expect(saved).toMatchObject({ reason: 'the page was left' })
      const image = openImage((await saved?.bytes()) as Uint8Array)
      expect(image.find(0x10)[0]?.events()).toMatchObject([{ log: 'before the fault' }])
    },
  )

  test('saves none when the page is left, unless told to', async () => {
    await leave(await visit(''))
    expect(await savedDumps()).toEqual([])
  })

  test('saves no more than its limit, and says so', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue(undefined)
    const recorder = new Recorder({ budget: '1MiB' })
    const hook = dumpOnFault(recorder, { limit: 1, interval: 0 })
    recorder.trigger('first')
    await expect.poll(savedDumps).toHaveLength(1)
    recorder.trigger('second')
    await expect
      .poll(() => warn.mock.calls.flat())
      .toContain(
        'struct-history: trigger: second: no dump: there are 1 dumps saved in this page already (limit)',
      )
    hook.remove()
    recorder.trigger('third')
    expect((await savedDumps()).map(({ reason }) => reason)).toEqual(['trigger: first'])
    warn.mockRestore()
  })
})
