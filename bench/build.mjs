// bench/suite -> build/bench: the Wasm of floor and prototypes, and the suite as modules that every runtime loads. The library itself is
// not bundled in: what is measured are the files that are shipped.

import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

const OUT = 'build/bench'

/** Builds in the root of the repository, which must be the current folder. */
export async function buildBench() {
  mkdirSync(OUT, { recursive: true })
  compile('floor', checkFloor)
  compile('promises')
  await build({
    entryPoints: ['worker', 'host', 'page'].map((name) => `bench/suite/${name}.mjs`),
    outdir: OUT,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    logLevel: 'error',
    plugins: [
      {
        name: 'bench',
        setup({ onResolve, onLoad }) {
          const shipped = { 'struct-history': 'index', 'struct-history/inspect': 'inspect' }
          onResolve({ filter: /^struct-history/ }, ({ path }) => ({
            path: `../${shipped[path]}.js`,
            external: true,
          }))
          onResolve({ filter: /^bench:/ }, ({ path }) => ({ path, namespace: 'bench' }))
          onLoad({ filter: /.*/, namespace: 'bench' }, ({ path }) => {
            const name = path.slice('bench:'.length)
            const bytes = readFileSync(name === 'core' ? 'build/core.wasm' : `${OUT}/${name}.wasm`)
            return { contents: `export const ${name}Base64 = '${bytes.toString('base64')}'` }
          })
        },
      },
    ],
  })
  copyFileSync('bench/suite/page.html', `${OUT}/index.html`)
}

/** bench/suite/NAME.ts, by the core's compiler with the core's flags, but for the entry. */
function compile(name, check = () => {}) {
  const { options, targets } = JSON.parse(readFileSync('asconfig.json', 'utf8'))
  const { outFile, textFile, ...release } = targets.release
  const flags = Object.entries({ ...options, ...release, bindings: undefined }).flatMap(
    ([flag, value]) => {
      if (value === undefined || value === false) return []
      return value === true ? [`--${flag}`] : [`--${flag}`, String(value)]
    },
  )
  const [source, out] = [`bench/suite/${name}.ts`, `${OUT}/${name}`]
  const words = [source, '--config', 'none', ...flags]
  const inputs = [source, 'assembly/layout.ts'].map((file) => readFileSync(file, 'utf8'))
  const stamp = JSON.stringify([words, ...inputs])
  if (existsSync(`${out}.stamp`) && readFileSync(`${out}.stamp`, 'utf8') === stamp) return
  const asc = 'node_modules/assemblyscript/bin/asc.js'
  execFileSync('node', [asc, ...words, '-o', `${out}.wasm`, '-t', `${out}.wat`])
  check(readFileSync(`${out}.wat`, 'utf8'))
  writeFileSync(`${out}.stamp`, stamp)
}

/** SPEC: one atomic add, and stores of 32 bytes. No call, no branch, no other access. */
function checkFloor(wat) {
  const count = (pattern) => wat.match(pattern)?.length ?? 0
  const found = {
    adds: count(/\.atomic\.rmw\.add/g),
    stores: count(/i64\.store\b/g),
    others: count(/\.load|i32\.store|\.atomic\.(?!rmw\.add)|\((?:call|if|loop|block)\b/g),
  }
  if (found.adds !== 1 || found.stores !== 4 || found.others !== 0)
    throw new Error(`The floor is not one atomic add and 32 bytes stored: ${JSON.stringify(found)}`)
}
