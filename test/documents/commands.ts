// The lines that a page has its reader type: each is run, or the real parser of its program is asked about its words.

import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { ROOT } from './blocks.ts'
import type { Said, World } from './world.ts'

export interface Place {
  readonly world: World
  readonly folder: string
  /** The image that the page's session looks at. */
  readonly image: string
}

/** What is wrong with it, or nothing. */
type Rule = readonly [RegExp, (line: string, place: Place) => Promise<string | undefined>]

const scripts: Readonly<Record<string, string>> = packageJson.scripts

/** Without what the page says about it, which stands two spaces behind, or behind a `#`. */
export const typed = (line: string): string => line.replace(/(?: {2,}|\s+# ).*$/, '').trim()

/** A program that must end with one of these statuses, and say nothing against its words. */
const ends =
  (...statuses: readonly number[]) =>
  async (line: string, { world, folder }: Place): Promise<string | undefined> => {
    for (const [, file = ''] of line.matchAll(/ -o (\S+)/g))
      rmSync(join(folder, file), { force: true, recursive: true })
    return wrong(await world.run(line, folder), statuses)
  }

const wrong = (said: Said, statuses: readonly number[]): string | undefined =>
  statuses.includes(said.status ?? -1)
    ? undefined
    : `status ${said.status}: ${said.stderr}${said.stdout}`

/** A server: it says where it is, and Ctrl-C ends it. */
const serves = async (line: string, { world, folder }: Place): Promise<string | undefined> => {
  const said = await world.run(line, folder, /http:\/\/\S+[\s\S]*\n/)
  return /http:\/\/(?:127\.0\.0\.1|localhost):\d+/.test(said.stdout)
    ? undefined
    : `it says no address: ${said.stdout}${said.stderr}`
}

/** At the prompt of the page's session. */
const atPrompt = async (line: string, { world, folder, image }: Place) => {
  const command = line.replace('(shdb) ', '').replaceAll("'", `'\\''`)
  const said = await world.run(`shdb -nx -q -batch -ex '${command}' ${image}`, folder)
  return said.status === 0 && said.stderr === '' && said.stdout !== ''
    ? undefined
    : `status ${said.status}: ${said.stderr}${said.stdout}`
}

const wordsOf = (line: string): string => line.replace(/^npm run \w+(?: --)?/, '')

/** The options, by the script's own parser: the last one, which no page has, is wrong, so that it ends there. */
const verifies = async (line: string, { world }: Place): Promise<string | undefined> => {
  const { stderr } = await world.run(`node scripts/verify.mjs ${wordsOf(line)} --grace 0`, ROOT)
  const [, check] = /--only (\S+)/.exec(line) ?? []
  if (check !== undefined && !inRoot(`test/verify/${check}.mjs`)) return `no check "${check}"`
  return /--grace must be/.test(stderr) ? undefined : stderr
}

/** Likewise: it prints a report that was made before; of none it cannot. Words that are wrong end it with 2. */
const benches = async (line: string, { world }: Place): Promise<string | undefined> => {
  const said = await world.run(`node bench/run.mjs ${wordsOf(line)} --from /dev/null`, ROOT)
  return said.status === 1 ? undefined : `status ${said.status}: ${said.stderr}`
}

const inRoot = (path: string): boolean => existsSync(join(ROOT, path))

/** An npm script without words of its own: there, and so is its file. */
const isScript = async (line: string): Promise<string | undefined> => {
  const [, name = ''] = /^npm (?:run )?(\w+)/.exec(line) ?? []
  const command = scripts[name]
  if (command === undefined) return `package.json has no script "${name}"`
  const missing = [...command.matchAll(/node (\S+)/g)].filter(([, file = '']) => !inRoot(file))
  return missing.length > 0 ? `${name} runs what is not there: ${missing}` : undefined
}

/** What the script itself says that it can be asked for. */
const setsUp = async (line: string, { world }: Place): Promise<string | undefined> => {
  const { stderr } = await world.run('node scripts/setup.mjs --for nothing', ROOT)
  const known = /--for ([\w|]+)/.exec(stderr)?.[1]?.split('|') ?? []
  const [, wanted = ''] = /^npm run setup -- --for (\w+)$/.exec(line) ?? []
  return known.includes(wanted) ? undefined : stderr
}

const demonstrates = async (line: string): Promise<string | undefined> => {
  const name = line.replace('npm run demo -- ', '')
  return inRoot(`scripts/demo-${name}.mjs`) ? undefined : `there is no demonstration "${name}"`
}

/** The names that scripts/test.mjs has for `--only`, or a file. */
const isTest = async (line: string, { world }: Place): Promise<string | undefined> => {
  const [, names = ''] = /--only (\S+)/.exec(line) ?? []
  if (names === '') return inRoot(line.split(' ').at(-1) ?? '') ? undefined : 'no such file'
  const { stderr } = await world.run('node scripts/test.mjs --only nothing', ROOT)
  const known = /There are: (.*)/.exec(stderr)?.[1]?.split(', ') ?? []
  const unknown = names.split(',').filter((name) => !known.includes(name))
  return unknown.length > 0 ? `no step ${unknown}` : undefined
}

const lists = async (line: string, { world }: Place): Promise<string | undefined> => {
  const said = await world.run(`${line.replace('vitest run', 'vitest list')} --json`, ROOT)
  return said.status === 0 && JSON.parse(said.stdout).length > 0 ? undefined : said.stderr
}

const installs = async (line: string): Promise<string | undefined> => {
  const name = line.split(' ').at(-1) ?? ''
  const { name: own, version, peerDependencies } = packageJson
  const isKnown = name.endsWith(`/${own}-${version}.tgz`) || Object.hasOwn(peerDependencies, name)
  return isKnown ? undefined : `neither this version's tarball nor a peer of it: ${name}`
}

/** With an end to the load, and dumps in a folder of their own. */
const engine = async (line: string, { world, folder }: Place): Promise<string | undefined> => {
  const isBroken = line.includes('--bug')
  const limits = `--dumps engine --connections ${isBroken ? 100_000 : 2000}`
  const said = await world.run(`${line} ${limits} --seconds 40 --large-every 100`, folder)
  return wrong(said, [isBroken ? 1 : 0])
}

/** npm's packages are not asked for: this one stands in node_modules, as it would from npm. */
const withDeno = (line: string, place: Place): Promise<string | undefined> =>
  ends(0)(line.replace('deno run', 'deno run --no-lock --node-modules-dir=manual'), place)

/** What a test runs for minutes: here that it is there, with a bug of that name. */
const held =
  (test: string) =>
  async (line: string): Promise<string | undefined> => {
    const [, file = ''] = /(examples\/\S+)/.exec(line) ?? []
    const [, bug = ''] = /--bug (\S+)/.exec(line) ?? []
    const text = inRoot(test) ? readFileSync(join(ROOT, test), 'utf8') : ''
    const isHeld = inRoot(file) && text.includes(file.split('/')[1] ?? file) && text.includes(bug)
    return isHeld ? undefined : `it is not what ${test} runs`
  }

/** The first that fits. */
const RULES: readonly Rule[] = [
  [/^\(shdb\) /, atPrompt],
  [/^(npx )?shdb web /, serves],
  [/^(npx )?shdb check /, ends(0, 1)],
  [/^shdb sql (?!.*-[cf] )/, (line, place) => ends(0)(`echo 'SELECT 1;' | ${line}`, place)],
  [/^(npx )?shdb /, ends(0)],
  [/^(asc|grep|mkdir) /, ends(0)],
  [/^(node --import|bun --preload) /, ends(0)],
  [/^npm run verify/, verifies],
  [/^npm run bench/, benches],
  [/^npm run setup -- /, setsUp],
  [/^npm run demo -- /, demonstrates],
  [/^npm (run (api|bench|build|check|demo)|test)$/, isScript],
  [/^npm pack$/, async () => undefined],
  [/^npm install /, installs],
  [/^node scripts\/test\.mjs /, isTest],
  [/^npx vitest run /, lists],
  [/^deno run /, withDeno],
  [/^node examples\/tcp-engine\/main\.mjs/, engine],
  [/^(STRUCT_HIST=1 )?node (build\/)?examples\/(assemblyscript|frames)\//, ends(0)],
  [/^node examples\/fleet\/main\.mjs$/, held('test/fleet/fleet.test.ts')],
  [/^node examples\/sip-proxy\/main\.mjs/, held('test/sip/sip-proxy.test.ts')],
  // Ten minutes; what it measures with is what main.mjs is made of.
  [
    /^node examples\/sip-proxy\/measure\.mjs$/,
    async (line) => (inRoot(line.replace('node ', '')) ? undefined : 'no such file'),
  ],
  [/^node examples\/browser-tabs\/serve\.mjs$/, serves],
]

/** What is wrong with a line, or nothing. */
export async function judged(line: string, place: Place): Promise<string | undefined> {
  const rule = RULES.find(([pattern]) => pattern.test(line))
  if (rule === undefined)
    return `no rule says how to run "${line}": add one to RULES in test/documents/commands.ts`
  const error = await rule[1](line, place)
  return error === undefined ? undefined : `${line}: ${error}`
}
