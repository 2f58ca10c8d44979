// Both halves of the console, as one part to be loaded.

export { serveConsole } from '../console/handlers.ts'
export { mountConsole } from '../console/terminal.ts'
