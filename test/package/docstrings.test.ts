// The API reference is made of docstrings (`npm run api`): whatever a user calls has one.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from './installed.ts'

interface Declaration {
  readonly kind: string
  readonly declarationKind: string
  readonly jsDoc?: { readonly doc?: string }
  readonly def?: { readonly methods?: readonly Method[] }
}

interface Method {
  readonly name: string
  readonly kind: string
  readonly accessibility?: string
  readonly jsDoc?: { readonly doc?: string; readonly tags?: readonly { readonly kind: string }[] }
}

const entries = Object.values(
  JSON.parse(readFileSync(join(ROOT, 'deno.json'), 'utf8')).exports as Record<string, string>,
).filter((path) => /\.tsx?$/.test(path))

test('every exported class, its methods, and every exported function say what they do', {
  timeout: 120_000,
}, () => {
  const deno = join(ROOT, 'node_modules/.bin/deno')
  const text = execFileSync(deno, ['doc', '--json', ...entries], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const modules = Object.entries(JSON.parse(text).nodes) as [
    string,
    { symbols: { name: string; declarations: Declaration[] }[] },
  ][]
  const silent: string[] = []
  let told = 0
  for (const [file, { symbols }] of modules) {
    for (const { name, declarations } of symbols) {
      const called = declarations.filter(
        ({ kind, declarationKind }) =>
          declarationKind === 'export' && (kind === 'class' || kind === 'function'),
      )
      if (called.length === 0) continue
      const place = `${file.replace(/^.*\/src\//, '')} ${name}`
      // Of overloads one may speak for all.
      if (called.some(({ jsDoc }) => jsDoc?.doc)) told++
      else silent.push(place)
      const methods = called.flatMap(({ def }) => def?.methods ?? [])
      for (const method of new Set(methods.map((each) => each.name))) {
        const all = methods.filter((each) => each.name === method)
        const isInternal = all.some(({ jsDoc }) =>
          jsDoc?.tags?.some(({ kind }) => kind === 'internal'),
        )
        const isPrivate = all.some(({ accessibility }) => accessibility === 'private')
        if (isInternal || isPrivate || method.startsWith('[')) continue
        if (all.some(({ jsDoc }) => jsDoc?.doc)) told++
        else silent.push(`${place}.${method}()`)
      }
    }
  }
  expect(told).toBeGreaterThan(60)
  expect(silent).toEqual([])
})
