// Makes a fresh checkout ready. Node's own modules only: it runs before node_modules exists.
//
//   node scripts/setup.mjs --for demo    the packages and the build
//   node scripts/setup.mjs --for test    the packages, four Nodes, and the system's browsers and debuggers
//   node scripts/setup.mjs --for sip     sipp, which makes the calls of examples/sip-proxy

import { spawn } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { missingFromLock } from './check-lock.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
process.chdir(root)

/** What the tests call, and the Debian package that brings it; perhaps a module of it, which is a package of its own. */
const SYSTEM_TOOLS = [
  { command: 'chromium', packages: ['chromium'] },
  { command: 'firefox-esr', packages: ['firefox-esr'] },
  { command: 'WebKitWebDriver', packages: ['webkit2gtk-driver'] },
  { command: 'xvfb-run', packages: ['xvfb', 'xauth'] },
  { command: 'xauth', packages: ['xauth'] },
  { command: 'gdb', packages: ['gdb'] },
  { command: 'cc', packages: ['gcc', 'libc6-dev'] },
  { command: 'spin', packages: ['spin'] },
  { command: 'timeout', packages: ['coreutils'] },
  { command: 'tmux', packages: ['tmux'] },
  { command: 'openssl', packages: ['openssl'] },
  { command: 'babeltrace2', packages: ['babeltrace2'] },
  { command: 'jq', packages: ['jq'] },
  { command: 'zstd', packages: ['zstd'] },
  { command: 'lz4', packages: ['lz4'] },
  { command: 'python3', packages: ['python3'] },
  { command: 'pg_lsclusters', packages: ['postgresql'] },
  { command: 'prlimit', packages: ['util-linux'] },
  { command: 'openssl', packages: ['openssl'] },
  {
    command: 'rsyslogd',
    module: 'rsyslog/lmnsd_ossl.so',
    packages: ['rsyslog', 'rsyslog-openssl'],
  },
  { command: 'sipp', packages: ['sip-tester'] },
]

const SETUPS = {
  demo: async () => {
    await installPackages('.')
    await run('node', ['scripts/build.mjs'])
  },
  // At once: npm waits for its registry, apt for its disk.
  test: () => all(installAllPackages(), installSystemTools(SYSTEM_TOOLS)),
  sip: () => installSystemTools(SYSTEM_TOOLS.filter(({ command }) => command === 'sipp')),
}

try {
  const wanted = process.argv[2] === '--for' ? process.argv[3] : undefined
  if (!Object.hasOwn(SETUPS, wanted ?? ''))
    throw new Error(
      `Cannot set up: usage is "node scripts/setup.mjs --for ${Object.keys(SETUPS).join('|')}", got "${process.argv.slice(2).join(' ')}"`,
    )
  await SETUPS[wanted]()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}

/** What one of them throws, when all have come to their end: nobody is left behind half done. */
async function all(...works) {
  for (const { reason } of await Promise.allSettled(works)) if (reason) throw reason
}

/** The large ones, which are few, beside the others. */
async function installAllPackages() {
  await all(installPackages('.'), installPackages('ci/nodes'))
  for (const folder of ['ci/plugin', 'ci/pools', 'ci/recipes']) await installPackages(folder)
}

async function installPackages(folder) {
  const lock = join(folder, 'package-lock.json')
  // npm writes this file last, so it also tells an installation that was broken off.
  const installed = join(folder, 'node_modules/.package-lock.json')
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return
  const missing = missingFromLock(lock)
  if (missing.length > 0) throw new Error(missing.join('\n'))
  say(`npm ci in ${folder}`)
  await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', folder])
}

async function installSystemTools(tools) {
  const absent = tools.filter((tool) => !isThere(tool))
  if (absent.length === 0) return
  const packages = [...new Set(absent.flatMap((tool) => tool.packages))].join(' ')
  const install = `apt-get install -y --no-install-recommends ${packages}`
  const names = absent.map((tool) => tool.command).join(', ')
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) {
    throw new Error(
      `Cannot run the tests: not found: ${names}. On Debian, as root:\n  apt-get update && ${install}`,
    )
  }
  say(`apt-get install ${packages}`)
  await run('apt-get', ['update', '-qq'])
  await run('apt-get', ['-qq', ...install.split(' ').slice(1)], {
    DEBIAN_FRONTEND: 'noninteractive',
  })
  const still = absent.filter((tool) => !isThere(tool)).map((tool) => tool.command)
  if (still.length > 0) throw new Error(`Installed ${packages}, yet not found: ${still.join(', ')}`)
}

function isThere({ command, module }) {
  if (!isOnPath(command)) return false
  // Below the folder of the machine's kind.
  return (
    !module || readdirSync('/usr/lib').some((kind) => existsSync(join('/usr/lib', kind, module)))
  )
}

function isOnPath(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Quiet while it goes well; everything it said when it does not. */
async function run(command, args, environment = {}) {
  const what = `${command} ${args.join(' ')}`
  const started = Date.now()
  const child = spawn(command, args, {
    env: { ...process.env, ...environment },
    stdio: command === 'node' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text) => (said += text))
  const ending = await new Promise((resolve) => {
    child.once('error', (error) => resolve(`${error}`))
    child.once('close', (code, signal) => resolve(code === 0 ? '' : (signal ?? `exit ${code}`)))
  })
  if (ending !== '') throw new Error(`${said}\nFailed (${ending}): ${what}`)
  if (command !== 'node') say(`${what}: done in ${((Date.now() - started) / 1000).toFixed(1)} s`)
}

function say(sentence) {
  console.log(`setup: ${sentence}`)
}
