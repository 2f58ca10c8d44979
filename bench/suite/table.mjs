// One row of the table, as text: the same on a terminal, on a page and in the documents.

import { limitText, verdict } from './figures.mjs'

export const HEADINGS = ['what', 'must be', 'ns', 'floor, ns', 'ratio', 'mixed', '']

/** The cells of a figure, by HEADINGS. `ratio` is what is held against the limit. */
export function cellsOf(figure, row) {
  const { ns, floor, ratio, mixed } = row ?? {}
  return [
    figure.what,
    limitText(figure),
    spread(ns, time),
    floor ? time(floor.median) : '',
    measured(figure, row) || (ratio ? spread(ratio) : ''),
    mixed ? number(mixed.median) : '',
    verdict(figure, row),
  ]
}

/** What was measured, without spread: for tables of many runtimes. */
export function shortOf(figure, row) {
  const told = verdict(figure, row)
  if (told.startsWith('not measured')) return told
  if (row === undefined || row.missing !== undefined || figure.missing !== undefined) return told
  const value = row.value !== undefined ? measured(figure, row) : `${number(row.held)} ×`
  return told === '' || told === 'holds' ? value : `${value} ${told}`
}

function measured(figure, row) {
  if (row?.value === undefined) return ''
  return `${number(row.value)} ${figure.unit ?? ''}`.trim()
}

/** 14.8 (14.5 .. 15.9) */
export function spread(of, text = number) {
  return of ? `${text(of.median)} (${text(of.low)} .. ${text(of.high)})` : ''
}

/** Nanoseconds; milliseconds where they are many. */
function time(nanoseconds) {
  return nanoseconds >= 1e6 ? `${number(nanoseconds / 1e6)} ms` : number(nanoseconds)
}

/** Three digits that count; thousands as they are read. */
export function number(value) {
  if (!Number.isFinite(value)) return '-'
  if (value >= 100) return Math.round(value).toLocaleString('en')
  return value.toFixed(value >= 10 ? 1 : 2)
}
