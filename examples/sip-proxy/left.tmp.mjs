import { readFileSync } from 'node:fs'
import { openImage } from 'struct-history/inspect'

const image = openImage(readFileSync(process.argv[2]))
for (const list of image.lists())
  for (const h of list.histories()) {
    const e = h.events()
    if (e.some(({ role }) => role === 'end')) continue
    console.log(list.name, h.objectText, h.ref)
    for (const x of e) console.log('  ', x.index, Math.round(x.t), x.thread, x.verb, x.log)
  }
