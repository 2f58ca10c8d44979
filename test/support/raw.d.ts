// vite's way to import a file as text: it works in browsers, too.
declare module '*?raw' {
  const text: string
  export default text
}
