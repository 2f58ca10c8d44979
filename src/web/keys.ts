// Every key of the page, once: what it does, and the help that says so.

import { panels } from './panels.ts'
import type { App } from './store.ts'
import { openPicker } from './views/picker.ts'

export interface Key {
  /** As KeyboardEvent.key says, with `Shift+` in front for arrows. */
  readonly keys: readonly string[]
  /** For the help; '' is not shown. */
  readonly shown: string
  readonly line: string
  press(app: App, root: Element): void
}

/** A click on what does it with the mouse. */
const click =
  (selector: string) =>
  (_: App, root: Element): void =>
    root.querySelector<HTMLElement>(selector)?.click()

/** The table of histories takes the arrow keys, wherever the keyboard is. */
const inTable =
  (key: string) =>
  (_: App, root: Element): void => {
    root
      .querySelector('.histories .grid')
      ?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
  }

export const KEYS: readonly Key[] = [
  {
    keys: ['?'],
    shown: '?',
    line: 'This help.',
    press: (app) => {
      app.isHelpShown.value = !app.isHelpShown.value
    },
  },
  {
    keys: ['o'],
    shown: 'o',
    line: 'Open files.',
    press: (app, root) => {
      if (!app.isEmbedded) openPicker(root)
    },
  },
  {
    keys: ['n'],
    shown: 'n',
    line: 'Next history with a finding.',
    press: (app) => app.stepFinding(1),
  },
  {
    keys: ['p', 'N'],
    shown: 'p',
    line: 'Previous history with a finding.',
    press: (app) => app.stepFinding(-1),
  },
  { keys: ['j'], shown: 'j', line: 'Next history of the table.', press: inTable('ArrowDown') },
  { keys: ['k'], shown: 'k', line: 'Previous history of the table.', press: inTable('ArrowUp') },
  {
    keys: ['/'],
    shown: '/',
    line: 'Filter the histories: an object, a thread, a kind of finding; is:live, is:ended, is:pinned, is:lost, is:finding.',
    press: (_, root) => root.querySelector<HTMLElement>('[data-search]')?.focus(),
  },
  {
    keys: ['ArrowRight'],
    shown: '→',
    line: 'Next event of the life.',
    press: (app) => app.stepEvent(1),
  },
  {
    keys: ['ArrowLeft'],
    shown: '←',
    line: 'Previous event of the life.',
    press: (app) => app.stepEvent(-1),
  },
  {
    keys: ['Shift+ArrowRight'],
    shown: 'Shift →',
    line: 'Next event of the same thread.',
    press: (app) => app.stepEvent(1, 'thread'),
  },
  {
    keys: ['Shift+ArrowLeft'],
    shown: 'Shift ←',
    line: 'Previous event of the same thread.',
    press: (app) => app.stepEvent(-1, 'thread'),
  },
  {
    keys: ['.'],
    shown: '.',
    line: 'Next event that proves a finding.',
    press: (app) => app.stepEvent(1, 'proof'),
  },
  {
    keys: [','],
    shown: ',',
    line: 'Previous event that proves a finding.',
    press: (app) => app.stepEvent(-1, 'proof'),
  },
  { keys: ['g'], shown: 'g', line: 'First event of the life.', press: (app) => app.stepEnd(false) },
  { keys: ['G'], shown: 'G', line: 'Last event of the life.', press: (app) => app.stepEnd(true) },
  { keys: ['+', '='], shown: '+', line: 'Nearer.', press: click('[data-zoom="in"]') },
  { keys: ['-'], shown: '−', line: 'Further away.', press: click('[data-zoom="out"]') },
  { keys: ['0'], shown: '0', line: 'The whole life.', press: click('[data-zoom="all"]') },
  {
    keys: ['t'],
    shown: 't',
    line: 'Colors: as the system says, dark, light.',
    press: (app) => app.turnTheme(),
  },
  {
    keys: ['Escape'],
    shown: 'Esc',
    line: 'Close the help, leave the filter.',
    press: (app, root) => {
      if (app.isHelpShown.value) app.isHelpShown.value = false
      else root.querySelector<HTMLElement>('.histories .grid')?.focus()
    },
  },
]

/** Whoever types gets the keys: fields, and panels that mind their own, as a terminal does. */
function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0]
  if (!(target instanceof HTMLElement)) return false
  return (
    target.closest('input:not([type=checkbox]), textarea, select, [contenteditable], .mounted') !==
    null
  )
}

/** Serves the keys that reach an element; gives back how to end that. */
export function followKeys(
  element: HTMLElement | Document,
  root: () => Element | null,
  app: App,
): () => void {
  const onKeyDown = (event: Event): void => {
    if (!(event instanceof KeyboardEvent) || event.defaultPrevented) return
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const from = root()
    if (from === null) return
    if (isTyping(event) && event.key !== 'Escape') return
    // A mounted panel, as a terminal, knows what Escape is.
    if (event.composedPath().some((each) => each instanceof Element && each.matches('.mounted')))
      return
    const name = event.shiftKey && event.key.startsWith('Arrow') ? `Shift+${event.key}` : event.key
    const known = KEYS.find(({ keys }) => keys.includes(name))
    const panel = panels().find(({ key }) => key === event.key)
    if (app.isHelpShown.value && name !== '?' && name !== 'Escape') return
    if (panel) app.panel.value = panel.id
    else if (known) known.press(app, from)
    else return
    event.preventDefault()
  }
  element.addEventListener('keydown', onKeyDown)
  return () => element.removeEventListener('keydown', onKeyDown)
}
