// A report as tables: { when, machine, runs: [{ runtime, version, rows, load }], peers?, scale? }.

import { FIGURES } from '../suite/figures.mjs'
import { cellsOf, HEADINGS, number, shortOf, spread } from '../suite/table.mjs'

/** -> [{ title, note, lines }], the first line of each its headings. */
export function tablesOf(report) {
  const { what, runs, peers } = report
  if (what === 'scale') return runs.flatMap(scaleTables)
  const measured = runs.filter(({ missing }) => missing === undefined)
  const tables = []
  if (measured.length === 1) {
    const [{ version, rows }] = measured
    const lines = FIGURES.map((figure) => cellsOf(figure, rows[figure.id]))
    tables.push({ title: version, note: NOTE, lines: [HEADINGS, ...lines] })
  } else if (measured.length > 1) {
    const headings = ['what', 'must be', ...measured.map(({ version }) => version)]
    const lines = FIGURES.map((figure) => {
      const [what, limit] = cellsOf(figure)
      return [what, limit, ...measured.map(({ rows }) => shortOf(figure, rows[figure.id]))]
    })
    tables.push({
      title: 'All runtimes',
      note: `${NOTE} Unmarked figures hold.`,
      lines: [headings, ...lines],
    })
  }
  for (const { runtime, missing } of runs)
    if (missing) tables.push({ title: runtime, note: missing, lines: [] })
  if (peers) tables.push(peerTable(peers))
  return tables
}

const NOTE =
  'Ratios are to the floor measured in the same moments, or to what the second column names: median (p25 .. p75). Each kind alone in a realm of its own is what is held; "mixed" has all kinds in one.'

export function headOf({ when, machine, runs, effort }) {
  const { cpu, cores, memoryGiB, system } = machine
  const loads = runs
    .filter(({ load }) => load)
    .map(({ version, load }) => `${version}: ${load.join(' → ')}`)
  const isBusy = runs.some(({ load }) => load?.some((each) => each > cores + 1))
  return [
    `${when.slice(0, 16).replace('T', ' ')} UTC, ${cores} × ${cpu}, ${memoryGiB} GiB, ${system}, effort ${effort}.`,
    `Load average at start and end: ${loads.join('; ')}.`,
    ...(isBusy ? ['**The machine was busy with other work: these figures are noise.**'] : []),
  ].join(' ')
}

/** Main rows only, for the README. */
export function mainTable({ runs }) {
  const ids = [
    'one-integer',
    'two-integers',
    'string-seen',
    'precise-clock',
    'switched-off',
    'push-unref',
    'two-own',
    'snapshot',
    'open-and-print',
    'find-in-core',
  ]
  const measured = runs.filter(({ missing }) => missing === undefined)
  const figures = FIGURES.filter(({ id }) => ids.includes(id))
  return [
    ['what', 'must be', ...measured.map(({ version }) => version)],
    ...figures.map((figure) => {
      const [what, limit] = cellsOf(figure)
      return [what, limit, ...measured.map(({ rows }) => shortOf(figure, rows[figure.id]))]
    }),
  ]
}

function peerTable(peers) {
  const rows = Object.values(peers)
  const lines = rows.map(({ what, missing, ns, ratio, times, note }) =>
    missing ? [what, missing, '', '', ''] : [what, spread(ns), spread(ratio), spread(times), note],
  )
  const { two } = peers.seed ?? {}
  for (const [kind, of] of Object.entries(two ?? {}))
    lines.splice(1, 0, [
      `… two threads, ${kind === 'own' ? 'own histories' : 'same history'}`,
      spread(of.ns),
      '',
      '',
      `${number(of.gain.median)} × the throughput of one`,
    ])
  return {
    title: 'What one would use instead',
    note: 'One event each, in a process of its own, beside the floor and log(verb, fmt, int) in the same rounds.',
    lines: [['peer', 'ns', '× the floor', '× our log', 'what it does and does not do'], ...lines],
  }
}

function scaleTables({ version, rows, runtime, missing }) {
  if (missing) return [{ title: runtime, note: missing, lines: [] }]
  return rows.map(({ title, note, headings, lines }) => ({
    title: `${title} (${version})`,
    note,
    lines: lines.length > 0 ? [headings, ...lines] : [],
  }))
}
