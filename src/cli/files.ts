// Files through Deno's API, which Node and Bun have by the shim: one code for the three. The shim brings half of Node's
// builtins with it, so it is loaded when a file is to be read or written and not before.

import { createRequire } from 'node:module'

type Files = Pick<
  typeof import('@deno/shim-deno').Deno,
  'readTextFileSync' | 'writeTextFileSync' | 'cwd' | 'chdir' | 'errors'
>

let files = (globalThis as { Deno?: Files }).Deno

function deno(): Files {
  files ??= (createRequire(import.meta.url)('@deno/shim-deno') as { Deno: Files }).Deno
  return files
}

/** Undefined where there is no such file; other troubles throw. */
export function readText(path: string): string | undefined {
  try {
    return deno().readTextFileSync(inHome(path))
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

export function append(path: string, text: string): void {
  deno().writeTextFileSync(inHome(path), text, { append: true })
}

export function overwrite(path: string, text: string): void {
  deno().writeTextFileSync(inHome(path), text)
}

export function changeDirectory(path: string): string {
  deno().chdir(inHome(path))
  return deno().cwd()
}

/** `~` is the home directory. */
export function inHome(path: string): string {
  const home = process.env.HOME ?? process.env.USERPROFILE
  return home === undefined ? path : path.replace(/^~(?=\/|$)/, home)
}

function isNotFound(error: unknown): boolean {
  return hasCode(error, 'ENOENT') || isDenos(error, 'NotFound')
}

/** Deno's own errors have names where Node's have codes. */
const isDenos = (error: unknown, name: 'NotFound' | 'PermissionDenied'): boolean =>
  files !== undefined && error instanceof files.errors[name]

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

/** What is wrong with a file, in a few words. */
export function reason(error: unknown): string {
  if (isNotFound(error)) return 'No such file or directory.'
  if (hasCode(error, 'EISDIR')) return 'Is a directory.'
  if (hasCode(error, 'EACCES') || isDenos(error, 'PermissionDenied')) return 'Permission denied.'
  if (hasCode(error, 'ENOTDIR')) return 'Not a directory.'
  if (hasCode(error, 'ENXIO')) return 'No such device or address.'
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
}
