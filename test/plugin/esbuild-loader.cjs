// webpack knows no TypeScript: its users have a loader for it, as this one.

const { transformSync } = require('esbuild')

module.exports = function load(code) {
  return transformSync(code, { loader: 'tsx', target: 'es2022', jsxFactory: 'h' }).code
}
