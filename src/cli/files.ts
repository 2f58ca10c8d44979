// Files through Deno's API, which Node and Bun have by the shim: one code for the three.

type Files = Pick<
  typeof import('@deno/shim-deno').Deno,
  | 'openSync'
  | 'readFileSync'
  | 'readTextFileSync'
  | 'writeTextFileSync'
  | 'statSync'
  | 'cwd'
  | 'chdir'
  | 'env'
  | 'errors'
>

const native = (globalThis as { Deno?: Files }).Deno
export const files: Files = native ?? (await import('@deno/shim-deno')).Deno

/** Undefined where there is no such file; other troubles throw. */
export function readText(path: string): string | undefined {
  try {
    return files.readTextFileSync(inHome(path))
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

export function append(path: string, text: string): void {
  files.writeTextFileSync(inHome(path), text, { append: true })
}

export function overwrite(path: string, text: string): void {
  files.writeTextFileSync(inHome(path), text)
}

/** `~` is the home directory. */
export function inHome(path: string): string {
  const home = files.env.get('HOME') ?? files.env.get('USERPROFILE')
  return home === undefined ? path : path.replace(/^~(?=\/|$)/, home)
}

export function isNotFound(error: unknown): boolean {
  return error instanceof files.errors.NotFound || hasCode(error, 'ENOENT')
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

/** What is wrong with a file, in a few words. */
export function reason(error: unknown): string {
  if (isNotFound(error)) return 'No such file or directory.'
  if (hasCode(error, 'EISDIR')) return 'Is a directory.'
  if (error instanceof files.errors.PermissionDenied || hasCode(error, 'EACCES')) {
    return 'Permission denied.'
  }
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
}
