// What a link carries: everything that is chosen, so that a colleague who drops the same files sees the same thing.

export interface View {
  /** Names of the files it was made for. */
  readonly files: readonly string[]
  readonly panel: string
  readonly image: number | undefined
  readonly history: number | undefined
  readonly event: number | undefined
  readonly list: string
  readonly find: string
  readonly sort: string
}

export const NOTHING: View = {
  files: [],
  panel: 'life',
  image: undefined,
  history: undefined,
  event: undefined,
  list: '',
  find: '',
  sort: 'finding',
}

/** `#panel=life&history=16780289&event=7`; what is as it begins is left out. */
export function hashOf(view: View): string {
  const words = new URLSearchParams()
  for (const name of view.files) words.append('file', name)
  if (view.panel !== NOTHING.panel) words.set('panel', view.panel)
  if (view.list !== '') words.set('list', view.list)
  if (view.find !== '') words.set('find', view.find)
  if (view.sort !== NOTHING.sort) words.set('sort', view.sort)
  // The first image is meant where none is said.
  if (view.image !== undefined && view.image > 0) words.set('image', `${view.image}`)
  if (view.history !== undefined) words.set('history', `${view.history}`)
  if (view.event !== undefined) words.set('event', `${view.event}`)
  const text = words.toString()
  return text === '' ? '' : `#${text}`
}

/** Whatever it says that cannot be is left out. */
export function viewOf(hash: string): View {
  const words = new URLSearchParams(hash.replace(/^#/, ''))
  const number = (name: string): number | undefined => {
    const text = words.get(name)
    const value = text === null || !/^\d{1,16}$/.test(text) ? Number.NaN : Number(text)
    return Number.isSafeInteger(value) ? value : undefined
  }
  const history = number('history')
  return {
    files: words.getAll('file'),
    panel: words.get('panel') ?? NOTHING.panel,
    image: number('image') ?? (history === undefined ? undefined : 0),
    history,
    event: history === undefined ? undefined : number('event'),
    list: words.get('list') ?? '',
    find: words.get('find') ?? '',
    sort: words.get('sort') ?? NOTHING.sort,
  }
}
