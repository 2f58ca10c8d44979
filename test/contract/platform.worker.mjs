import { library, post, serve } from '../support/worker.mjs'

let memory

serve(
  {
    add(count) {
      const cells = new Int32Array(memory.buffer)
      for (let i = 0; i < count; i++) Atomics.add(cells, 0, 1)
      return count
    },
    fail() {
      throw new RangeError('as asked')
    },
    tell(message) {
      post(message)
    },
    never() {
      return new Promise(() => {})
    },
    async exportsOfTheLibrary() {
      return Object.keys(await library()).sort()
    },
  },
  (given) => {
    memory = given
  },
)
