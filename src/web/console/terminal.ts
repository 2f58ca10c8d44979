// The console's terminal: xterm.js in an element, its keys to shdb in the engine, and what that writes back.

import { effect } from '@preact/signals'
import { FitAddon } from '@xterm/addon-fit'
import { Terminal } from '@xterm/xterm'
import type { App } from '../store.ts'
import { adoptingStyles } from './adopted-styles.ts'
import { terminalColors } from './colors.ts'
import type { ConsoleNews } from './protocol.ts'

const SCROLLBACK_ROWS = 10_000

/** Begins a session in the element; gives back how to end it. */
export function mountConsole(element: HTMLElement, app: App): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const colors = () => {
    const theme = app.theme.value
    return terminalColors(theme === 'dark' || (theme === 'auto' && dark.matches))
  }
  const terminal = new Terminal({
    convertEol: true,
    cursorBlink: false,
    fontFamily: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
    fontSize: 13,
    screenReaderMode: true,
    scrollback: SCROLLBACK_ROWS,
    theme: colors(),
  })
  const fit = new FitAddon()
  terminal.loadAddon(fit)
  element.classList.add('console')
  const unstyle = adoptingStyles(element, () => terminal.open(element))
  terminal.textarea?.setAttribute('aria-label', 'shdb console. Shift-Tab leaves it.')
  terminal.attachCustomKeyEventHandler((event) => isOurs(event, terminal))

  const { client } = app
  const send = (text: string): void => void client.call('consoleKeys', [text])
  const size = () => ({ columns: terminal.cols, rows: terminal.rows })
  const resize = (): void => {
    // Of a tab that is hidden nothing can be told.
    if (element.clientWidth > 0) fit.fit()
  }
  const observer = new ResizeObserver(resize)
  const onTheme = (): void => {
    terminal.options.theme = colors()
  }
  const quiet = (event: Event): void => event.stopPropagation()
  const endings = [
    terminal.onData(send),
    terminal.onResize(() => void client.call('consoleSize', [size()])),
  ]
  observer.observe(element)
  dark.addEventListener('change', onTheme)
  // What is typed here is no shortcut of the page.
  element.addEventListener('keydown', quiet)
  const effects = [
    effect(onTheme),
    effect(() => void client.call('consoleSelect', [app.selection.value])),
  ]
  resize()
  client
    .call('console', [size()], { onProgress: (news: ConsoleNews) => take(news) })
    .catch((error) => terminal.write(`\n${error instanceof Error ? error.message : error}\n`))
  terminal.focus()

  function take(news: ConsoleNews): void {
    if ('write' in news) {
      const { write } = news
      terminal.write(write, () => void client.call('consoleShown', [write.length]))
    } else {
      const { image, handle, event } = news.selected
      app.select(image, handle, event)
    }
  }

  return () => {
    for (const stop of effects) stop()
    void client.call('consoleEnd', [])
    observer.disconnect()
    dark.removeEventListener('change', onTheme)
    element.removeEventListener('keydown', quiet)
    for (const each of endings) each.dispose()
    terminal.dispose()
    unstyle()
  }
}

/** False: the browser does what it does otherwise. */
function isOurs(event: KeyboardEvent, terminal: Terminal): boolean {
  const { key, shiftKey, ctrlKey, metaKey } = event
  // Tab completes, so this is the way out for those who have no mouse.
  if (key === 'Tab' && shiftKey) return false
  const isCopy = key.toLowerCase() === 'c' && (ctrlKey || metaKey) && terminal.hasSelection()
  const isPaste = key.toLowerCase() === 'v' && (ctrlKey || metaKey)
  return !isCopy && !isPaste
}
