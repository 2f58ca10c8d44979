// SPEC's "Figures to reach", one line each: what is measured, and what it must be. Nothing else decides `holds`.

/**
 * id: names the row in JSON. part: what measures it. limit: at most, or with `least` at least. against: what a ratio is to.
 * A row without limit is reported, and held against nothing.
 */
export const FIGURES = [
  { id: 'one-integer', what: 'log(verb, fmt, int), coarse clock', part: 'compare', limit: 1.5 },
  { id: 'one-integer-many', what: '… over 8,192 histories in turn', part: 'compare' },
  { id: 'formats', what: '… eight formats of three verbs in turn', part: 'compare' },
  {
    id: 'seed-in-c',
    what: "… against the seed's design in C",
    part: 'seed',
    limit: 8,
    least: true,
  },
  { id: 'two-integers', what: 'two integers', part: 'compare', limit: 1.7 },
  { id: 'three-integers', what: 'three integers', part: 'compare', limit: 2 },
  { id: 'string-seen', what: 'a 16-character string seen before', part: 'compare', limit: 2.5 },
  { id: 'string-new', what: 'a new 16-character string', part: 'compare', limit: 5 },
  {
    id: 'precise-clock',
    what: 'precise clock',
    part: 'compare',
    limit: 1.2,
    against: 'floor-and-now',
  },
  { id: 'switched-off', what: 'list switched off at run time', part: 'compare', limit: 0.2 },
  { id: 'verb-off', what: 'verb switched off at run time', part: 'compare', limit: 0.5 },
  {
    id: 'sampled-out',
    what: 'push, ten logs, unref of an object that is not sampled',
    part: 'compare',
  },
  { id: 'call-site', what: 'log(verb, fmt, int) with its call site', part: 'compare', limit: 1.5 },
  { id: 'checked', what: 'list with check: true', part: 'compare' },
  { id: 'hold-release', what: 'hold + release', part: 'compare' },
  { id: 'compiled-out', what: 'compiled out', missing: 'no byte is left: npm test compares' },
  { id: 'push-unref', what: 'push + unref', part: 'compare', limit: 6 },
  { id: 'life', what: 'push, ten logs, unref', part: 'compare' },
  { id: 'garbage', what: 'garbage of one log', part: 'garbage', limit: 8, unit: 'bytes' },
  {
    id: 'event-bytes',
    what: 'memory of a one-integer event',
    part: 'image',
    limit: 32,
    unit: 'bytes',
  },
  {
    id: 'many-lives',
    what: '100,000 histories of 11 events in 64 MiB',
    part: 'image',
    limit: 100_000,
    least: true,
    unit: 'whole',
  },
  {
    id: 'two-own',
    what: 'two threads, own histories',
    part: 'threads',
    limit: 1.8,
    least: true,
    against: 'one thread',
  },
  {
    id: 'two-same',
    what: 'two threads, same history',
    part: 'threads',
    limit: 0.4,
    least: true,
    against: 'one thread',
  },
  { id: 'two-floor', what: 'two threads, the bare floor', part: 'threads', against: 'one thread' },
  {
    id: 'snapshot',
    what: 'snapshot of a full 64 MiB',
    part: 'image',
    limit: 3,
    against: 'a plain copy',
  },
  {
    id: 'open-and-print',
    what: 'shdb opens it and prints one history',
    part: 'shdb',
    limit: 0.5,
    unit: 's',
  },
  {
    id: 'find-in-core',
    what: 'finding the image in a core',
    part: 'core',
    limit: 0.5,
    least: true,
    against: 'reading the core',
  },
]

/** What a row's measurement says of it: 'holds', 'falls short', '' without a limit, or why there is no measurement. */
export function verdict(figure, row) {
  const missing = row?.missing ?? figure.missing
  if (missing !== undefined) return missing
  if (row === undefined) return 'not measured'
  if (figure.limit === undefined) return ''
  const { held } = row
  // JSON has no infinity: a plain copy of no time at all.
  if (!Number.isFinite(held)) return 'not measured: too short for this clock'
  const isReached = figure.least ? held >= figure.limit : held <= figure.limit
  return isReached ? 'holds' : 'falls short'
}

/** The limit as SPEC writes it. */
export function limitText({ limit, least, unit, against, id }) {
  if (limit === undefined) return ''
  const number = limit.toLocaleString('en')
  if (id === 'garbage') return 'none'
  if (unit) return `${least ? '≥' : '≤'} ${number} ${unit}`
  const named = { 'floor-and-now': ' (floor + now())', 'one thread': '', 'a plain copy': '' }
  return `${least ? '≥' : '≤'} ${number} ×${named[against] ?? ''}`
}
