// Small races of two threads, and what may come of each (after jcstress: every outcome has its story; a forbidden one, and
// one that nobody thought of, is a fault).
//
//   prepare   one thread sets the stage and answers numbers for both      (barrier)
//   meet      each thread takes what it needs in hand                     (barrier)
//   act       both at once; each answers a number                         (barrier)
//   look      the first thread tells what came of it

export const ACCEPTABLE = 'acceptable'
export const INTERESTING = 'interesting'

const texts = (history) => history?.events().map(({ log, lost }) => (lost ? `${log}?` : log)) ?? []
const find = (stage, { handles }) => stage.list('one').at(handles[0])

/** A life in a window of one. */
const one = (stage) => [stage.list('one').push(stage.round).handle]
/** The same, out of the window, held by one reference. */
function pinnedOutside(stage) {
  const history = stage.list('one').push(stage.round)
  history.ref()
  stage.list('one').push('next')
  return [history.handle]
}
const pushNext = (stage) => stage.list('one').push('next').handle
/** What the push that came between must have: nothing. */
function nextIsEmpty(stage, handle) {
  const next = stage.list('one').at(handle)
  return next !== undefined && next.events().length === 0
}
const gone = (stage, handle) => stage.list('one').at(handle) === undefined

/** `most`: rounds that one recorder has room for. */
export const RACES = {
  'log with log': {
    prepare: (stage) => [stage.list('wide').push(stage.round).handle],
    meet: (stage, { handles }) => stage.list('wide').at(handles[0]),
    act: [
      (stage, history) => +history.log(stage.verb, '%s', 'A'),
      (stage, history) => +history.log(stage.verb, '%s', 'B'),
    ],
    look: (stage, { handles, answers }) => `${texts(stage.list('wide').at(handles[0]))} ${answers}`,
    outcomes: {
      'A,B 1,1': [ACCEPTABLE, 'A claimed first'],
      'B,A 1,1': [ACCEPTABLE, 'B claimed first'],
    },
  },
  'log %d with log %d': {
    prepare: (stage) => [stage.list('wide').push(stage.round).handle],
    meet: (stage, { handles }) => stage.list('wide').at(handles[0]),
    act: [
      (stage, history) => +history.log(stage.verb, '%d', 1) + +history.log(stage.verb, '%d', 2),
      (stage, history) => +history.log(stage.verb, '%d', 3) + +history.log(stage.verb, '%d', 4),
    ],
    look: (stage, { handles, answers }) => `${texts(stage.list('wide').at(handles[0]))} ${answers}`,
    outcomes: {
      '1,2,3,4 2,2': [ACCEPTABLE, 'one after the other'],
      '3,4,1,2 2,2': [ACCEPTABLE, 'one after the other'],
      '1,3,2,4 2,2': [ACCEPTABLE, 'by turns'],
      '1,3,4,2 2,2': [ACCEPTABLE, 'by turns'],
      '3,1,2,4 2,2': [ACCEPTABLE, 'by turns'],
      '3,1,4,2 2,2': [ACCEPTABLE, 'by turns'],
    },
  },
  'log with the last unref outside the window': {
    prepare: pinnedOutside,
    meet: find,
    act: [(stage, history) => +history.log(stage.verb, '%d', 7), (_, history) => +history.unref()],
    look: (stage, { handles, answers }) =>
      `${answers}, ${gone(stage, handles[0]) ? 'gone' : 'there'}`,
    outcomes: {
      '1,1, gone': [ACCEPTABLE, 'recorded, then the life ended and its events with it'],
      '0,1, gone': [ACCEPTABLE, 'the life had ended'],
    },
  },
  'log with the push that evicts': {
    prepare: one,
    meet: find,
    act: [(stage, history) => +history.log(stage.verb, '%d', 7), pushNext],
    look: (stage, { handles, answers: [logged, next] }) =>
      `${logged}, ${gone(stage, handles[0]) ? 'gone' : 'there'}, next ${nextIsEmpty(stage, next) ? 'empty' : 'not empty'}`,
    outcomes: {
      '1, gone, next empty': [ACCEPTABLE, 'recorded, then evicted'],
      '0, gone, next empty': [ACCEPTABLE, 'evicted before'],
    },
  },
  'at(handle) with the push that evicts': {
    prepare: one,
    meet: () => undefined,
    act: [
      (stage, _, { handles }) => {
        const history = stage.list('one').at(handles[0])
        return history === undefined ? -1 : +history.log(stage.verb, '%s', 'A')
      },
      pushNext,
    ],
    look: (stage, { answers: [found, next] }) =>
      `${found}, next ${nextIsEmpty(stage, next) ? 'empty' : 'not empty'}`,
    outcomes: {
      '-1, next empty': [ACCEPTABLE, 'evicted before it was looked for'],
      '0, next empty': [INTERESTING, 'found, and evicted before the event'],
      '1, next empty': [ACCEPTABLE, 'found, recorded, evicted'],
    },
  },
  'ref with the push that evicts': {
    prepare: one,
    meet: find,
    act: [(_, history) => +history.ref(), pushNext],
    look: (stage, { handles, answers: [held] }) => {
      const history = stage.list('one').at(handles[0])
      const isThere = history !== undefined
      if (held) history?.unref()
      return `${held}, ${isThere ? 'there' : 'gone'}, ${gone(stage, handles[0]) ? 'then gone' : 'for ever'}`
    },
    outcomes: {
      '1, there, then gone': [ACCEPTABLE, 'pinned before the push, and ended by its own unref'],
      '0, gone, then gone': [ACCEPTABLE, 'evicted before'],
    },
  },
  'push with push, window of one': {
    prepare: one,
    meet: () => undefined,
    act: [pushNext, pushNext],
    look: (stage, { answers: [a, b] }) => {
      const stays = [...stage.list('one').histories()].map(({ handle }) => handle)
      if (a === b) return 'the same handle'
      return stays.map((handle) => (handle === a ? 'A' : handle === b ? 'B' : 'old')).join()
    },
    outcomes: { A: [ACCEPTABLE, 'A was last'], B: [ACCEPTABLE, 'B was last'] },
  },
  'log with the switch': {
    prepare: one,
    meet: find,
    act: [
      (stage, history) => +history.log(stage.verb, '%d', 7),
      (stage) => {
        stage.list('one').enabled = false
        return +stage.list('one').enabled
      },
    ],
    look: (stage, { handles, answers: [logged, on] }) => {
      const list = stage.list('one')
      const after = list.at(handles[0]).log(stage.verb, '%d', 8)
      list.enabled = true
      return `${logged}, ${texts(list.at(handles[0])).length} there, then ${+after}, ${on}`
    },
    outcomes: {
      '1, 1 there, then 0, 0': [ACCEPTABLE, 'recorded, then switched off'],
      '0, 0 there, then 0, 0': [ACCEPTABLE, 'switched off before'],
    },
  },
  'push and log with destroy': {
    most: 60,
    prepare: (stage) => [stage.list(`short ${stage.round}`).push(0).handle],
    meet: (stage, { handles }) => {
      const list = stage.list(`short ${stage.round}`)
      return { list, old: list.at(handles[0]) }
    },
    act: [
      (stage, { list, old }) => {
        old.log(stage.verb, '%d', 7)
        const history = list.push(1)
        history.log(stage.verb, '%d', 8)
        return history.handle
      },
      (_, { list }) => {
        list.destroy()
        return 0
      },
    ],
    look: (_stage, { handles, answers: [pushed], mine: { list, old } }) => {
      const left = [...handles, pushed].filter((handle) => handle && list.at(handle))
      return `${pushed ? 'pushed' : 'refused'}, ${left.length} left, ${old.events().length} events`
    },
    outcomes: {
      'pushed, 0 left, 0 events': [ACCEPTABLE, 'pushed while the list stood, ended with it'],
      'refused, 0 left, 0 events': [ACCEPTABLE, 'the list had ended'],
    },
  },
  'two that make one list': {
    most: 60,
    prepare: () => [],
    meet: () => undefined,
    act: [
      (stage) => stage.recorder.list(`same ${stage.round}`, { window: 8 }).push(1).handle,
      (stage) => stage.recorder.list(`same ${stage.round}`, { window: 8 }).push(2).handle,
    ],
    look: (stage, { answers }) => {
      const list = stage.recorder.list(`same ${stage.round}`)
      const found = answers.filter((handle) => list.at(handle)).length
      const there = [...list.histories()].length
      list.destroy()
      return `${found} found, ${there} there`
    },
    outcomes: { '2 found, 2 there': [ACCEPTABLE, 'one list'] },
  },
  'two that make one list, one of them switched off': {
    most: 60,
    prepare: () => [],
    meet: () => undefined,
    act: [
      (stage) => stage.recorder.list(`half ${stage.round}`, { window: 8 }).window,
      (stage) => stage.recorder.list(`half ${stage.round}`, { window: 9, enabled: false }).window,
    ],
    look: (stage, { answers }) =>
      `${answers}, ${stage.recorder.list(`half ${stage.round}`).enabled ? 'on' : 'off'}`,
    outcomes: {
      '8,8, on': [ACCEPTABLE, 'A made it'],
      '9,9, off': [ACCEPTABLE, 'B made it'],
    },
  },
  'two that define one verb and one format': {
    most: 300,
    prepare: (stage) => [stage.list('wide').push(stage.round).handle, stage.recorder.stats().verbs],
    meet: (stage, { handles }) => stage.list('wide').at(handles[0]),
    act: [1, 2].map((who) => (stage, history) => {
      const name = `VERB_${stage.round}`
      const { [name]: verb } = stage.recorder.verbs({ [name]: 0 })
      return +history.log(verb, `format ${stage.round}: %d`, who)
    }),
    look: (stage, { handles, answers }) => {
      const events = stage.list('wide').at(handles[0]).events()
      const [a, b] = events
      const isSame = a?.verb === `VERB_${stage.round}` && b?.verb === a.verb
      const said = events.map(({ log }) => log).sort()
      const isRight = said.every((log, n) => log === `format ${stage.round}: ${n + 1}`)
      const verbs = stage.recorder.stats().verbs - handles[1]
      return `${answers}, ${events.length} events, ${isSame && isRight ? 'right' : 'wrong'}, ${verbs} verb`
    },
    outcomes: { '1,1, 2 events, right, 1 verb': [ACCEPTABLE, 'one verb, both events name it'] },
  },
  'join with growth': {
    most: 16,
    prepare: (stage) => [stage.fresh().list('one', { window: 500 }).push(0).handle],
    meet: () => undefined,
    act: [
      (stage, _, { handles }) => {
        const recorder = stage.fresh()
        const { GROW } = recorder.verbs({ GROW: 0 })
        const list = recorder.list('one')
        list.at(handles[0]).ref()
        for (let n = 0; n < 400; n++) {
          const history = list.push(n)
          for (let i = 0; i < 16; i++) history.log(GROW, '%d %d', n, i)
        }
        return recorder.stats().bytes
      },
      (stage, _, { handles }) => {
        const recorder = stage.join()
        const { JOINED } = recorder.verbs({ JOINED: 0 })
        return +(recorder.list('one').at(handles[0])?.log(JOINED, '%d', stage.round) ?? 2)
      },
    ],
    look: (stage, { handles, answers: [bytes, logged] }) => {
      const recorder = stage.fresh()
      const said = texts(recorder.list('one').at(handles[0]))
      const last = [...recorder.list('one').histories()].at(-1)
      return `${logged}, ${said[0] === `${stage.round}` ? 'there' : 'not there'}, ${texts(last).length} events, ${recorder.stats().threads} threads, ${bytes > 131072 ? 'grown' : 'not grown'}`
    },
    outcomes: {
      '1, there, 16 events, 3 threads, grown': [ACCEPTABLE, 'joined, and recorded, meanwhile'],
    },
  },
}
