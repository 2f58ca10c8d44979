/** A style sheet, its imports in it, as a text: scripts/build.mjs does that. */
declare module '*.css' {
  const text: string
  export default text
}
