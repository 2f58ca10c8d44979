/** One session of WebKitWebDriver, by the few calls of the W3C protocol that are needed. Needs an X display. */
export declare class WebDriver {
  private constructor()
  static start(options?: { binary?: string; display?: boolean }): Promise<WebDriver>
  open(url: string): Promise<void>
  url(): Promise<string>
  evaluate(expression: string): Promise<unknown>
  screenshot(): Promise<string>
  close(): Promise<void>
}
