// Data flows one way: event -> memory -> image -> inspector -> views. The reader stands below the recorder: image/ opens
// what a dead process left, so it depends on nothing alive.

/** Folders of src/ (and packages) that each folder may import, besides its own. */
const MAY_IMPORT = {
  image: ['assembly/layout', 'node_modules/printj'],
  check: ['image'],
  core: ['assembly/layout'],
  runtime: ['assembly/layout', 'image', 'node:', 'node_modules/@deno'],
  recorder: ['assembly/layout', 'image', 'core', 'runtime'],
  wreck: ['assembly/layout', 'image'],
  export: ['image', 'node_modules/hyparquet-writer'],
  inspector: ['image', 'check', 'node_modules/get-east-asian-width'],
  sinks: ['assembly/layout', 'image', 'core', 'runtime', 'recorder'],
  faults: [
    'assembly/layout',
    'image',
    'core',
    'runtime',
    'recorder',
    'node:',
    'node_modules/@deno',
  ],
  plugin: ['node:', 'node_modules/@babel', 'node_modules/magic-string', 'node_modules/unplugin'],
}

const pattern = (name) => {
  if (name === 'assembly/layout') return '^assembly/layout'
  if (name === 'node:') return null
  return name.startsWith('node_modules') ? `${name}/` : `^src/${name}/`
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
