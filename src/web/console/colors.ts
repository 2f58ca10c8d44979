// The terminal's colors, light and dark: all of them at least 4.5 : 1 on their ground.

import type { ITheme } from '@xterm/xterm'

interface Palette {
  readonly ground: string
  readonly ink: string
  readonly selected: string
  readonly black: string
  readonly red: string
  readonly green: string
  readonly yellow: string
  readonly blue: string
  readonly magenta: string
  readonly cyan: string
  readonly white: string
}

const LIGHT: Palette = {
  ground: '#ffffff',
  ink: '#1c1f23',
  selected: '#b6d0f5',
  black: '#1c1f23',
  red: '#b3241b',
  green: '#12704a',
  yellow: '#8f5400',
  blue: '#1d5fd1',
  magenta: '#8a2ba8',
  cyan: '#006b75',
  white: '#5a626b',
}
const DARK: Palette = {
  ground: '#181b20',
  ink: '#e4e7ea',
  selected: '#3b5070',
  black: '#9aa4af',
  red: '#ff8f84',
  green: '#6dd3a2',
  yellow: '#e6b566',
  blue: '#82adff',
  magenta: '#d7a2f5',
  cyan: '#67cfdb',
  white: '#e4e7ea',
}

/** Bright ones, which bold text gets, are the same: bold is bold enough. */
export function terminalColors(isDark: boolean): ITheme {
  const { ground, ink, selected, ...colors } = isDark ? DARK : LIGHT
  return {
    ...colors,
    background: ground,
    foreground: ink,
    cursor: ink,
    cursorAccent: ground,
    selectionBackground: selected,
    brightBlack: colors.black,
    brightRed: colors.red,
    brightGreen: colors.green,
    brightYellow: colors.yellow,
    brightBlue: colors.blue,
    brightMagenta: colors.magenta,
    brightCyan: colors.cyan,
    brightWhite: colors.white,
  }
}
