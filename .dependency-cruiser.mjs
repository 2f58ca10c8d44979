// Data flows one way: event -> memory -> image -> inspector -> views. The reader stands below the recorder: image/ opens
// what a dead process left, so it depends on nothing alive.

/** Folders of src/ (and packages) that each folder may import, besides its own. */
const MAY_IMPORT = {
  image: ['assembly/layout', 'node_modules/printj'],
  check: ['image'],
  privacy: ['image'],
  redact: ['assembly/layout', 'image', 'privacy'],
  core: ['assembly/layout'],
  runtime: ['assembly/layout', 'image', 'node:', 'node_modules/@deno'],
  recorder: ['assembly/layout', 'image', 'privacy', 'core', 'runtime'],
  wreck: ['assembly/layout', 'image'],
  line: ['image'],
  logs: ['assembly/layout', 'image', 'line'],
  export: [
    'image',
    'line',
    'node_modules/hyparquet-writer',
    'node_modules/apache-arrow',
    'node_modules/pbf',
  ],
  inspector: ['image', 'check', 'node_modules/get-east-asian-width'],
  prompt: ['image', 'inspector'],
  sinks: ['assembly/layout', 'image', 'line', 'core', 'runtime', 'recorder'],
  faults: [
    'assembly/layout',
    'image',
    'core',
    'runtime',
    'recorder',
    'node:',
    'node_modules/@deno',
  ],
  web: [
    'image',
    'check',
    'wreck',
    'logs',
    'export',
    'inspector',
    'prompt',
    'node_modules/preact',
    'node_modules/@preact/signals',
    'node_modules/@tanstack/virtual-core',
    'node_modules/@xterm/xterm',
    'node_modules/@xterm/addon-fit',
  ],
  register: ['recorder', 'faults'],
  plugin: ['node_modules/@babel/parser', 'node_modules/@babel/types', 'node_modules/magic-string'],
}

const pattern = (name) => {
  if (name === 'assembly/layout') return '^assembly/layout'
  if (name === 'node:') return null
  // One that resolves to no file, as it has exports for `import` alone, is told by its name.
  const bare = name.replace(/^node_modules\//, '')
  return bare === name ? `^src/${name}/` : `(?:^|node_modules/)${bare}(?:/|$)`
}

export const ranks = Object.entries(MAY_IMPORT).flatMap(([folder, allowed]) => {
  const paths = [folder, ...allowed].map(pattern).filter((path) => path !== null)
  const to = { pathNot: paths }
  const rules = [
    {
      name: `${folder} rank`,
      comment: `${folder}/ may import ${allowed.join(', ')} only`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { ...to, dependencyTypesNot: ['core'] },
    },
  ]
  if (!allowed.includes('node:')) {
    rules.push({
      name: `${folder} runtime`,
      comment: `${folder}/ runs in every runtime`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { dependencyTypes: ['core'] },
    })
  }
  return rules
})

ranks.push(
  {
    name: 'skins',
    comment: 'cli/ and web/ show what the library returns; nothing stands on them',
    severity: 'error',
    from: { path: '^src/(?!cli/|web/)' },
    to: { path: '^src/(cli|web)/' },
  },
  {
    name: 'layout',
    comment: 'assembly/layout.ts holds numbers only',
    severity: 'error',
    from: { path: '^assembly/' },
    to: {},
  },
)

export const cycles = [
  {
    name: 'cycle',
    comment: 'imports run one way',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
]
