// The console among the panels of the page.

import type { Panel } from '../panels.ts'
import { mountConsole } from './terminal.ts'

export const CONSOLE: Panel = {
  id: 'console',
  title: 'Console',
  key: '6',
  line: 'shdb, as at the terminal: its language, bound to what is selected.',
  mount: mountConsole,
}
