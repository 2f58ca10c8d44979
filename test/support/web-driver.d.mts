/** One session of WebKitWebDriver, by the few calls of the W3C protocol that are needed. Needs an X display. */
export declare class WebDriver {
  private constructor()
  static start(binary?: string): Promise<WebDriver>
  open(url: string): Promise<void>
  close(): Promise<void>
}
