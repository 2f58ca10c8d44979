// Writes the tables of a run between the markers of the documents, so that no figure is typed by hand.

import { readFileSync, writeFileSync } from 'node:fs'
import { peerVersions } from '../host/processes.mjs'
import { markdown } from './lines.mjs'
import { headOf, mainTable, tablesOf } from './report.mjs'

const PERFORMANCE = 'docs/PERFORMANCE.md'

export function writeDocuments(figures, scale) {
  const node = { ...figures, runs: figures.runs.filter(({ runtime }) => runtime === 'node') }
  const others = { ...figures, peers: undefined }
  const versions = peerVersions().map(
    ({ name, version, license }) => `${name} ${version} (${license})`,
  )
  write(PERFORMANCE, 'figures', [headOf(node), ...texts(node), `Versions: ${versions.join(', ')}.`])
  write(PERFORMANCE, 'runtimes', [headOf(others), ...texts(others)])
  write(PERFORMANCE, 'scale', [headOf(scale), ...texts(scale)])
  write('README.md', 'figures', [markdown(mainTable(figures)), headOf(node)])
}

function texts(report) {
  return tablesOf(report).flatMap(({ title, note, lines }) => [
    `### ${title}`,
    note,
    ...(lines.length > 0 ? [markdown(lines)] : []),
  ])
}

function write(file, name, paragraphs) {
  const text = readFileSync(file, 'utf8')
  const begin = `<!-- bench ${name}: written by npm run bench -- docs -->`
  const end = `<!-- bench ${name}: end -->`
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from)
    throw new Error(`Cannot write ${file}: it has no "${begin}" and "${end}"`)
  const body = paragraphs.join('\n\n')
  writeFileSync(file, `${text.slice(0, from + begin.length)}\n\n${body}\n\n${text.slice(to)}`)
}
