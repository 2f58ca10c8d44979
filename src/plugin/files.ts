// The files of a project, by the runtime's own file system. Asked for at run time, never imported: a page may load the
// plugin's module, it only cannot use it.

import type { Files } from './project.ts'

interface Entry {
  readonly name: string
  isDirectory(): boolean
  isFile(): boolean
}

interface FileSystem {
  readdirSync(path: string, options: { withFileTypes: true }): Entry[]
  readFileSync(path: string, encoding: 'utf8'): string
}

interface Process {
  readonly env: Record<string, string | undefined>
  cwd(): string
  getBuiltinModule(name: string): unknown
}

/** More files than a project has: a root that is not one, the home folder for instance. */
const FILES_MAX = 100_000

export function hostProcess(): Process {
  const { process } = globalThis as { process?: Partial<Process> }
  if (typeof process?.getBuiltinModule !== 'function')
    throw new Error(
      'Cannot use struct-history/plugin: this runtime has no files (Node >= 20.16, Deno or Bun wanted)',
    )
  return process as Process
}

/** Sources below a folder; not those of packages, of hidden folders, and of the folders named in `exclude`. */
export function filesWithout(exclude: ReadonlySet<string>): Files {
  const fs = hostProcess().getBuiltinModule('node:fs') as FileSystem
  return {
    list(root) {
      const files: string[] = []
      const folders = [root]
      for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
        for (const entry of entriesOf(fs, folder)) {
          const path = `${folder}/${entry.name}`
          if (entry.isFile()) files.push(path)
          else if (entry.isDirectory() && !isSkipped(entry.name, exclude)) folders.push(path)
        }
        if (files.length > FILES_MAX)
          throw new Error(
            `Cannot remove struct-history: more than ${FILES_MAX} files below ${root}; give the option "root"`,
          )
      }
      return files.sort()
    },
    read(file) {
      try {
        return fs.readFileSync(file, 'utf8')
      } catch {
        return undefined
      }
    },
  }
}

function entriesOf(fs: FileSystem, folder: string): Entry[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

function isSkipped(name: string, exclude: ReadonlySet<string>): boolean {
  return name === 'node_modules' || name.startsWith('.') || exclude.has(name)
}
