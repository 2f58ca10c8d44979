// A sitting with shdb over an image: whatever the bytes are, each command prints something, or one of gdb's sentences.

import type { Image } from '../../../src/inspect.ts'
import { CommandError, type Host, Runner } from '../../../src/inspector/index.ts'
import { Broken } from './walk.ts'

/** Commands that look at everything once, and at the first histories closely. */
function commandsFor(image: Image): string[] {
  const commands = [
    'info lists',
    'info histories',
    'info threads',
    'info verbs',
    'info stats',
    'info target',
    'info histories -by last -max 5',
    'info histories -lost -by object -reverse --json',
    'info lists --json',
    'info stats --json',
    'info threads --json',
    'info verbs --json',
    'info target --json',
    'find -max 3 -v send',
    'find --json -max 20 send',
    'thread apply all -c event',
    'find send',
    'find /[0-9]+, x/',
    'history 0x7f95acf6ea60',
    'history "dialog"',
    `x/24xw ${image.base}`,
    `x/2s ${image.base + 56}`,
    `x/4dg ${image.base + 0x4000}`,
    'ptype enum struct_hist_verb',
    'check -least 0',
    'check -json',
    'info paths -max 5',
    'find -max 3 -life "END then any"',
  ]
  for (const list of image.lists().slice(0, 2)) {
    commands.push(`p *(struct struct_hist_list *)${list.address}`)
    for (const { handle } of list.histories().slice(-2))
      commands.push(
        `history -v #${handle}`,
        `history -last 2 #${handle}`,
        'history',
        `history --json #${handle}`,
        `info object #${handle}`,
        `why #${handle}`,
        `diff #${handle}`,
        `info object --json #${handle}`,
        `event #${handle}`,
        'info event',
        'p log',
        'p *$_list',
        'backtrace',
        'around',
        'around --json 1s',
        'previous 3',
        'next',
        'step',
        'thread',
        `set $sh = handle(${handle})`,
        'p *$sh',
        'p $sh->actions[0]@2',
        'p $sh->actions[$sh->len - 1].log',
        'x/s $sh->actions[0].log',
        'p/x *$sh->actions@1',
        'output $sh->obj',
        'printf "%d %d\\n", $sh->ref, $sh->len',
        'x/4xg $sh',
        'whatis *$sh',
      )
  }
  commands.push('p $', 'p $$3', 'show values', 'p $_', 'p sizeof($__)')
  return commands
}

/** Bytes that may reach a terminal: none that could command it, whatever the image's names say. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const COMMANDING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/

export async function sit(image: Image): Promise<number> {
  let written = ''
  const host: Host = {
    write: (text) => {
      written += text
    },
    writeError: (text) => {
      written += text
    },
  }
  const runner = new Runner(host)
  runner.session.attach(image)
  let characters = 0
  for (const command of commandsFor(image)) {
    written = ''
    try {
      await runner.execute(command)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      written += `${error.message}\n`
    }
    const found = COMMANDING.exec(written)
    if (found)
      throw new Broken(
        `"${command}" writes ${JSON.stringify(written.slice(Math.max(0, found.index - 20), found.index + 20))}`,
      )
    characters += written.length
  }
  return characters
}
