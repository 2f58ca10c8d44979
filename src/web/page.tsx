// The page: starts the worker, shows the app, opens what the server offers.

import { mountApp } from './app.tsx'
import { Client } from './client.ts'
import { CONSOLE } from './console/panel.ts'
import type { Port } from './engine/protocol.ts'
import { openOffered } from './offered.ts'
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
void openOffered(app)

/** The single file carries its worker as text; else it stands beside. */
function startWorker(): Worker {
  const text = document.getElementById('worker')?.textContent
  if (!text) return new Worker('worker.js', { name: 'shdb' })
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))
  return new Worker(url, { name: 'shdb' })
}
