// What a row of the figures takes whatever the design: loops that do only what nobody can leave out, beside the floor. Where such a
// loop alone is beyond what the row must be, no recorder can reach it in this engine; where it is below, the rest is ours.

import { ARGUMENT_STRING } from '../../assembly/layout.ts'
import {
  bareLives,
  CALLS_MAX,
  floorLoop,
  GENERATION,
  OBJECTS,
  prototypeLoop,
  WHAT,
} from './bare-lives.mjs'
import { flatStrings } from './flat-strings.mjs'
import { takeTurns } from './rounds.mjs'
import { quartiles } from './statistics.mjs'
import { number, spread } from './table.mjs'

const WITH_GARBAGE_MS = 30
const STRINGS = 64
const NEW = 16384

/** -> a table of nanoseconds a call, and as multiples of the floor. */
export function least(effort) {
  const rows = [
    { loop: floorLoop(), what: 'the floor', limit: '' },
    {
      loop: off(),
      what: 'switched off: picks a history, reads the word of its list',
      limit: '0.2',
    },
    { loop: prototypeLoop('whole'), what: 'one integer: the straight way', limit: '1.5' },
    {
      loop: prototypeLoop('wholeOfThree', 'n, n + 1, n & 3'),
      what: 'three integers: the straight way',
      limit: '2',
    },
    {
      loop: seen(),
      what: 'a string seen before: found by two characters, compared, the straight way',
      limit: '2.5',
    },
    {
      loop: packed(),
      what: 'a new string: 16 characters packed into four words, and no event',
      limit: '5',
    },
    {
      loop: recorded(),
      what: '… and an event of the straight way, with no room for a text',
      limit: '5',
    },
    {
      loop: pushed(),
      what: 'push + unref: an object of three fields, four swaps, and no life',
      limit: '6',
    },
  ]
  const times = takeTurns(
    rows.map(({ loop }) => loop),
    effort,
  )
  return {
    title: 'What nobody can leave out',
    note: 'Loops that do only the part of a row that every design has (bench/suite/least.mjs), beside what the whole row must be.',
    headings: ['what', 'ns', '× the floor', 'the row must be'],
    lines: rows.map(({ loop: { name }, what, limit }) => {
      const ratios = times[name].map((time, round) => time / times.floor[round])
      return [
        what,
        spread(quartiles(times[name])),
        number(quartiles(ratios).median),
        limit && `≤ ${limit} ×`,
      ]
    }),
  }
}

function off() {
  const list = { switched: new Uint32Array(new SharedArrayBuffer(4)) }
  const histories = Array.from({ length: OBJECTS }, () => ({ list }))
  return {
    name: 'off',
    isRefused: true,
    run(from, to) {
      let refused = 0
      for (let n = from; n < to; n++)
        if (histories[n & (OBJECTS - 1)].list.switched[0] === 0) refused++
      return refused
    },
  }
}

function seen() {
  const { exports, lives, prepare } = bareLives()
  const { wholeOfWord } = exports
  const texts = flatStrings(STRINGS)(7_000_000)
  const known = new Array(4096).fill('')
  const placeOf = (text) => {
    const last = text.charCodeAt(text.length - 1) + (text.charCodeAt(text.length - 2) << 5)
    return (Math.imul(last, 0x9e37) + text.length) & 4095
  }
  for (const text of texts) known[placeOf(text)] = text
  return {
    name: 'seen',
    callsMax: CALLS_MAX,
    prepare,
    run(from, to) {
      let refused = 0
      for (let n = from; n < to; n++) {
        const { address } = lives[n & (OBJECTS - 1)]
        const text = texts[n & (STRINGS - 1)]
        const place = placeOf(text)
        const id = known[place] === text ? place : 0
        if (wholeOfWord(address, GENERATION, WHAT, ARGUMENT_STRING, id) === 0) refused++
      }
      return refused
    },
  }
}

function packed() {
  let sum = 0
  return ofNewStrings('packed', (word0, word1, word2, word3) => {
    sum ^= word0 ^ word1 ^ word2 ^ word3
    return sum !== 0.5
  })
}

function recorded() {
  const { exports, lives, prepare } = bareLives()
  const { wholeOfThree } = exports
  const record = (word0, word1, word2, word3, n) =>
    wholeOfThree(
      lives[n & (OBJECTS - 1)].address,
      GENERATION,
      WHAT,
      word0,
      word1,
      word2 ^ word3,
    ) !== 0
  return ofNewStrings('recorded', record, prepare)
}

function ofNewStrings(name, take, prepare = () => {}) {
  let strings = []
  let made = 0
  const source = `return function ${name}(from, to) {
    let refused = 0
    const all = strings()
    for (let n = from; n < to; n++) {
      const text = all[n - from]
      if (!take(${[0, 4, 8, 12].map(packing).join(', ')}, n)) refused++
    }
    return refused
  }`
  return {
    name,
    callsMax: NEW,
    prepare(from, to) {
      prepare()
      strings = flatStrings(to - from)(made)
      made += to - from
    },
    run: new Function('strings', 'take', source)(() => strings, take),
  }
}

/** Four characters of `text` as one word. */
const packing = (at) =>
  [0, 1, 2, 3].map((n) => `(text.charCodeAt(${at + n}) << ${8 * n})`).join(' | ')

function pushed() {
  const { fourSwaps } = bareLives().exports
  const list = {}
  class Life {
    constructor(list, address, generation) {
      this.list = list
      this.address = address
      this.generation = generation
    }
  }
  return {
    name: 'pushed',
    batchMs: WITH_GARBAGE_MS,
    run(from, to) {
      let refused = 0
      for (let n = from; n < to; n++) {
        if (fourSwaps(1024, n) === 0 || !handedOn(new Life(list, n, n))) refused++
      }
      return refused
    },
  }
}

/** Too long to be compiled into its caller: what is handed to it has to be an object. */
const handedOn = new Function(
  'life',
  `if (life.generation >= 0) return true; ${'life.address += life.generation; '.repeat(60)}`,
)
