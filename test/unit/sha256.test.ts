// SHA-256 and HMAC as the platform's own compute them, at every length near a block's end.

import { describe, expect, test } from 'vitest'
import { KEY_BYTES_MIN, Pseudonyms } from '../../src/privacy/pseudonym.ts'
import { Hmac, sha256 } from '../../src/privacy/sha256.ts'

const hex = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
const bytesOf = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 89 + length) & 0xff)
const LENGTHS = [...Array.from({ length: 200 }, (_, i) => i), 1000, 65_537]

describe('SHA-256', () => {
  test('of every length', async () => {
    for (const length of LENGTHS) {
      const message = bytesOf(length)
      const expected = new Uint8Array(await crypto.subtle.digest('SHA-256', message))
      expect([length, hex(sha256(message))]).toEqual([length, hex(expected)])
    }
  })

  test('with keys of every length', async () => {
    for (const length of LENGTHS.filter((each) => each > 0 && each < 1000)) {
      const [raw, message] = [bytesOf(length), bytesOf(200 - length)]
      const how = { name: 'HMAC', hash: 'SHA-256' }
      const key = await crypto.subtle.importKey('raw', raw, how, false, ['sign'])
      const expected = new Uint8Array(await crypto.subtle.sign('HMAC', key, message))
      expect([length, hex(new Hmac(raw).of(message))]).toEqual([length, hex(expected)])
    }
  })
})

describe('a pseudonym', () => {
  const key = 'k'.repeat(KEY_BYTES_MIN)

  test('is what openssl says: printf alice | openssl dgst -sha256 -hmac kkkkkkkkkkkkkkkk', () => {
    expect(new Pseudonyms(key).of('alice')).toBe('~c9a07ff6d5dfe8bf')
  })

  test('is of equal values equal, of others and with another key another', () => {
    const names = new Pseudonyms(key)
    expect(names.of('alice')).toBe(new Pseudonyms(new TextEncoder().encode(key)).of('alice'))
    expect(names.of('alicf')).not.toBe(names.of('alice'))
    expect(new Pseudonyms(`${key}k`).of('alice')).not.toBe(names.of('alice'))
  })

  test('has no key that could be found by trying', () => {
    expect(() => new Pseudonyms('k'.repeat(KEY_BYTES_MIN - 1))).toThrow(
      'key must have at least 16 bytes, got 15',
    )
  })
})
