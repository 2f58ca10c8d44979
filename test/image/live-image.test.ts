// Memory that is still written to is just another image, which is never remembered.

import { expect, test } from 'vitest'
import * as at from '../../assembly/layout.ts'
import { openImage } from '../../src/inspect.ts'
import { ImageBuilder } from '../support/image-builder.ts'

function givenLive() {
  const given = new ImageBuilder()
  given.u32(at.HEADER_CHUNKS, 255)
  given.thread('main')
  given.verb('SEND')
  return { given, image: openImage(given.bytes, { live: true }) }
}

test('openImage() of living memory shows what was pushed and logged since', () => {
  const { given, image } = givenLive()
  const list = given.list('TCP con')
  const history = list.push(0x10).log('SEND', 'one')
  const [found] = image.list('TCP con')?.histories() ?? []
  expect(found?.events().map((event) => event.log)).toEqual(['one'])
  history.log('SEND', 'two')
  list.push(0x20)
  expect(found?.events().map((event) => event.log)).toEqual(['one', 'two'])
  expect(image.find(0x20)).toHaveLength(1)
  expect(image.problems()).toEqual([])
})

test('a history of living memory shows nothing of the life that came after it in its slot', () => {
  const { given, image } = givenLive()
  const history = given.list('TCP con').push(0x10).log('SEND', 'mine')
  const [found] = image.find(0x10)
  given.u32(history.offset + at.HISTORY_GENERATION, 2)
  given.u16(history.offset + at.HISTORY_CONTROL + at.CONTROL_GENERATION_SHIFT / 8, 2)
  expect(found?.objectText).toBe('0x10')
  expect(found?.events()).toEqual([])
  expect(found?.len).toBe(0)
  expect(image.history(history.handle)).toBeUndefined()
})
