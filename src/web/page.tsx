// The page: starts the worker, shows the app, opens what the server offers.

import { mountApp } from './app.tsx'
import { Client } from './client.ts'
import { CONSOLE } from './console/panel.ts'
import type { Port } from './engine/protocol.ts'
import { registerPanel } from './panels.ts'
import { App } from './store.ts'

const worker = startWorker()
const client = new Client(worker as unknown as Port)
const app = new App(client)
worker.addEventListener('error', (event) => {
  const why = event.message || 'The worker that decodes images did not start.'
  client.fail(why)
  app.failure.value = why
})
registerPanel(CONSOLE)
app.followAddress(window)
const root = document.getElementById('shdb')
if (root !== null) mountApp(root, app)
openOffered()

/** The single file carries its worker as text; else it stands beside. */
function startWorker(): Worker {
  const text = document.getElementById('worker')?.textContent
  if (!text) return new Worker('worker.js', { name: 'shdb' })
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))
  return new Worker(url, { name: 'shdb' })
}

/** `<link rel="shdb-image" href="image/0" title="conns.shdump">`: what `shdb web IMAGE` was given. */
async function openOffered(): Promise<void> {
  const links = [...document.querySelectorAll<HTMLLinkElement>('link[rel="shdb-image"]')]
  const files: File[] = []
  for (const { href, title } of links) {
    const response = await fetch(href)
    if (response.ok) files.push(new File([await response.blob()], title))
    else app.failure.value = `${title}: the server says ${response.status} ${response.statusText}`
  }
  await app.open(files)
}
