// Who may import whom: .dependency-cruiser.mjs has the rules. dependency-cruiser reads TypeScript through the classic
// compiler API, which TypeScript 7 has no more; so it gets the sources as esbuild strips them, twice: with
// the imports of types made plain imports, for the ranks; and without them, for cycles that exist at run time.

import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { cruise } from 'dependency-cruiser'
import { transformSync } from 'esbuild'
import { cycles, ranks } from '../.dependency-cruiser.mjs'

const staging = mkdtempSync(join(tmpdir(), 'imports-'))
try {
  symlinkSync(resolve('node_modules'), join(staging, 'node_modules'))
  const wrong = [...(await check('ranks', ranks, true)), ...(await check('cycles', cycles, false))]
  for (const sentence of wrong) console.error(sentence)
  process.exitCode = wrong.length > 0 ? 1 : 0
} finally {
  rmSync(staging, { recursive: true })
}

async function check(name, forbidden, withTypes) {
  const folder = join(staging, name)
  for (const file of sources())
    writeStripped(join(folder, file), readFileSync(file, 'utf8'), withTypes)
  const { output } = await cruise(['src', 'assembly'], {
    baseDir: folder,
    ruleSet: { forbidden },
    validate: true,
    doNotFollow: { path: 'node_modules' },
  })
  const { modules, summary } = output
  if (modules.length === 0) return [`${name}: no module was read`]
  console.log(`${name}: ${modules.length} modules, ${summary.totalDependenciesCruised} imports`)
  return summary.violations.map(({ rule, from, to, cycle }) => {
    const path = cycle ? cycle.map((step) => step.name).join(' -> ') : to
    const reason = forbidden.find((candidate) => candidate.name === rule.name)?.comment
    return `${rule.name}: ${from} -> ${path}${reason ? ` (${reason})` : ''}`.replaceAll(
      '.js',
      '.ts',
    )
  })
}

function sources() {
  const found = readdirSync('src', { recursive: true }).map((file) => join('src', file))
  return [...found, 'assembly/layout.ts'].filter((file) => /\.(tsx?|css)$/.test(file))
}

function writeStripped(path, text, withTypes) {
  if (path.endsWith('.css')) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, '')
    return
  }
  const plain = withTypes
    ? text
        .replace(/^(import|export) type (?=[{*\w])/gm, '$1 ')
        .replace(/([{,]\s*)type (?=\w)/g, '$1')
    : text
  const { code } = transformSync(imports(plain), {
    loader: 'ts',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  })
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(
    path.replace(/\.tsx?$/, '.js'),
    code.replace(/(["'])(\.[^"']*)\.tsx?\1/g, '$1$2.js$1'),
  )
}

/** Only the import and re-export statements, and calls of import(): all that the rules are about. */
function imports(text) {
  const statement =
    /^(?:import|export)\s[^'"`;=()]*?from\s*'[^']+'|^import\s*'[^']+'|\bimport\('[^']+'\)/gm
  return (text.match(statement) ?? []).join('\n')
}
