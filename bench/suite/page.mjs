// The suite in a browser: for a person, who presses a button; and for bench/browsers.mjs, which opens `?effort=full&report`.

import { FIGURES } from './figures.mjs'
import { Scale } from './scale.mjs'
import { Suite } from './suite.mjs'
import { cellsOf, HEADINGS } from './table.mjs'

const at = (id) => document.getElementById(id)
const wanted = new URLSearchParams(location.search)
const url = new URL('./worker.js', import.meta.url)

at('isolation').textContent = crossOriginIsolated
  ? 'This page is cross-origin isolated: threads can share a recorder, and the clock is at its finest.'
  : 'This page is not cross-origin isolated: one thread only, and a clock of 100 microseconds and more. The rows of two threads fail.'
if (!crossOriginIsolated) at('isolation').className = 'warning'

for (const effort of ['full', 'quick'])
  at(effort).onclick = async () => {
    for (const button of document.querySelectorAll('button')) button.disabled = true
    await measure(effort)
    for (const button of document.querySelectorAll('button')) button.disabled = false
  }
if (wanted.has('report')) report()

async function measure(effort) {
  const rows = await new Suite(url, effort, say).figures()
  const lines = [HEADINGS, ...FIGURES.map((figure) => cellsOf(figure, rows[figure.id]))]
  at('table').replaceChildren(
    ...lines.map((cells, number) => {
      const line = document.createElement('tr')
      line.append(
        ...cells.map((text) => {
          const cell = document.createElement(number === 0 ? 'th' : 'td')
          cell.textContent = text
          return cell
        }),
      )
      return line
    }),
  )
  say(`done, ${navigator.userAgent}`)
  return rows
}

async function report() {
  const effort = wanted.get('effort') ?? 'full'
  const rows =
    wanted.get('what') === 'scale'
      ? await new Scale(url, effort, say).tables()
      : await measure(effort)
  const body = JSON.stringify({ version: engine(), isolated: crossOriginIsolated, rows })
  await fetch('report', { method: 'POST', body })
}

function say(text) {
  at('state').textContent = text
  if (wanted.has('report')) fetch('progress', { method: 'POST', body: text }).catch(() => {})
}

function engine() {
  const [, name, version] =
    /(Firefox)\/([\d.]+)/.exec(navigator.userAgent) ??
    /(Chrome)\/([\d.]+)/.exec(navigator.userAgent) ??
    /(AppleWebKit)\/([\d.]+)/.exec(navigator.userAgent) ??
    []
  return name ? `${name} ${version}` : navigator.userAgent
}
