// A use after the end, as three threads recorded it: a connection is written to once more than it was referenced. Around
// it an earlier life at the same address, a life of which a dead thread left events unfinished, and a session.
//
//   t        main            tcp reader          tcp writer
//   10000    push, accept
//   12000                    passes it on (2)
//   12400                                        sends (1)
//   12500                                        sends again (0): nobody had referenced it for that
//   12600                    destroys it
//   12900                                        uses it

import * as at from '../../assembly/layout.ts'
import { type Image, openImage } from '../../src/inspect.ts'
import { ImageBuilder } from './image-builder.ts'

export const VICTIM = 0x7f95acf6ea60

/** `later`: milliseconds by which the recorder began later. */
export const raceImage = (source = 'race.shdump', later = 0): Image =>
  openImage(raceBytes(later), { source })

export function raceBytes(later = 0): Uint8Array {
  const image = new ImageBuilder()
  const main = image.thread('main', { tid: 0 })
  const reader = image.thread('tcp reader', { tid: 1 })
  const writer = image.thread('tcp writer', { tid: 2 })
  image.thread('idle', { tid: 3 })
  image
    .verb('TCP_REF', 'ref')
    .verb('TCP_UNREF', 'unref')
    .verb('TCP_SEND2CHILD')
    .verb('TCP_DESTROY', 'end')
    .verb('TCP_FAULT')
  const connections = image.list('TCP con')

  const earlier = connections.push(VICTIM, { thread: main, created: 1000 })
  earlier.by(main).at(1000).log('TCP_REF', 'accept, (%d)', 1)
  earlier.by(reader).at(2000).log('TCP_UNREF', 'read end, (%d)', 0)
  earlier.by(reader).at(2001).log('TCP_DESTROY', 'type=%d', 2)

  const torn = connections.push(0x7f95acf6eb00, { thread: main, created: 9000 })
  torn.by(main).at(9000).log('TCP_REF', 'accept, (%d)', 1)
  torn.claim()
  torn.claim()
  torn.by(reader).at(12550).log('TCP_SEND2CHILD', 'read')
  torn.claim()

  const victim = connections.push(VICTIM, { thread: main, created: 10000, generation: 2 })
  victim.by(main).at(10000).log('TCP_REF', 'accept, (%d)', 1)
  victim.by(reader).at(12000).log('TCP_REF', 'write, (%d)', 2)
  victim.by(reader).at(12001).log('TCP_SEND2CHILD', 'write')
  victim.by(writer).at(12400).log('TCP_UNREF', 'send %d, (%d)', 6, 1)
  victim.by(writer).at(12500).log('TCP_UNREF', 'send %d, (%d)', 6, 0)
  victim.by(reader).at(12600).log('TCP_DESTROY', 'type=%d', 2)
  victim.by(writer).at(12900).log('TCP_FAULT', 'resume write')
  victim.flags(at.CONTROL_ENDED)
  earlier.flags(at.CONTROL_ENDED)

  const sessions = image.list('sessions', { window: 1 })
  image.u64(sessions.offset + at.LIST_PUSHED, 5)
  const session = sessions.push('b9a7-uuid', { thread: writer, created: 12450 })
  session.by(writer).at(12450).log('TCP_REF', 'login')
  image.u64(sessions.offset + at.LIST_PUSHED, 5)
  image.view.setFloat64(
    at.HEADER_STARTED,
    image.view.getFloat64(at.HEADER_STARTED, true) + later,
    true,
  )
  return image.seal().build()
}
