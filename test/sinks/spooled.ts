// What stands in a spool file, by life: read by another hand than the one that writes, and than shdb's.

export interface SpooledLife {
  readonly object: string
  readonly head: Record<string, string> | undefined
  readonly events: Map<number, { verb: string; text: string; data: Record<string, string> }>
}

export interface Spooled {
  readonly lives: Map<string, SpooledLife>
  /** Those of which the header and all events that it tells of are there. */
  readonly whole: Set<string>
  readonly lost: { histories: number; events: number }
}

const LINE =
  /\[(struct-history(?:-life|-lost)?)@32473((?: [a-z]+="(?:[^"\\\]]|\\.)*")+)\] \ufeff?(.*)$/u

export function parsed(line: string) {
  const [, element, quoted = '', text = ''] = LINE.exec(line) ?? []
  if (element === undefined) return undefined
  const data: Record<string, string> = {}
  for (const [, name = '', value = ''] of quoted.matchAll(/ ([a-z]+)="((?:[^"\\\]]|\\.)*)"/gu))
    data[name] = value
  return { element, data, text }
}

export function spooled(lines: readonly string[]): Spooled {
  const lives = new Map<
    string,
    { object: string; head: Record<string, string> | undefined; events: SpooledLife['events'] }
  >()
  const lost = { histories: 0, events: 0 }
  const tellings = new Set<string>()
  for (const line of lines) {
    const { element, data, text } = parsed(line) ?? {}
    if (!data) continue
    if (element === 'struct-history-lost') {
      const telling = `${data.run} ${data.number}`
      if (tellings.has(telling)) continue
      tellings.add(telling)
      lost.histories += Number(data.histories)
      lost.events += Number(data.events)
      continue
    }
    const key = `${data.run} ${data.history}`
    const life = lives.get(key) ?? { object: data.object ?? '', head: undefined, events: new Map() }
    lives.set(key, life)
    if (element === 'struct-history-life') life.head = data
    else life.events.set(Number(data.index), { verb: data.verb ?? '', text: text ?? '', data })
  }
  const whole = [...lives].filter(
    ([, { head, events }]) => head && events.size === Number(head.len),
  )
  return { lives, whole: new Set(whole.map(([, { object }]) => object)), lost }
}
