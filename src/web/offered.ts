// What `shdb web IMAGE` was given: links in the page, fetched with progress, and opened as if they were dropped.

import type { App } from './store.ts'

/** Kept as arrays up to this; a browser keeps what is in a Blob on its disk. */
const HELD_BYTES = 1 << 26

/** `<link rel="shdb-image" href="image/0" title="conns.shdump">` */
export async function openOffered(app: App): Promise<void> {
  const links = [...document.querySelectorAll<HTMLLinkElement>('link[rel="shdb-image"]')]
  const files: File[] = []
  const stop = new AbortController()
  for (const { href, title } of links) {
    try {
      files.push(await fetched(href, title, app, stop))
    } catch (error) {
      if (stop.signal.aborted) break
      const why = error instanceof Error ? error.message : `${error}`
      app.failure.value = `${title} cannot be fetched from shdb, which may have ended: ${why}`
    }
  }
  app.task.value = undefined
  if (!stop.signal.aborted) await app.open(files)
}

async function fetched(
  href: string,
  title: string,
  app: App,
  stop: AbortController,
): Promise<File> {
  const response = await fetch(href, { signal: stop.signal })
  // shdb says why, in a sentence.
  if (!response.ok || response.body === null) throw new Error(await response.text())
  const total = Number(response.headers.get('content-length') ?? 0)
  const blobs: Blob[] = []
  let held: Uint8Array<ArrayBuffer>[] = []
  let done = 0
  let since = 0
  const reader = response.body.getReader()
  for (;;) {
    const part = await reader.read()
    if (part.done) break
    held.push(part.value)
    done += part.value.length
    since += part.value.length
    app.task.value = {
      progress: { what: `Fetching ${title}`, done, total },
      giveUp: () => stop.abort(),
    }
    if (since < HELD_BYTES) continue
    blobs.push(new Blob(held))
    held = []
    since = 0
  }
  return new File([...blobs, ...held], title)
}
