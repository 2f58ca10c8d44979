// ARCHITECTURE.md names what is there: every folder a newcomer meets, and every entry of the package.

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { manifest, ROOT } from './installed.ts'

const architecture = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8')
const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' })
  .split('\n')
  .filter((path) => path.includes('/'))

/** Folders up to this depth, by the files in git. */
function folders(under: string, depth: number): string[] {
  const found = new Set<string>()
  for (const file of files) {
    const parts = dirname(file).split('/')
    const path = parts.slice(0, depth).join('/')
    if (parts.length >= depth && path.startsWith(under)) found.add(path)
  }
  return [...found]
}

/** The tree has one line for a folder, under its parent or with its whole path. */
const isNamed = (path: string) =>
  architecture.includes(`${path}/`) ||
  new RegExp(`^ +${path.split('/').at(-1)}/`, 'm').test(architecture) ||
  new RegExp(`^${path}\\b`, 'm').test(architecture)

describe('ARCHITECTURE.md', () => {
  test('names every folder', () => {
    const all = [
      ...folders('', 1).filter((path) => !path.startsWith('.')),
      ...['src/', 'test/', 'bench/', 'examples/', 'ci/', 'assembly/'].flatMap((under) =>
        folders(under, 2),
      ),
    ]
    expect(all.length).toBeGreaterThan(40)
    expect(all.filter((path) => !isNamed(path))).toEqual([])
  })

  test('names every entry of the package', () => {
    const entries = Object.keys(manifest(ROOT).exports)
      .filter((name) => name !== './package.json')
      .map((name) => name.replace(/^\./, 'struct-history'))
    expect(entries.filter((name) => !architecture.includes(`'${name}'`))).toEqual([])
  })

  const ROW = /^\| (`.*`) \| \[.*\]\((docs\/internals\/.*)\) \|$/gm
  const subsystems = [...architecture.matchAll(ROW)].map(([, cell = '', page = '']) => ({
    page,
    own: [...cell.matchAll(/`(.*?)\/`/g)].map(([, folder = '']) => folder),
  }))

  test('has a page for every folder of src/ and assembly/, and no other page is there', () => {
    const all = ['assembly', ...folders('assembly/', 2), ...folders('src/', 2)]
    expect(subsystems.flatMap(({ own }) => own).sort()).toEqual(all.sort())
    const pages = files.filter((path) => path.startsWith('docs/internals/'))
    expect(subsystems.map(({ page }) => page).sort()).toEqual(pages.sort())
  })

  test.each(subsystems)(
    '$page is short, of its folders, and names files that are there',
    (each) => {
      const text = readFileSync(join(ROOT, each.page), 'utf8')
      expect(text.split('\n').length).toBeLessThan(81)
      for (const folder of each.own) expect(text).toContain(`${folder.split('/').at(-1)}/`)
      const below = each.own.flatMap((folder) =>
        folders(`${folder}/`, folder.split('/').length + 1),
      )
      const isThere = (path: string): boolean =>
        ['', 'src', ...each.own, ...below].some((folder) => existsSync(join(ROOT, folder, path)))
      const named = [...text.matchAll(/`([\w/-]+\.(?:tsx?|mjs|pml))`/g)].map(
        ([, path = '']) => path,
      )
      expect(named.length).toBeGreaterThan(5)
      expect(named.filter((path) => !isThere(path))).toEqual([])
    },
  )

  test('names no folder of src/ or test/ that is not there', () => {
    const there = new Set(
      [...folders('src/', 2), ...folders('test/', 2)].map((path) => path.split('/')[1]),
    )
    const [, tree = ''] = /^## The tree\n+```text\n([\s\S]*?)^```/m.exec(architecture) ?? []
    const lines = tree.split('\n')
    const named = (from: string) => {
      const start = lines.findIndex((line) => line.startsWith(`${from}/`))
      const rest = lines.slice(start + 1)
      const end = rest.findIndex((line) => /^\S/.test(line))
      return rest.slice(0, end).flatMap((line) => /^ {2}(\w+)\//.exec(line)?.[1] ?? [])
    }
    const all = [...named('src'), ...named('test')]
    expect(all.length).toBeGreaterThan(20)
    expect(all.filter((name) => !there.has(name))).toEqual([])
  })
})
