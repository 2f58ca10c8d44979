// xterm.js writes style elements of its own, which a policy of `style-src 'self'` refuses, and without which its rows are
// no terminal. Style sheets that code makes are allowed: what is written into such an element is adopted as one.

/** Runs `open`; the style elements that are made in it are others, whose texts the root of `element` adopts. */
export function adoptingStyles(element: Element, open: () => void): () => void {
  const root = element.getRootNode() as Document | ShadowRoot
  const document = element.ownerDocument
  const made: HTMLElement[] = []
  // An own property of the document, over its method and gone with the call.
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const create = Document.prototype.createElement.bind(document)
    if (name !== 'style') return create(name, options)
    const stand = create('span')
    stand.hidden = true
    made.push(stand)
    return stand
  }) as Document['createElement']
  try {
    open()
  } finally {
    Reflect.deleteProperty(document, 'createElement')
  }
  const endings = made.map((stand) => adopted(stand, root))
  return () => {
    for (const end of endings) end()
  }
}

function adopted(stand: HTMLElement, root: Document | ShadowRoot): () => void {
  const sheet = new CSSStyleSheet()
  const read = (): void => sheet.replaceSync(stand.textContent ?? '')
  const observer = new MutationObserver(read)
  read()
  observer.observe(stand, { childList: true, characterData: true, subtree: true })
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
  return () => {
    observer.disconnect()
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((each) => each !== sheet)
  }
}
