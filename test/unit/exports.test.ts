// npm and JSR users get the same entry points, and each entry what its source says.

import { describe, expect, test } from 'vitest'
import denoJson from '../../deno.json' with { type: 'json' }
import packageJson from '../../package.json' with { type: 'json' }

/** Of browsers alone, with style sheets in it, which JSR does not take: test/web/live.test.ts holds it. */
const { './package.json': itself, './page': page, ...entries } = packageJson.exports
// In a variable: vite takes `new URL(`…`, import.meta.url)` for an asset and resolves it at once.
const here = import.meta.url
const jsr: Record<string, string> = denoJson.exports

describe('package.json and deno.json', () => {
  test('name the same entry points and version', () => {
    expect(Object.keys(entries).sort()).toEqual(Object.keys(jsr).sort())
    expect(denoJson.version).toBe(packageJson.version)
    expect(itself).toBe('./package.json')
    expect(page.types).toBe(page.default.replace(/\.js$/, '.d.ts'))
  })

  test('name the same versions of other packages', () => {
    const { dependencies, devDependencies } = packageJson
    const versions: Record<string, string> = { ...devDependencies, ...dependencies }
    for (const [name, specifier] of Object.entries(denoJson.imports)) {
      expect(specifier).toBe(`npm:${name}@${versions[name]}`)
    }
  })

  test('build each entry from the source that JSR publishes', () => {
    for (const [name, { default: built, types }] of Object.entries(entries)) {
      expect(built.replace('./build/', './src/').replace(/\.js$/, '.ts')).toBe(jsr[name])
      expect(types).toBe(built.replace(/\.js$/, '.d.ts'))
    }
  })
})

/** Act when they are imported, on whoever imports them: test/plugin and test/register do that in processes of their own. */
const ACTING = ['./plugin/register', './register']

describe('each built entry', () => {
  for (const [name, { default: built }] of Object.entries(entries)) {
    if (ACTING.includes(name)) continue
    test(`struct-history${name.slice(1)} exports what its source exports`, async () => {
      const load = (path: string): Promise<object> =>
        import(/* @vite-ignore */ new URL(`../../${path}`, here).href)
      const source = await load(`${jsr[name]}`)
      expect(Object.keys(source)).not.toEqual([])
      expect(Object.keys(await load(built)).sort()).toEqual(Object.keys(source).sort())
    })
  }
})
