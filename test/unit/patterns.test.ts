// Patterns over verbs: what each notation means, what it refuses, and that no pattern takes for ever.

import { describe, expect, test } from 'vitest'
import type { Event, Role } from '../../src/image/image.ts'
import { expectLife, matches, PatternError } from '../../src/inspect.ts'

const ROLES: Readonly<Record<string, Role>> = {
  REF: 'ref',
  UNREF: 'unref',
  END: 'end',
  TCP_REF: 'ref',
  TCP_UNREF: 'unref',
  TCP_DESTROY: 'end',
}

/** `REF:b SEND*3 -2 END`: verbs, with thread, repeats, and losses in between. */
function lifeOf(text: string): Event[] {
  const events: Event[] = []
  let index = 0
  let lost = 0
  for (const word of text.split(' ').filter((each) => each !== '')) {
    if (/^-\d+$/.test(word)) {
      lost = Number(word.slice(1))
      index += lost
      continue
    }
    const [, verb = '', thread = 'main', count = '1'] =
      /^(\w+?)(?::(\w+))?(?:\*(\d+))?$/.exec(word) ?? []
    events.push({
      index,
      lastIndex: index,
      count: Number(count),
      verb,
      role: ROLES[verb] ?? 'none',
      t: index,
      last: index,
      pid: 1,
      tid: 1,
      thread,
      log: `text of ${verb}`,
      lost,
      late: '',
      address: index,
    })
    index++
    lost = 0
  }
  return events
}

describe('a pattern', () => {
  test.each([
    // Side by side, and then.
    ['REF UNREF', 'REF UNREF END', true],
    ['REF UNREF', 'REF SEND UNREF END', false],
    ['REF then UNREF', 'REF SEND UNREF END', true],
    ['END then any', 'REF UNREF END', false],
    ['END then any', 'REF UNREF END SEND', true],
    ['END any', 'REF END SEND', true],
    ['UNREF then REF', 'REF UNREF', false],
    // Roles.
    ['END then any', 'TCP_REF TCP_DESTROY TCP_REF', true],
    ['TCP_DESTROY then any', 'TCP_REF TCP_DESTROY TCP_REF', true],
    ['DESTROY', 'TCP_DESTROY', false],
    // Anchors.
    ['^ REF', 'REF END', true],
    ['^ UNREF', 'REF UNREF END', false],
    ['END $', 'REF END', true],
    ['END $', 'REF END SEND', false],
    ['^ $', '', true],
    ['^ $', 'REF', false],
    ['^ any* $', '', true],
    // Alternation, repetition, negation.
    ['^ REF (SEND | RECV)* END $', 'REF SEND RECV SEND END', true],
    ['^ REF (SEND | RECV)* END $', 'REF SEND PING END', false],
    ['^ REF SEND{2,3} END $', 'REF SEND END', false],
    ['^ REF SEND{2,3} END $', 'REF SEND SEND SEND END', true],
    ['^ REF SEND{<2} END $', 'REF SEND END', true],
    ['^ REF SEND{<2} END $', 'REF SEND SEND END', false],
    ['^ REF SEND{!=2} END $', 'REF SEND SEND END', false],
    ['^ REF SEND{>=2} END $', 'REF SEND SEND SEND END', true],
    ['^ REF SEND? END $', 'REF END', true],
    ['^ REF SEND+ END $', 'REF END', false],
    ['REF (!UNREF)* $', 'REF SEND END', true],
    ['REF (!UNREF)* $', 'REF SEND UNREF END', false],
    ['never END then any', 'REF END', true],
    ['never END then any', 'REF END SEND', false],
    // Threads and texts.
    ['SEND@b', 'SEND:a', false],
    ['SEND@b then any@a', 'SEND:b END:a', true],
    ['SEND"of SEND"', 'SEND', true],
    ['SEND"elsewhere"', 'SEND', false],
    // Tallies: in any order, whatever stands between, up to the end.
    ['REF{n} UNREF{<n} END', 'REF REF UNREF END', true],
    ['REF{n} UNREF{<n} END', 'REF REF UNREF UNREF END', false],
    ['REF{n} UNREF{<n} END', 'REF UNREF REF UNREF END', false],
    ['REF{n} UNREF{<n} END', 'REF SEND UNREF RECV REF SEND END', true],
    ['REF{n} UNREF{<n} END', 'REF REF REF UNREF REF UNREF UNREF UNREF END', false],
    ['REF{n} UNREF{<n} END', 'UNREF END', false],
    ['REF{n} then UNREF{<n} then END', 'REF REF UNREF END', true],
    ['REF{n} UNREF{n} END', 'REF REF UNREF UNREF END', true],
    ['REF{n} UNREF{n-1} END', 'REF REF UNREF END', true],
    ['REF{n} UNREF{>n}', 'REF UNREF UNREF', true],
    ['REF{n} UNREF{<n} END', 'REF*5 UNREF*4 END', true],
    ['REF{n} UNREF{<n} END', 'REF*5 UNREF*5 END', false],
    // Losses: only a gap bridges them.
    ['REF UNREF', 'REF -2 UNREF', false],
    ['REF then UNREF', 'REF -2 UNREF', true],
    ['^ REF SEND{3} END $', 'REF SEND*3 END', true],
  ])('%s on %s: %s', (pattern, life, wanted) => {
    expect(matches(pattern)(lifeOf(life))).toBe(wanted)
  })

  test.each([
    ['', 'wanted an event, found its end'],
    ['REF (', 'found its end'],
    ['REF )', 'found ")"'],
    ['then REF', 'wanted a verb, found "then"'],
    ['REF {3', 'wanted "}", found its end'],
    ['UNREF{<n} REF{n}', 'n is compared before any count bound it'],
    ['REF{5,2}', '{5,2} is never'],
    ['REF{1001}', '1001 is too many'],
    ['REF % UNREF', 'at "% UNREF"'],
    [`${'('.repeat(60)}REF${')'.repeat(60)}`, 'nested more than 50 deep'],
    [`(${'(REF{1000})'.repeat(40)}){1000}`, 'its counts make it too large'],
    ['x'.repeat(5000), 'it has 5000 characters'],
  ])('that is none is refused: %s', (pattern, sentence) => {
    expect(() => matches(pattern)).toThrow(PatternError)
    expect(() => matches(pattern)).toThrow(sentence)
  })

  test('takes a time that grows with its length times that of the life: nested repeats too', () => {
    const life = lifeOf('REF '.repeat(3000))
    // A backtracking matcher would try 2^3000 ways.
    expect(matches('^ ((REF*)*)* END $')(life)).toBe(false)
    expect(matches('(REF | REF | REF)* then END')(life)).toBe(false)
    expect(matches('REF{n} UNREF{<n} REF{n} UNREF{<n} END')(life)).toBe(false)
  })
})

