// What reads a line for the prompt: an editor where the terminal can do it, the terminal's own line mode where not.

/** `interrupted`: Ctrl-C. `ended`: Ctrl-D, or the terminal is gone. */
export type Input =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'ended' }

export interface LineReader {
  /** `isCommand`: with Tab, and the command history under the arrows. */
  read(prompt: string, isCommand: boolean): Promise<Input>
  /** A signal came that Ctrl-C sends; true when a line was waited for. */
  interrupt(): boolean
  close(): void
}
