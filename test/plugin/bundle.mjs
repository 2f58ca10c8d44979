// Every bundler, used as its users do, over one folder of programs. Each answers the files that it emits.

import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build as buildWithEsbuild, transformSync } from 'esbuild'

const packages = new URL('../../ci/plugin/package.json', import.meta.url)
const require = createRequire(packages)
const loader = new URL('./esbuild-loader.cjs', import.meta.url).pathname

async function fromCi(name) {
  try {
    return await import(pathToFileURL(require.resolve(name)).href)
  } catch (error) {
    throw new Error(
      `Cannot load ${name}: run "node scripts/setup.mjs --for test", which installs ci/plugin`,
      { cause: error },
    )
  }
}

/** What stands for TypeScript and JSX where a bundler knows neither; the same for both programs. */
const compiled = {
  name: 'types',
  transform(code, id) {
    if (!/\.tsx?$/.test(id)) return null
    const { code: plain } = transformSync(code, {
      loader: 'tsx',
      target: 'es2022',
      jsxFactory: 'h',
    })
    return { code: plain, map: null }
  },
}

const TSCONFIG = { compilerOptions: { jsx: 'react', jsxFactory: 'h', verbatimModuleSyntax: true } }
/** Whatever the programs import that is not theirs. */
const isExternal = (id) => /^(node:|struct-history)/.test(id)
const TO_CHOOSE = /\.(?:[cm]?js|tsx?)$/

export const bundlers = {
  async esbuild({ root, entries, minify, plugin, out }) {
    await buildWithEsbuild({
      absWorkingDir: root,
      entryPoints: entries,
      outdir: out,
      bundle: true,
      minify,
      format: 'esm',
      platform: 'node',
      target: 'es2022',
      external: ['struct-history', 'struct-history/*'],
      tsconfigRaw: TSCONFIG,
      logLevel: 'silent',
      plugins: plugin ? [plugin('esbuild')] : [],
    })
  },

  async vite({ root, entries, minify, plugin, out }) {
    const { build } = await import('vite')
    await build({
      root,
      configFile: false,
      logLevel: 'silent',
      plugins: plugin ? [plugin('vite')] : [],
      oxc: { jsx: { runtime: 'classic', pragma: 'h', development: false } },
      build: {
        ssr: true,
        minify: minify ? 'oxc' : false,
        outDir: out,
        rolldownOptions: { input: entries, external: isExternal, output: { format: 'es' } },
      },
    })
  },

  async rollup({ entries, minify, plugin, out }) {
    const { rollup } = await fromCi('rollup')
    const bundle = await rollup({
      // It knows no CommonJS without a further plugin.
      input: entries.filter((file) => !file.endsWith('.cjs')),
      external: isExternal,
      onLog: () => {},
      plugins: [plugin?.('rollup'), compiled].filter(Boolean),
    })
    const minifier = {
      name: 'minify',
      renderChunk: (code) => transformSync(code, { minify }).code,
    }
    await bundle.write({ dir: out, format: 'es', plugins: minify ? [minifier] : [] })
  },

  async rolldown({ root, entries, minify, plugin, out }) {
    const { rolldown } = await fromCi('rolldown')
    const bundle = await rolldown({
      cwd: root,
      input: entries,
      external: isExternal,
      platform: 'node',
      onLog: () => {},
      transform: { jsx: { runtime: 'classic', pragma: 'h', development: false } },
      plugins: plugin ? [plugin('rolldown')] : [],
    })
    await bundle.write({ dir: out, format: 'es', minify })
    await bundle.close()
  },

  async webpack(given) {
    await packed((await fromCi('webpack')).default, 'webpack', given, [
      { test: /\.tsx?$/, use: [{ loader }] },
    ])
  },

  async rspack(given) {
    const swc = { parser: { syntax: 'typescript', tsx: true, decorators: true } }
    const jsc = {
      ...swc,
      target: 'es2022',
      transform: { react: { pragma: 'h', runtime: 'classic' } },
    }
    await packed((await fromCi('@rspack/core')).rspack, 'rspack', given, [
      {
        test: /\.tsx?$/,
        type: 'javascript/auto',
        use: [{ loader: 'builtin:swc-loader', options: { jsc } }],
      },
    ])
  },
}

async function packed(pack, name, { root, entries, minify, plugin, out }, rules) {
  const compiler = pack({
    mode: 'production',
    target: 'node',
    context: root,
    entry: Object.fromEntries(entries.map((file) => [file.replace(TO_CHOOSE, ''), `./${file}`])),
    output: { path: out, filename: '[name].js' },
    devtool: false,
    optimization: { minimize: minify },
    performance: false,
    externals: [
      ({ request }, callback) =>
        callback(null, isExternal(request) ? `commonjs ${request}` : undefined),
    ],
    module: { rules },
    plugins: plugin ? [plugin(name)] : [],
  })
  const stats = await new Promise((resolve, reject) => {
    compiler.run((error, done) => (error ? reject(error) : resolve(done)))
  })
  await new Promise((resolve) => compiler.close(resolve))
  if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }))
}

/** name -> text of each file that the bundler emits. */
export async function bundled(name, { root, entries, minify, plugin }) {
  const out = join(root, 'dist')
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out)
  const before = process.cwd()
  // Most of them name files as seen from here.
  process.chdir(root)
  try {
    await bundlers[name]({ root, entries, minify, plugin, out })
  } finally {
    process.chdir(before)
  }
  const files = readdirSync(out, { recursive: true }).filter((file) => /\.[cm]?js$/.test(file))
  return Object.fromEntries(
    files.sort().map((file) => [file, readFileSync(join(out, file), 'utf8')]),
  )
}
