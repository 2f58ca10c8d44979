// `npm pack`, and what comes of it in the hands of a user: installed with the dependencies that package.json promises and
// nothing else, so that no devDependency can help out.

import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface Installed {
  /** Where a user's program lies. */
  readonly project: string
  /** The package within it. */
  readonly package: string
  readonly packedBytes: number
  /** Path within the package, and bytes. */
  readonly files: ReadonlyMap<string, number>
  remove(): void
}

export function installPacked(): Installed {
  const project = mkdtempSync(join(tmpdir(), 'packed-'))
  const installed = join(project, 'node_modules/struct-history')
  execFileSync('npm', ['pack', '--silent', '--pack-destination', project], { cwd: ROOT })
  const { name, version, dependencies } = manifest(ROOT)
  const packed = join(project, `${name}-${version}.tgz`)
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['xzf', packed, '-C', installed, '--strip-components=1'])
  for (const dependency of closure(Object.keys(dependencies ?? {})))
    cpSync(join(ROOT, 'node_modules', dependency), join(project, 'node_modules', dependency), {
      recursive: true,
    })
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
  const paths = readdirSync(installed, { recursive: true }) as string[]
  const files = paths
    .map((path) => [path, statSync(join(installed, path))] as const)
    .filter(([, stat]) => stat.isFile())
    .map(([path, { size }]) => [path, size] as const)
  return {
    project,
    package: installed,
    packedBytes: statSync(packed).size,
    files: new Map(files),
    remove: () => rmSync(project, { recursive: true }),
  }
}

interface Manifest {
  readonly name: string
  readonly version: string
  readonly bin: Readonly<Record<string, string>>
  readonly exports: Readonly<
    Record<string, string | { readonly types?: string; readonly default?: string }>
  >
  readonly dependencies?: Readonly<Record<string, string>>
}

export const manifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/** The packages that npm would install for these; read from what is installed here. */
function closure(names: readonly string[], found = new Set<string>()): Set<string> {
  for (const name of names) {
    if (found.has(name)) continue
    found.add(name)
    closure(Object.keys(manifest(join(ROOT, 'node_modules', name)).dependencies ?? {}), found)
  }
  return found
}
