// Where a dump goes: a template of a URL, its fields filled in.

import { hostname } from 'node:os'
import { basename } from 'node:path'
import { CommandError } from '../../inspector/index.ts'

/** Of `proxy-20260131T235959.123Z-4711.shdump`. */
const NAME = /-((\d{4})(\d\d)(\d\d)T\d{6}\.\d{3}Z)-(\d+)(?:-\d+)?\.shdump$/
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/

/** Fields that a template may have in braces. */
export const FIELDS = ['name', 'host', 'day', 'time', 'pid'] as const

/** What leaves the machine is encrypted: https, or http to the machine itself. */
export function addressOf(template: string, file: string): URL {
  const name = basename(file)
  const [, time = '', year = '', month = '', day = '', pid = ''] = NAME.exec(name) ?? []
  const values: Record<string, string> = {
    ...{ name, host: hostname(), time, pid },
    day: year === '' ? '' : `${year}-${month}-${day}`,
  }
  const filled = template.replace(/\{([^{}]*)\}/g, (_, field: string) => {
    const value = Object.hasOwn(values, field) ? values[field] : undefined
    if (value === undefined)
      throw new CommandError(
        `the URL has {${field}}, expected ${FIELDS.map((each) => `{${each}}`).join(' ')}`,
      )
    return encodeURIComponent(value || 'unknown')
  })
  const url = URL.canParse(filled) ? new URL(filled) : undefined
  const isSafe =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname))
  if (url === undefined || !isSafe)
    throw new CommandError(
      `the URL must be https, or http to this machine itself, got "${shownAddress(filled)}"`,
    )
  return url
}

/** Without what may be secret. */
export function shownAddress(url: string | URL): string {
  return String(url)
    .replace(/\?.*$/s, '?…')
    .replace(/\/\/[^/@]*@/, '//…@')
}
