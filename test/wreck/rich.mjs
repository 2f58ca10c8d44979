// A history of everything that an event can be, then abort() or a wait: what gdb shows is compared with what shdb shows.

import { Recorder } from '../../build/index.js'

const recorder = new Recorder({ name: 'rich', budget: '8MiB', thread: 'main' })
const { REF, SEND, END } = recorder.verbs({ REF: +1, SEND: 0, END: 'end' })
const list = recorder.list('things', { window: 50 })
const calls = recorder.list('calls', { maxEvents: 90, maxText: 2000 })
const history = calls.push('call b9a7-uuid')
history.log(REF, 'connect, (%d)', 1)
history.log(SEND, '%d %i %u %x %X %o', -1, 2, 3, 255, 255, 8)
history.log(SEND, '%5d|%-5d|%05d|%+d', 42, 42, 42, 42)
history.log(SEND, '%s and %s', 'a string', 'another')
history.log(SEND, '%c%c %p', 72, 105, 0x7f95acf6ea60)
history.log(SEND, '%f %.2f %e %g', 1.5, 2.25, 12345.678, 0.5)
for (const short of ['x', '10.0.0.1', 'sip:alice.exampl', 'A3F0-9C77-1B2C', 'In Both Cases'])
  history.log(SEND, 'at %s', short)
history.log(SEND, '%j', { a: [1, 'two', null] })
history.log(SEND, '%s', 'é'.repeat(400))
history.log(SEND, 'long %s', 'x'.repeat(900))
history.log(SEND, '%d %s %s', 12345678901234n, true, null)
history.log(SEND, 'a "quoted" 100%%')
history.log(SEND, '%d')
history.log(SEND, '%.3s %*d', 'abcdef', 6, 7)
for (let i = 0; i < 200; i++) history.log(SEND, 'middle %d', i)
history.log(END, 'destroy')
history.log(SEND, 'used again')

const folded = recorder.list('folded', { coalesce: true }).push(7)
for (let i = 0; i < 10; i++) folded.log(SEND, 'poll %d', 3)
folded.log(SEND, 'other')
for (let n = 0; n < 60; n++) list.push(0x1000 + n).log(REF, 'one of many %d', n)

const deep = recorder.list('deep', { window: 5, maxEvents: 3000 }).push(-5)
for (let i = 0; i < 2500; i++) deep.log(SEND, 'deep %d', i)

console.log('ready')
if (process.argv[2] === 'abort') process.abort()
setInterval(() => {}, 1000)
