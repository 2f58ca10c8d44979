// What goes between the terminal in the page and shdb in the engine: as between a terminal and its program, and what is
// selected.

export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

/** An event, as the page names it; without `event`, the last of its history. */
export interface ConsolePlace {
  readonly image: number
  readonly handle: number
  readonly event: number | undefined
}

/** What the engine reports of a session: a text to show, or what became the current event in it. */
export type ConsoleNews =
  | { readonly write: string }
  | {
      readonly selected: { readonly image: number; readonly handle: number; readonly event: number }
    }

declare module '../engine/protocol.ts' {
  interface Methods {
    /** Runs shdb until consoleEnd(); reports ConsoleNews. */
    console(size: TerminalSize): void
    /** What was typed, as a terminal sends it. */
    consoleKeys(text: string): void
    consoleSize(size: TerminalSize): void
    /** So many characters were shown: more may come. */
    consoleShown(characters: number): void
    consoleSelect(place: ConsolePlace | undefined): void
    consoleEnd(): void
  }
}
