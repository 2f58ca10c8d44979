// The machine's name in an image, so that dumps of many can be told apart.

import { describe, expect, test } from 'vitest'
import { Recorder } from '../../src/index.ts'
import { openImage } from '../../src/inspect.ts'

const hostIn = (recorder: Recorder) => openImage(recorder.snapshot()).host

describe('the option host', () => {
  test('is in the image', () => {
    expect(hostIn(new Recorder({ budget: '1MiB', host: 'web1.example' }))).toBe('web1.example')
    expect(hostIn(new Recorder({ budget: '1MiB', host: '' }))).toBe('')
  })

  test("is the machine's own name by default, and none in a browser", async () => {
    const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } }
    const os = process?.getBuiltinModule?.('node:os') as { hostname(): string } | undefined
    expect(hostIn(new Recorder({ budget: '1MiB' }))).toBe(os?.hostname() ?? '')
  })

  test('must be a string', () => {
    expect(() => new Recorder({ host: 7 as never })).toThrow(
      'Cannot create recorder: host must be a string, got 7',
    )
  })
})
