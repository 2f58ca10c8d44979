// One suite, every runtime. `node scripts/test.mjs` runs each project in its runtimes; by hand:
//
//   npx vitest run --project host [FILE] [-t NAME]

import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { firefoxEsr, webkitGtk } from './test/support/browsers.ts'

// vitest 5 is not made for Node 20: without this it cannot print which test failed there.
const maps = Map as MapConstructor & { groupBy?: unknown }
maps.groupBy ??= <Value>(values: Iterable<Value>, keyOf: (value: Value, at: number) => unknown) => {
  const groups = new Map<unknown, Value[]>()
  let at = 0
  for (const value of values) {
    const key = keyOf(value, at++)
    groups.set(key, [...(groups.get(key) ?? []), value])
  }
  return groups
}

/** Suites that need neither files nor processes: these run in the browsers, too. */
const everywhere = [
  'test/unit/**/*.test.ts',
  'test/contract/**/*.test.ts',
  'test/image/**/*.test.ts',
  // All but the mutants of their model, which is the same everywhere.
  'test/property/!(mutants).test.ts',
]
/** Pages with conditions of their own; never in the host project. */
const pages = 'test/page/**/*.test.ts'

/**
 * What Node 20 does for all: schedules are explored in one thread and mean the same in every runtime; the others start
 * their own programs in every runtime, or build with other tools.
 */
const once = [
  'interleave',
  'wreck',
  'plugin',
  'sip',
  'export',
  'fleet',
  'web',
  'register',
  'sinks',
  'logs',
  'package',
  'documents',
  'recipes',
]
const isPlainNode20 =
  process.versions.node.startsWith('20.') && !process.versions.bun && !process.versions.deno
const elsewhere = once
  .filter(
    (folder) => !isPlainNode20 && !process.argv.some((word) => word.includes(`test/${folder}`)),
  )
  .map((folder) => `test/${folder}/**/*.test.ts`)

/** By their beginnings. One that began last would be alone at the end, and of what it has not run yet vitest knows only the size. */
const LONGEST = [
  'documents/',
  'sip/sip-proxy',
  'web/page',
  'package/package',
  'wreck/black-box',
  'web/pictures',
  'web/live',
  'wreck/copied',
  'stress/',
  'interleave/',
  'plugin/',
  'export/bad-ways',
  'sinks/',
  'wreck/',
  'fleet/',
  'terminal/',
  'host/',
  'transcript/command',
  'image/',
  'property/',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    if (files.every((file) => this.ctx.cache.getTestSpecificationResult(file))) return sorted
    const place = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((name) => moduleId.includes(`/test/${name}`))
      return at < 0 ? LONGEST.length : at
    }
    return sorted.sort((one, other) => place(one) - place(other))
  }
}

/** What a page must be served with to have SharedArrayBuffer. */
const isolated = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

const chromium = () =>
  playwright({
    launchOptions: {
      executablePath: '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  })

type Provider = ReturnType<typeof chromium> | ReturnType<typeof firefoxEsr>

function page(
  name: string,
  provider: Provider,
  include: string[],
  headers: Record<string, string>,
) {
  return {
    extends: true as const,
    // A cache of its own: two browsers at once would rewrite each other's.
    cacheDir: `node_modules/.vite/${name}`,
    server: { headers },
    // Whatever is found only while the tests run reloads the page under them.
    optimizeDeps: { noDiscovery: true, include: ['fast-check'] },
    test: {
      name,
      include,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        ui: false,
        provider: provider as ReturnType<typeof chromium>,
        instances: [{ browser: name.replace(/-.*/, '') as 'chromium' }],
      },
    },
  }
}

declare module 'vitest' {
  interface ProvidedContext {
    claimedRuntime: string
  }
}

export default defineConfig({
  test: {
    // What scripts/test.mjs claims to run; a test compares it with the engine it finds itself in.
    provide: { claimedRuntime: process.env.SUITE_RUNTIME ?? '' },
    // Of what hangs. A busy machine takes long.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What is waited for comes late on a busy machine, too.
    expect: { poll: { timeout: 45_000 } },
    // Of tests that ask for it: those of test/documents, which start programs.
    maxConcurrency: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'host',
          include: ['test/**/*.test.ts'],
          exclude: [pages, ...elsewhere],
          environment: 'node',
        },
      },
      page('chromium', chromium(), everywhere, isolated),
      page('firefox', firefoxEsr(), everywhere, isolated),
      page('webkit', webkitGtk(), everywhere, isolated),
      page('chromium-plain', chromium(), [pages], {}),
    ],
  },
})
