// All lives around one moment: a lane for each thread, by time; the life that is selected stands out.

import { useEffect, useRef, useState } from 'preact/hooks'
import type { Around as Answer, Moment, Neighbour } from '../engine/protocol.ts'
import type { App } from '../store.ts'
import { counted, durationText, offsetText, shown } from '../words.ts'
import { percent, useAnswer } from './ask.ts'
import { Canvas } from './canvas.tsx'
import { Neighbours } from './neighbours.tsx'
import { GUTTER, RIGHT } from './picture/frame.ts'
import { type Colors, FONT, fitted, line, mark, ring } from './picture/pen.ts'

const SPANS = [100, 1000, 10_000, 100_000, 1_000_000, 10_000_000]
const SHOWN_MAX = 2000

export function Around({ app }: { app: App }) {
  const at = app.selection.value
  const [span, setSpan] = useState(1000)
  const [isSame, setSame] = useState(false)
  const [center, setCenter] = useState<
    { image: number; handle: number; index: number } | undefined
  >()
  const own = useRef('')
  const life = app.life.value
  useEffect(() => {
    // An event that was chosen here is looked at from here.
    if (at === undefined || own.current === `${at.image} ${at.handle} ${at.event}`) return
    setCenter({ image: at.image, handle: at.handle, index: at.event ?? 0 })
  }, [at])
  const list = isSame ? life?.list : undefined
  const moment: Moment | undefined = center && {
    ...center,
    span,
    max: SHOWN_MAX,
    ...(list !== undefined && { list }),
  }
  const { answer, progress } = useAnswer(app, 'around', moment && [moment])
  if (center === undefined)
    return <p class="empty">Select an event first: this shows what all other lives did then.</p>
  const choose = ({ image, handle, event }: Neighbour): void => {
    own.current = `${image} ${handle} ${event.index}`
    app.select(image, handle, event.index)
  }
  const it = answer?.events.find(
    ({ handle, event }) => handle === center.handle && event.index === center.index,
  )
  return (
    <div class="around">
      <div class="tools">
        <h2>
          {'Around '}
          <code>{it ? `${shown(it.object)} #${center.index}` : `#${center.index}`}</code>
        </h2>
        <span class="space" />
        <label>
          <input
            type="checkbox"
            checked={isSame}
            onChange={({ currentTarget }) => setSame(currentTarget.checked)}
          />
          this list alone
        </label>
        <label>
          {'± '}
          <select
            aria-label="How long before and after"
            value={`${span}`}
            onChange={({ currentTarget }) => setSpan(Number(currentTarget.value))}
          >
            {SPANS.map((each) => (
              <option key={each} value={`${each}`}>
                {durationText(each)}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          disabled={at === undefined || (at.handle === center.handle && at.event === center.index)}
          onClick={() => {
            own.current = ''
            if (at) setCenter({ image: at.image, handle: at.handle, index: at.event ?? 0 })
          }}
        >
          Center here
        </button>
      </div>
      {answer === undefined ? (
        <p class="empty">{progress ? `${progress.what}: ${percent(progress)}` : 'Looking…'}</p>
      ) : (
        <>
          <Lanes app={app} answer={answer} span={span} handle={center.handle} onChoose={choose} />
          <p class="note">
            {`${counted(answer.events.length, 'event')} of ${counted(new Set(answer.events.map(({ handle, image }) => `${image} ${handle}`)).size, 'life', 'lives')}`}
            {answer.hidden > 0 && `; ${counted(answer.hidden, 'event')} further away are not shown`}
            {answer.missing.map((sentence) => (
              <span class="lost" key={sentence}>{` · ${shown(sentence)}`}</span>
            ))}
          </p>
          <Neighbours
            app={app}
            events={answer.events}
            label="Events around the moment"
            center={center}
            onChoose={choose}
          />
        </>
      )}
    </div>
  )
}

const LANE = 30
const TOP = 8
const RULER = 24
const LANES_MAX = 10

interface LanesOf {
  readonly app: App
  readonly answer: Answer
  readonly span: number
  readonly handle: number
  onChoose(neighbour: Neighbour): void
}

function Lanes({ app, answer, span, handle, onChoose }: LanesOf) {
  const names = [...new Set(answer.events.map(laneOf))]
  const lanes = names.slice(0, LANES_MAX)
  const width = useRef(0)
  const at = app.selection.value
  const height = TOP + lanes.length * LANE + RULER
  // As wide as what happened, where that is less than was asked for.
  const reach = Math.max(
    1,
    ...answer.events.map(({ offset }) => Math.min(span, Math.abs(offset) * 1.1)),
  )
  const x = (offset: number, wide: number): number =>
    GUTTER + ((offset + reach) / (2 * reach)) * (wide - GUTTER - RIGHT)
  const y = (lane: number): number => TOP + (lane + 0.5) * LANE

  const draw = (context: CanvasRenderingContext2D, wide: number, colors: Colors): void => {
    width.current = wide
    context.clearRect(0, 0, wide, height)
    context.textBaseline = 'middle'
    context.font = FONT
    for (const [i, name] of lanes.entries()) {
      context.fillStyle = i % 2 === 0 ? colors.sunk : colors.pane
      context.fillRect(0, y(i) - LANE / 2, wide, LANE)
      context.fillStyle = colors.ink
      context.textAlign = 'left'
      fitted(context, shown(name.slice(name.indexOf(' ') + 1)), 12, y(i), GUTTER - 26)
    }
    context.strokeStyle = colors.accent
    context.lineWidth = 1
    line(context, x(0, wide), TOP, x(0, wide), height - RULER + 4)
    context.fillStyle = colors.dim
    context.textAlign = 'center'
    for (const share of [-1, -0.5, 0, 0.5, 1]) {
      const text = share === 0 ? '0' : offsetText(Math.round(reach * share))
      const left = Math.min(x(reach * share, wide), wide - 30)
      context.fillText(text, left, height - RULER / 2)
    }
    // The life itself on top of the others.
    const own = answer.events.filter((each) => each.handle === handle)
    context.strokeStyle = colors.dim
    context.lineWidth = 1.25
    context.beginPath()
    for (const [i, each] of own.entries()) {
      const lane = lanes.indexOf(laneOf(each))
      if (lane < 0) continue
      if (i === 0) context.moveTo(x(each.offset, wide), y(lane))
      else context.lineTo(x(each.offset, wide), y(lane))
    }
    context.stroke()
    for (const each of [...answer.events.filter((one) => one.handle !== handle), ...own]) {
      const lane = lanes.indexOf(laneOf(each))
      if (lane < 0) continue
      const { role, late, index } = each.event
      const isOwn = each.handle === handle
      const isSelected = at?.handle === each.handle && at.event === index
      const own = role === 'ref' ? colors.ref : role === 'unref' ? colors.unref : colors.ink
      const color = late === '' ? (isOwn ? own : colors.dim) : colors.bad
      context.globalAlpha = isOwn || isSelected ? 1 : 0.4
      mark(
        context,
        role,
        x(each.offset, wide),
        y(lane),
        isOwn ? 5 : 3,
        color,
        isOwn ? colors.pane : 'transparent',
      )
      context.globalAlpha = 1
      if (isSelected) ring(context, x(each.offset, wide), y(lane), 9, colors.accent)
    }
  }
  const onPress = (px: number, py: number): void => {
    let best: Neighbour | undefined
    let distance = 400
    for (const each of answer.events) {
      const lane = lanes.indexOf(laneOf(each))
      if (lane < 0) continue
      const dx = x(each.offset, width.current) - px
      const dy = y(lane) - py
      const own = each.handle === handle ? 0 : 4
      if (dx * dx + dy * dy + own < distance) {
        distance = dx * dx + dy * dy + own
        best = each
      }
    }
    if (best) onChoose(best)
  }
  return (
    <figure class="picture">
      <Canvas theme={app.theme.value} heightAt={() => height} draw={draw} onPress={onPress} />
      <figcaption class="sr">
        {`${counted(answer.events.length, 'event')} on ${counted(names.length, 'thread')} around the moment; the table below has them.`}
      </figcaption>
      {names.length > LANES_MAX && (
        <p class="note">{`${counted(names.length - LANES_MAX, 'more thread')} in the table below`}</p>
      )}
    </figure>
  )
}

const laneOf = ({ event }: Neighbour): string => `${event.pid}/${event.tid} ${event.thread}`
