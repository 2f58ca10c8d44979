// The stepped core from a changed copy of assembly/: deliberately broken ones show that the checks would notice.

import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** One change: in which file, what stands there, what shall stand there. */
export type Change = readonly [file: string, from: string | RegExp, to: string]

export function variantOf(changes: readonly Change[]): WebAssembly.Module {
  const folder = mkdtempSync(join(tmpdir(), 'interleave-'))
  try {
    cpSync(join(root, 'assembly'), join(folder, 'assembly'), { recursive: true })
    for (const [file, from, to] of changes) {
      const path = join(folder, 'assembly', file)
      const text = readFileSync(path, 'utf8')
      const changed = text.replace(from, to)
      if (changed === text) throw new Error(`${file} holds no ${from} to change`)
      writeFileSync(path, changed)
    }
    const out = join(folder, 'variant.wasm')
    const asc = [join(root, 'node_modules/assemblyscript/bin/asc.js'), 'assembly/index.ts']
    asc.push('--runtime', 'stub', '--importMemory', '--noExportMemory', '--sharedMemory')
    asc.push('--initialMemory', '1', '--maximumMemory', '65536', '--enable', 'threads')
    asc.push('--noAssert', '--use', 'abort=', '--use', 'SH_STEP=1', '-O1', '-o', out)
    execFileSync(process.execPath, asc, { cwd: folder, stdio: 'pipe' })
    return new WebAssembly.Module(readFileSync(out))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