describe('expectLife()', () => {
  test('takes a history, or events', () => {
    const events = lifeOf('REF UNREF END')
    expectLife(events).toMatch('^ REF then END $')
    expectLife({ events: () => events }).not.toMatch('END then any')
  })

  const sentence = (run: () => void): string => {
    try {
      run()
    } catch (error) {
      return (error as Error).message
    }
    return 'nothing was thrown'
  }

  test('shows the life, and where it stopped matching', () => {
    const events = lifeOf('REF SEND*3 -2 UNREF:b SEND')
    expect(sentence(() => expectLife(events).toMatch('^ REF SEND{3} UNREF'))).toBe(
      `Expected the life to match ^ REF SEND{3} UNREF

    #0 REF "text of REF" by main
    #1 SEND "text of SEND" by main × 3
    - 2 lost -
    #4 UNREF "text of UNREF" by b
    ^-- stopped matching: wanted UNREF
    #5 SEND "text of SEND" by main`,
    )
  })

  test('shows where it does match and should not', () => {
    expect(sentence(() => expectLife(lifeOf('REF END SEND')).not.toMatch('END then any'))).toBe(
      `Expected the life not to match END then any

    #0 REF "text of REF" by main
    #1 END "text of END" by main
    #2 SEND "text of SEND" by main
    ^-- matches up to here`,
    )
  })

  test('says what is wanted behind the end', () => {
    expect(sentence(() => expectLife(lifeOf('REF')).toMatch('REF then END'))).toContain(
      '    (here it ends)\n    ^-- stopped matching: wanted END',
    )
  })
})
