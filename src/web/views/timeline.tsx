// The picture of one life, to be looked at, pointed at, moved and zoomed.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { App } from '../store.ts'
import { counted, durationText, recordText, shown } from '../words.ts'
import { Canvas } from './canvas.tsx'
import type { LifeModel } from './model.ts'
import { draw } from './picture/draw.ts'
import { frameOf, type Picture, ruler } from './picture/frame.ts'
import { Scale, type ScaleKind, type Stretch } from './scale.ts'

const ZOOM = 1.35

export function Timeline({ app, model }: { app: App; model: LifeModel }) {
  const [kind, setKind] = useState<ScaleKind>('order')
  const scale = useMemo(() => new Scale(model, kind), [model, kind])
  const selected = model.places.get(app.selection.value?.event ?? -1) ?? -1
  const [kept, setStretch] = useState<{ scale: Scale; stretch: Stretch } | undefined>(undefined)
  const [hovered, setHovered] = useState(-1)
  const pressed = useRef<{ x: number; stretch: Stretch } | undefined>(undefined)

  const wrong = model.columns.findIndex(({ proofs }) => proofs.length > 0)
  const start = selected >= 0 ? selected : Math.max(0, wrong)
  const stretch = kept?.scale === scale ? kept.stretch : scale.beginning(start)
  const move = (to: Stretch): void => setStretch({ scale, stretch: to })

  // The selected event comes into sight, wherever it was selected.
  useEffect(() => {
    if (selected < 0) return
    const now = kept?.scale === scale ? kept.stretch : stretch
    const to = scale.holding(now, selected)
    if (to !== now) move(to)
  }, [selected, scale])

  const picture = (width: number): Picture => ({
    model,
    scale,
    stretch,
    selected,
    hovered,
    width,
  })
  const width = useRef(0)
  const columnAt = (x: number): number => scale.nearest(ruler(picture(width.current)).position(x))
  const frame = frameOf(model, scale, stretch)

  return (
    <figure class="timeline" data-keys="timeline">
      <div class="tools">
        <Legend />
        <span class="space" />
        <div class="switch" role="group" aria-label="Scale">
          {(['order', 'time'] as const).map((each) => (
            <button
              type="button"
              key={each}
              aria-pressed={kind === each}
              onClick={() => setKind(each)}
            >
              {each === 'order' ? 'By order' : 'By time'}
            </button>
          ))}
        </div>
        <div class="switch" role="group" aria-label="Zoom">
          <button
            type="button"
            aria-label="Nearer"
            data-zoom="in"
            onClick={() => move(scale.zoomed(stretch, 1 / ZOOM, scale.positions[start]))}
          >
            +
          </button>
          <button
            type="button"
            aria-label="Further away"
            data-zoom="out"
            onClick={() => move(scale.zoomed(stretch, ZOOM))}
          >
            −
          </button>
          <button type="button" data-zoom="all" onClick={() => move(scale.whole())}>
            All
          </button>
        </div>
      </div>
      <div class="picture">
        <Canvas
          theme={app.theme.value}
          heightAt={() => frame.height}
          draw={(context, wide, colors) => {
            width.current = wide
            draw(context, picture(wide), colors)
          }}
          onPoint={(x, y, isPressed) => {
            const from = pressed.current
            if (isPressed && from !== undefined && Math.abs(x - from.x) > 3) {
              const { perPlace } = ruler(picture(width.current))
              const { stretch: was } = from
              move(scale.clamped(was.from - (x - from.x) / perPlace, was.to - was.from))
            }
            const isInside = x > frame.gutter - 10 && y < frame.height - frame.map
            setHovered(isInside ? columnAt(x) : -1)
          }}
          onLeave={() => setHovered(-1)}
          onPress={(x, y) => {
            if (frame.map > 0 && y > frame.height - frame.map) {
              const { room } = ruler(picture(width.current))
              const position = ((x - frame.gutter) / room) * scale.whole().to
              const size = stretch.to - stretch.from
              move(scale.clamped(position - size / 2, size))
              return
            }
            pressed.current = { x, stretch }
            const event = model.columns[columnAt(x)]?.event
            if (x > frame.gutter - 10 && event !== undefined)
              app.select(model.life.image, model.life.handle, event.index)
          }}
          onWheel={(event, x) => {
            const along = event.shiftKey ? event.deltaY : event.deltaX
            if (!event.ctrlKey && along === 0) return
            event.preventDefault()
            const { perPlace, position } = ruler(picture(width.current))
            const size = stretch.to - stretch.from
            move(
              event.ctrlKey
                ? scale.zoomed(stretch, 1.002 ** event.deltaY, position(x))
                : scale.clamped(stretch.from + along / perPlace, size),
            )
          }}
        />
      </div>
      <figcaption class="sr">{summaryOf(model)}</figcaption>
      <Pointed model={model} column={hovered >= 0 ? hovered : selected} />
    </figure>
  )
}

function Legend() {
  return (
    <ul class="legend" aria-label="Signs">
      <li>
        <span class="ref">▲</span> ref
      </li>
      <li>
        <span class="unref">▼</span> unref
      </li>
      <li>
        <span class="end">■</span> end
      </li>
      <li>
        <span class="none">●</span> other
      </li>
      <li>
        <span class="bad">⚑</span> proof
      </li>
      <li>
        <span class="bad">◎</span> late
      </li>
    </ul>
  )
}

/** The event that is pointed at or selected, in shdb's words. */
function Pointed({ model, column }: { model: LifeModel; column: number }) {
  const it = model.columns[column]
  if (it === undefined) return <p class="record dim">Point at an event, or step with ← and →.</p>
  if (it.event === undefined) return <p class="record">{gapText(model, column)}</p>
  const { event } = it
  return (
    <p class="record">
      <code>{recordText(event)}</code>
      <span class="dim">
        {` #${event.index} by ${shown(event.thread)}${it.pause > 0 ? `, ${durationText(it.pause)} later` : ''}${event.site === undefined ? '' : `, at ${shown(event.site)}`}`}
      </span>
    </p>
  )
}

function gapText({ columns }: LifeModel, column: number): string {
  const gap = columns[column]?.gap
  return gap
    ? `- ${counted(gap.count, 'event')} lost (#${gap.from}-#${gap.to}), ${gap.cause} -`
    : ''
}

/** For those who do not see it. */
function summaryOf({
  life,
  lanes,
  columns,
  isCounted,
  most,
  least,
  findings,
  end,
}: LifeModel): string {
  const events = columns.filter(({ event }) => event).length
  const hands = columns.filter(
    ({ lane }, i) =>
      i > 0 && lane >= 0 && (columns[i - 1]?.lane ?? -1) >= 0 && columns[i - 1]?.lane !== lane,
  ).length
  const sentences = [
    `Life of ${shown(life.object)}: ${counted(events, 'event')} on ${counted(lanes.length, 'thread')}: ${lanes.map(({ name }) => shown(name)).join(', ')}.`,
    `It changed hands ${counted(hands, 'time')}.`,
    isCounted ? `Its count of references went from ${least} to ${most}.` : '',
    end >= 0 ? `It ended at event ${columns[end]?.event?.index}.` : 'It did not end.',
    ...findings.map(({ kind, events: proofs }) => `${kind} at events ${proofs.join(', ')}.`),
    'The table below has every event.',
  ]
  return sentences.filter((each) => each !== '').join(' ')
}
