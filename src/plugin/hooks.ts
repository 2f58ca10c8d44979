// Code that nobody bundles: each file on its way from the disk into the runtime.

import { Compiler, noteLine } from './compiler.ts'
import { filesWithout, hostProcess } from './files.ts'
import { withMap } from './inline-map.ts'
import { sideEffectsOf } from './options.ts'

let compiler: Compiler | undefined

/** Options are the environment's: see docs/COMPILE-OUT.md. */
function theCompiler(): Compiler {
  if (compiler) return compiler
  const process = hostProcess()
  const { env } = process
  const root = env.STRUCT_HIST_ROOT
  const options = { sideEffects: sideEffectsOf(env), ...(root ? { root } : {}) }
  compiler = new Compiler(options, filesWithout)
  compiler.begin(process.cwd(), undefined, env)
  return compiler
}

/** The files of the project whose texts are other ones when they are run. */
export function changing(): string[] {
  return theCompiler().changing()
}

/** The text that is run in the place of this one. */
export function loaded(text: string, path: string): string {
  const done = theCompiler().transform(text, path)
  if (!done) return text
  for (const note of done.notes) console.warn(noteLine(note))
  return withMap(done)
}

interface Loaded {
  readonly format: string | undefined
  readonly source?: string | ArrayBuffer | Uint8Array | null
}

const IS_CODE = /^(?:module|commonjs)(?:-typescript)?$/

/** What Node's hook `load` answers. */
export function hooked(url: string, given: Loaded): Loaded {
  const { format, source } = given
  // Deno tells no format; what is no code is told by its name then.
  if (!url.startsWith('file:') || !IS_CODE.test(format ?? 'module')) return given
  const path = pathOf(url)
  const text =
    source === null || source === undefined
      ? filesWithout(new Set()).read(path)
      : typeof source === 'string'
        ? source
        : new TextDecoder().decode(source)
  if (text === undefined) return given
  const changed = loaded(text, path)
  return changed === text ? given : { ...given, source: changed }
}

function pathOf(url: string): string {
  const { fileURLToPath } = hostProcess().getBuiltinModule('node:url') as {
    fileURLToPath(url: string): string
  }
  return fileURLToPath(url)
}

type NextLoad = (url: string, context: unknown) => Promise<Loaded>

/** For `module.register` of Node 20, in a thread of its own. */
export async function load(url: string, context: unknown, next: NextLoad): Promise<Loaded> {
  const given = await next(url, context)
  // A CommonJS module without source goes the way of require(), which has a hook of its own.
  return given.format === 'commonjs' && !given.source ? given : hooked(url, given)
}
