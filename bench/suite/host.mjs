// The suite in Node, Deno and Bun: `host.js figures|scale EFFORT`. Says what is under way on stderr, the report on stdout.

import { Scale } from './scale.mjs'
import { Suite } from './suite.mjs'

const [, , what = 'figures', effort = 'full'] = process.argv
const url = new URL('./worker.js', import.meta.url)
const say = (text) => process.stderr.write(`  ${text}\n`)
const rows =
  what === 'scale'
    ? await new Scale(url, effort, say).tables()
    : await new Suite(url, effort, say).figures()
const { Deno: deno, Bun: bun } = globalThis
const runtime = deno
  ? `Deno ${deno.version.deno}`
  : bun
    ? `Bun ${bun.version}`
    : `Node ${process.versions.node}`
process.stdout.write(`${JSON.stringify({ version: runtime, rows })}\n`)
process.exit(0)
