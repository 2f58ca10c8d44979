// Images of several shapes, small ones, made by the real recorder and by the builder: what the mutations begin with.

import { Recorder } from '../../../src/index.ts'
import { ImageBuilder } from '../image-builder.ts'

export interface Sample {
  readonly name: string
  readonly bytes: Uint8Array
}

export function corpus(): Sample[] {
  return [
    { name: 'empty', bytes: new Recorder({ budget: '512KiB', name: 'empty' }).snapshot() },
    { name: 'connections', bytes: connections() },
    { name: 'long lives', bytes: longLives() },
    { name: 'texts', bytes: texts() },
    { name: 'built', bytes: built() },
    { name: 'repeats', bytes: repeats() },
  ]
}

/** Short lives of objects of every kind; evicted, pinned, ended, used after their end. */
function connections(): Uint8Array {
  const recorder = new Recorder({ budget: '1MiB', name: 'proxy', thread: 'main' })
  const verbs = recorder.verbs({ REF: 1, UNREF: -1, SEND: 0, DESTROY: 'end' })
  const list = recorder.list('TCP con', { window: 12, maxEvents: 24 })
  const objects = [0x7f95acf6ea60, 2n ** 63n + 5n, -7n, -3, 0.5, 'dialog', 'u'.repeat(36)]
  for (let i = 0; i < 16; i++) {
    const history = list.push(objects[i % objects.length] ?? i)
    if (i % 5 === 0) history.ref()
    history.log(verbs.REF, 'connect, (%d)', i)
    for (let j = 0; j < (i % 4) * 7; j++) history.log(verbs.SEND, 'send %d of %s', j, 'peer')
    if (i % 3 === 0) history.log(verbs.DESTROY, 'destroy %5.1f', i / 4)
    if (i % 6 === 0) history.log(verbs.UNREF, 'late %x %u', i, -i)
    if (i % 7 === 0) history.unref()
  }
  recorder.list('sessions', { window: 0, maxEvents: 3, autoLog: true }).push('a'.repeat(300))
  recorder.list('gone').push(1)
  recorder.list('gone').destroy()
  return recorder.snapshot()
}

/** One and two levels of directories; a middle that has fallen, of which pinned events are kept. */
function longLives(): Uint8Array {
  const recorder = new Recorder({ budget: '1MiB', name: 'long', thread: 'main' })
  const verbs = recorder.verbs({ TICK: 0, FAIL: { role: 0, pin: true } })
  const shallow = recorder.list('shallow', { window: 4, maxEvents: 80 })
  for (let life = 0; life < 3; life++) {
    const history = shallow.push(0x100 + life)
    for (let i = 0; i < 60 + 50 * life; i++)
      history.log(i % 17 === 5 ? verbs.FAIL : verbs.TICK, 'tick %d', i)
  }
  const deep = recorder.list('deep', { window: 2, maxEvents: 1200 }).push(0x200)
  for (let i = 0; i < 75; i++) deep.log(verbs.TICK, '%-*d|%s', 5, i, 'x')
  return recorder.snapshot()
}

/** Arguments that need a text: long strings, objects, bigints, stacks; texts over several blocks. */
function texts(): Uint8Array {
  const recorder = new Recorder({ budget: '1MiB', name: 'texts', thread: 'main' })
  const verbs = recorder.verbs({ SAY: 0, END: 'end' })
  const list = recorder.list('talk', { window: 6, maxEvents: 60, maxText: 8192 })
  for (let life = 0; life < 2; life++) {
    const history = list.push(`talker ${life} ${'.'.repeat(life * 20)}`)
    for (let i = 0; i < 7; i++) {
      history.log(
        verbs.SAY,
        '%s %j %d',
        `${i} ${'word '.repeat(i * life * 3)}`,
        { i, life },
        2n ** 63n,
      )
      history.log(verbs.SAY, '%s and %s', null, undefined, true, false, -0, 'é'.repeat(i))
    }
    history.log(verbs.SAY, 'f'.repeat(4200), 1)
    history.log(verbs.SAY, '%s', 'x'.repeat(1500))
    history.log(verbs.END, 'bye')
  }
  const traced = recorder.list('traced', { window: 2, maxEvents: 9, backtrace: true }).push(9)
  for (let i = 0; i < 5; i++) traced.log(verbs.SAY, 'from %s', 'here', i)
  return recorder.snapshot()
}

/** Runs of equal events: folded, cut by a block's end, of a fallen first event, late, pinned. */
function repeats(): Uint8Array {
  const recorder = new Recorder({ budget: '1MiB', name: 'repeats', thread: 'main' })
  const verbs = recorder.verbs({ TICK: 0, FAIL: { role: 0, pin: true }, END: 'end' })
  const list = recorder.list('jobs', { window: 6, maxEvents: 24, coalesce: true })
  for (let life = 0; life < 4; life++) {
    const history = list.push(0x300 + life)
    for (let run = 0; run < 8 + 14 * life; run++)
      for (let n = 0; n <= run % 5; n++)
        history.log(run % 7 === 3 ? verbs.FAIL : verbs.TICK, 'tick %d of %d', run % 3, run)
    for (let n = 0; n < 300; n++) history.log(verbs.TICK, 'wait')
    if (life % 2 === 0) history.log(verbs.END, 'bye')
    for (let n = 0; n < 3; n++) history.log(verbs.TICK, 'wait')
  }
  return recorder.snapshot()
}

/** What no recorder is asked to write: unfinished and late events, cut arguments, two threads, every tag. */
function built(): Uint8Array {
  const image = new ImageBuilder({ budget: 32 })
  image.thread('main')
  image.thread('tcp worker 1', { tid: 2 })
  image.verb('REF', 'ref').verb('SEND').verb('END', 'end').verb('FAIL', 'none', { pin: true })
  const list = image.list('TCP con', { maxEvents: 24, maxText: 64 })
  const long = list.push(0x10)
  for (let i = 0; i < 90; i++) long.log(i % 29 === 0 ? 'FAIL' : 'SEND', 'send %d of %s', i, 'x')
  list.push('dialog').log('SEND', '%j %5.1f', { json: '{"a":1}', cut: 3 }, 0.25)
  const dead = list.push(0x11).log('REF', '%s', { inline: 'b'.repeat(900), cut: 40 })
  dead.claim()
  dead.by(1).log('END', '%s %s %s', null, true, 5n)
  const deep = image.list('deep', { maxEvents: 2000 }).push(-1)
  for (let i = 0; i < 100; i++) deep.log('SEND', '%-*d|', 5, i)
  return image.build()
}
