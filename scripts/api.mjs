// npm run api: the API reference, made from the docstrings by `deno doc`, as pages in build/api/.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const { exports } = JSON.parse(readFileSync('deno.json', 'utf8'))
const entries = Object.values(exports).filter((path) => /\.tsx?$/.test(path))
const options = ['doc', '--html', '--name=struct-history', '--output=build/api', ...entries]
execFileSync('node_modules/.bin/deno', options, { stdio: ['ignore', 'inherit', 'ignore'] })
console.log('build/api/index.html')
