// One check of scripts/verify.mjs, in this process: says what it is about, runs it, hands its answer over, and ends.
//
//   fork('scripts/verify-check.mjs', ['test/verify/soak.mjs', '{"seed":1,"minutes":2}'])

import { pathToFileURL } from 'node:url'

const MINUTES = 2

// Whoever would hear the answer is gone.
process.once('disconnect', () => process.exit(1))

const [file, task] = process.argv.slice(2)
const { about, seed, minutes } = JSON.parse(task)
const check = await import(pathToFileURL(file).href)
const { title, promise, verify } = check
if (typeof title !== 'string' || typeof promise !== 'string' || typeof verify !== 'function')
  throw new TypeError(`${file} must export title, promise and verify`)
// What it wants, where it wants more than others.
await send({ about: { title, promise, minutes: check.minutes ?? MINUTES } })
if (!about) {
  const begun = performance.now()
  const say = (text) =>
    console.log(`  ${((performance.now() - begun) / 1000).toFixed(0)} s  ${text}`)
  await send({ answer: checked(await verify({ minutes, seed, say })) })
}
// Not left to run out: a check may leave threads behind that never end.
process.exit()

/** An answer without figures proves nothing, not even that anything ran. */
function checked(answer) {
  const { figures, faults } = answer ?? {}
  const isFigure = (figure) =>
    Array.isArray(figure) &&
    typeof figure[0] === 'string' &&
    (typeof figure[1] === 'string' || Number.isFinite(figure[1]))
  if (!Array.isArray(figures) || !figures.every(isFigure))
    throw new TypeError(
      `${file} must answer figures: [[what, number or text], …], got ${show(figures)}`,
    )
  if (!Array.isArray(faults) || !faults.every((fault) => typeof fault === 'string'))
    throw new TypeError(`${file} must answer faults: [sentence, …], got ${show(faults)}`)
  return figures.length > 0
    ? { figures, faults }
    : { figures, faults: [...faults, 'It showed no figures'] }
}

function show(value) {
  return JSON.stringify(value)?.slice(0, 200) ?? String(value)
}

function send(message) {
  return new Promise((resolve, reject) => {
    process.send(message, (error) => (error ? reject(error) : resolve()))
  })
}
