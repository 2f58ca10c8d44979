// What outlives the process: the options, wherever there are files or none.

import { describe, expect, test } from 'vitest'
import { Recorder, type RecorderOptions } from '../../src/index.ts'

const recorder = (options: object) => () => new Recorder(options as RecorderOptions)
const hasFiles = 'process' in globalThis && 'getBuiltinModule' in globalThis.process

describe('the options file, durable, interval and keep', () => {
  test.each([
    [{ file: '' }, 'file must be a string, got ""'],
    [{ file: 7 }, 'file must be a string, got 7'],
    [{ durable: 'mapped' }, "durable 'mapped' needs a file"],
    [{ durable: 'none', file: 'x' }, "durable 'none' has no file"],
    [
      { durable: 'always', file: 'x' },
      `durable must be 'none', 'copied', 'mapped' or 'best', got "always"`,
    ],
    [{ interval: 0 }, 'interval must be an integer >= 1, got 0'],
    [{ interval: 60_001 }, 'interval must be <= 60000, got 60001'],
    [{ keep: -1 }, 'keep must be an integer >= 0, got -1'],
  ])('%j: %s', (options, sentence) => {
    expect(recorder(options)).toThrow(`Cannot create recorder: ${sentence}`)
  })

  test('without a file nothing outlives the process', () => {
    const plain = new Recorder({ budget: '1MiB' })
    expect([plain.durable, plain.file, plain.stats().durable]).toEqual(['none', undefined, 'none'])
    expect(Recorder.join(plain.share()).durable).toBe('none')
  })

  test.skipIf(hasFiles)('a page has no files, and says so', () => {
    expect(recorder({ file: 'x', durable: 'mapped' })).toThrow(
      'Cannot create recorder in file "x": there are no files here',
    )
    expect(() => Recorder.open('x')).toThrow('Cannot open recorder "x": there are no files here')
  })
})
