// Colors as gdb gives them, by what a text is. Never the only sign of anything: without them the text is the same.

/** gdb's names of what may be styled. */
export type StyleName =
  | 'address'
  | 'filename'
  | 'function'
  | 'highlight'
  | 'metadata'
  | 'title'
  | 'variable'
  | 'version'

/** Marks a text as what it is; plain where there is no terminal that shows it. */
export type Style = (name: StyleName, text: string) => string

export const plain: Style = (_name, text) => text

export const COLORS = 'none black red green yellow blue magenta cyan white'.split(' ')
export const INTENSITIES = 'normal bold dim'.split(' ')

/** How gdb begins: `set style NAME foreground|background|intensity` changes it. */
export const LOOKS: Readonly<Record<StyleName, { foreground: string; intensity: string }>> = {
  address: { foreground: 'blue', intensity: 'normal' },
  filename: { foreground: 'green', intensity: 'normal' },
  function: { foreground: 'yellow', intensity: 'normal' },
  highlight: { foreground: 'red', intensity: 'normal' },
  metadata: { foreground: 'none', intensity: 'dim' },
  title: { foreground: 'none', intensity: 'bold' },
  variable: { foreground: 'cyan', intensity: 'normal' },
  version: { foreground: 'magenta', intensity: 'bold' },
}

const FOREGROUND = 29
const BACKGROUND = 39
const OFF = '\x1b[m'

/** A text in the terminal's own codes (SGR). `look` gives the color or intensity that is set. */
export function styled(look: (aspect: string) => string, text: string): string {
  const foreground = COLORS.indexOf(look('foreground'))
  const background = COLORS.indexOf(look('background'))
  const codes = [
    ...(INTENSITIES.indexOf(look('intensity')) > 0 ? [INTENSITIES.indexOf(look('intensity'))] : []),
    ...(foreground > 0 ? [FOREGROUND + foreground] : []),
    ...(background > 0 ? [BACKGROUND + background] : []),
  ]
  return codes.length === 0 || text === '' ? text : `\x1b[${codes.join(';')}m${text}${OFF}`
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: ESC is what these codes begin with
const CODES = /\x1b\[[\d;]*m/g

/** The same without any color: what a file gets. */
export const unstyled = (text: string): string => text.replace(CODES, '')
