// Records a connection that is used after its end among others that are not, in whichever runtime, and dumps it.
//
//   node recorded.mjs FILE
//
// In a page: `record(Recorder).snapshot()`.

export const VICTIM = 0x7f95acf6ea60

/** @param {typeof import('../../src/index.ts').Recorder} Recorder */
export function record(Recorder) {
  const recorder = new Recorder({ name: 'proxy', budget: '4MiB' })
  const TCP = recorder.verbs({ TCP_REF: +1, TCP_UNREF: -1, TCP_SEND2CHILD: 0, TCP_DESTROY: 'end' })
  const list = recorder.list('TCP con')
  for (let n = 0; n < 40; n++) {
    const history = list.push(VICTIM + n * 0x250)
    history.log(TCP.TCP_REF, 'accept, (%d)', 1)
    history.log(TCP.TCP_REF, 'write, (%d)', 2)
    history.log(TCP.TCP_SEND2CHILD, 'write')
    history.log(TCP.TCP_UNREF, 'send %d, (%d)', 6, 1)
    history.log(TCP.TCP_UNREF, 'read end, (%d)', 0)
    history.log(TCP.TCP_DESTROY, 'type=%d', 2)
    if (n === 0) history.log(TCP.TCP_UNREF, 'send %d, (%d)', 6, -1)
    history.unref()
  }
  return recorder
}

const file = globalThis.process?.argv?.[2]
if (file !== undefined)
  import('../../build/index.js').then(({ Recorder }) => record(Recorder).dumpSync(file))
