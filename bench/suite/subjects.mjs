// What is measured: one loop for each figure, as an application's hot loop would be. The inputs vary, so that no engine can
// lift a call or a look-up out of its loop: the objects take turns, the integers count, new strings are new.

import { Recorder } from 'struct-history'
import { flatStrings } from './flat-strings.mjs'

/** As many as the connections that are busy at one moment. A power of two. */
const OBJECTS = 16
const SEEN = 64
/** The most new strings of a batch. */
const NEW = 16384
/** Long enough for the garbage collections that its calls cause. */
const WITH_GARBAGE_MS = 30

/** One recorder with what all loops of one realm need. */
export class Given {
  constructor({ clock = 'coarse', budget = '64MiB' } = {}) {
    this.recorder = new Recorder({ name: 'bench', budget, clock })
    Object.assign(this, this.recorder.verbs({ SENT: 0 }))
  }

  histories(name, count, options) {
    const list = this.recorder.list(name, options)
    return Array.from({ length: count }, (_, n) => list.push(0x1000 + n))
  }
}

/** name -> what makes its loop. */
export const SUBJECTS = {
  'one-integer': ({ given }) => {
    const { SENT } = given()
    const histories = given().histories('one', OBJECTS)
    return {
      run(from, to) {
        let refused = 0
        for (let n = from; n < to; n++)
          if (!histories[n & (OBJECTS - 1)].log(SENT, 'send %d', n)) refused++
        return refused
      },
      proof: (last) => [histories[last & (OBJECTS - 1)].events().at(-1)?.log, `send ${last}`],
    }
  },
  'one-integer-many': ({ given }) => {
    const { SENT } = given()
    const histories = given().histories('many', 8192, { window: 10_000, maxEvents: 100 })
    return {
      run(from, to) {
        let refused = 0
        for (let n = from; n < to; n++) if (!histories[n & 8191].log(SENT, 'send %d', n)) refused++
        return refused
      },
    }
  },
  formats: ({ given }) => {
    const { REF, UNREF, STATE } = given().recorder.verbs({ REF: +1, UNREF: -1, STATE: 0 })
    const histories = given().histories('formats', OBJECTS)
    const calls = [
      (history, n) => history.log(REF, 'request, (%d)', n),
      (history, n) => history.log(STATE, 'to %d', n),
      (history, n) => history.log(REF, 'transaction, (%d)', n),
      (history, n) => history.log(UNREF, 'request done, (%d)', n),
      (history, n) => history.log(STATE, 'answered %d', n),
      (history, n) => history.log(REF, 'reply, (%d)', n),
      (history, n) => history.log(UNREF, 'transaction done, (%d)', n),
      (history, n) => history.log(UNREF, 'reply done, (%d)', n),
    ]
    return {
      run(from, to) {
        let refused = 0
        for (let n = from; n < to; n++)
          if (!calls[n & 7](histories[n & (OBJECTS - 1)], n)) refused++
        return refused
      },
    }
  },
  'two-integers': ({ given }) => {
    const { SENT } = given()
    const histories = given().histories('two', OBJECTS)
    return {
      run(from, to) {
        let refused = 0
        for (let n = from; n < to; n++)
          if (!histories[n & (OBJECTS - 1)].log(SENT, 'send %d, (%d)', n, n & 3)) refused++
        return refused
      },
      proof: (last) => [
        histories[last & (OBJECTS - 1)].events().at(-1)?.log,
        `send ${last}, (${last & 3})`,
      ],
    }
  },
  'three-integers': ({ given }) => {
    const { SENT } = given()
    const histories = given().histories('three', OBJECTS)
    return {
      run(from, to) {
        let refused = 0
        for (let n = from; n < to; n++)
          if (!histories[n & (OBJECTS - 1)].log(SENT, 'send %d of %d, (%d)', n, n + 1, n & 3))
            refused++
        return refused
      },
      proof: (last) => [
        histories[last & (OBJECTS - 1)].events().at(-1)?.log,
        `send ${last} of ${last + 1}, (${last & 3})`,
      ],
    }
  },
  'string-seen': ({ given }) => {
    const { SENT } = given()
    const histories = given().histories('seen', OBJECTS)
    const seen = flatStrings(SEEN)(7_000_000)
    return {
      run(from, to) {
        let refused = 0
        for (let n = from; n < to; n++)
          if (!histories[n & (OBJECTS - 1)].log(SENT, 'to %s', seen[n & (SEEN - 1)])) refused++
        return refused
      },
      proof: (last) => [
        histories[last & (OBJECTS - 1)].events().at(-1)?.log,
        `to ${seen[last & (SEEN - 1)]}`,
      ],
    }
  },
  'string-new': ({ given }) => {
    const { SENT } = given()
    const histories = given().histories('new', OBJECTS)
    let strings = []
    let made = 0
    return {
      callsMax: NEW,
      // As many as the batch takes: what a program logs was made a moment ago, and is in its cache.
      prepare(from, to) {
        strings = flatStrings(to - from)(made)
        made += to - from
      },
      run(from, to) {
        let refused = 0
        for (let n = from; n < to; n++)
          if (!histories[n & (OBJECTS - 1)].log(SENT, 'to %s', strings[n - from])) refused++
        return refused
      },
    }
  },
  'precise-clock': ({ precise }) => {
    const { SENT } = precise()
    const histories = precise().histories('precise', OBJECTS)
    return {
      run(from, to) {
        let refused = 0
        for (let n = from; n < to; n++)
          if (!histories[n & (OBJECTS - 1)].log(SENT, 'send %d', n)) refused++
        return refused
      },
      proof: (last) => [histories[last & (OBJECTS - 1)].events().at(-1)?.log, `send ${last}`],
    }
  },
  'switched-off': ({ given }) => {
    const { SENT } = given()
    const list = given().recorder.list('off', { window: OBJECTS })
    const histories = Array.from({ length: OBJECTS }, (_, n) => list.push(n))
    list.enabled = false
    return {
      isRefused: true,
      run(from, to) {
        let refused = 0
        for (let n = from; n < to; n++)
          if (!histories[n & (OBJECTS - 1)].log(SENT, 'send %d', n)) refused++
        return refused
      },
    }
  },
  'verb-off': ({ given }) => {
    const { IDLE } = given().recorder.verbs({ IDLE: 0 })
    const histories = given().histories('verb off', OBJECTS)
    IDLE.enabled = false
    return {
      isRefused: true,
      run(from, to) {
        let refused = 0
        for (let n = from; n < to; n++)
          if (!histories[n & (OBJECTS - 1)].log(IDLE, 'send %d', n)) refused++
        return refused
      },
    }
  },
  'sampled-out': ({ given }) => {
    const { SENT } = given()
    const list = given().recorder.list('sampled', { window: 1000, sample: 2 ** -24 })
    return {
      run(from, to) {
        let recorded = 0
        for (let n = from; n < to; n++) {
          const history = list.push(n)
          for (let i = 0; i < 10; i++) if (history.log(SENT, 'send %d', n + i)) recorded++
          if (history.unref()) recorded++
        }
        // One in 2^24 is recorded all the same.
        return recorded > 24 ? recorded : 0
      },
    }
  },
  'call-site': ({ given }) => {
    const { SENT } = given()
    const histories = given().histories('site', OBJECTS)
    return {
      run(from, to) {
        let refused = 0
        for (let n = from; n < to; n++)
          if (!histories[n & (OBJECTS - 1)].log(SENT, 'send %d\0src/conn.ts:41:accept', n))
            refused++
        return refused
      },
      proof: (last) => {
        const event = histories[last & (OBJECTS - 1)].events().at(-1)
        return [`${event?.log} ${event?.site}`, `send ${last} src/conn.ts:41:accept`]
      },
    }
  },
  checked: ({ given }) => {
    const { SENT } = given()
    const list = given().recorder.list('checked', { window: OBJECTS, check: true })
    const histories = Array.from({ length: OBJECTS }, (_, n) => list.push(n))
    return {
      run(from, to) {
        let refused = 0
        for (let n = from; n < to; n++)
          if (!histories[n & (OBJECTS - 1)].log(SENT, 'send %d', n)) refused++
        return refused
      },
      proof: (last) => [histories[last & (OBJECTS - 1)].events().at(-1)?.log, `send ${last}`],
    }
  },
  'hold-release': ({ given }) => {
    const histories = given().histories('held', OBJECTS)
    return {
      batchMs: WITH_GARBAGE_MS,
      run(from, to) {
        let refused = 0
        for (let n = from; n < to; n++)
          if (!histories[n & (OBJECTS - 1)].hold('tcp reader').release()) refused++
        return refused
      },
    }
  },
  'push-unref': ({ given }) => {
    const list = given().recorder.list('lives', { window: 1000 })
    return {
      batchMs: WITH_GARBAGE_MS,
      run(from, to) {
        let refused = 0
        for (let n = from; n < to; n++) if (!list.push(n).unref()) refused++
        return refused
      },
    }
  },
  life: ({ given }) => {
    const { SENT } = given()
    const list = given().recorder.list('whole lives', { window: 1000 })
    return {
      batchMs: WITH_GARBAGE_MS,
      run(from, to) {
        let refused = 0
        for (let n = from; n < to; n++) {
          const history = list.push(n)
          for (let i = 0; i < 10; i++) if (!history.log(SENT, 'send %d', n + i)) refused++
          if (!history.unref()) refused++
        }
        return refused
      },
    }
  },
}

/**
 * The two floors, of an instance of floor.ts. Their loop is that of the subjects: it picks one of as many objects in turn, and
 * an argument comes from it.
 */
export function floors(floor) {
  const objects = Array.from({ length: OBJECTS }, (_, n) => ({ number: n }))
  let sum = 0
  return {
    floor: {
      run(from, to) {
        let refused = 0
        for (let n = from; n < to; n++)
          if (floor(objects[n & (OBJECTS - 1)].number, n) === 0) refused++
        return refused
      },
    },
    'floor-and-now': {
      run(from, to) {
        let refused = 0
        for (let n = from; n < to; n++) {
          if (floor(objects[n & (OBJECTS - 1)].number, n) === 0) refused++
          sum += performance.now()
        }
        return sum === 0 ? to - from : refused
      },
    },
  }
}
