// A canvas that is as sharp as the screen, drawn anew when its size or the colors change.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { COLORS, type Colors } from './picture/pen.ts'

/** The theme's colors as they are where the element stands. */
function colorsOf(element: Element): Colors {
  const style = getComputedStyle(element)
  return Object.fromEntries(
    COLORS.map((name) => {
      const property = `--${name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)}`
      return [name, style.getPropertyValue(property).trim() || '#808080']
    }),
  ) as unknown as Colors
}

export interface CanvasProps {
  /** Draws at a width, and tells how high that is. */
  heightAt(width: number): number
  draw(context: CanvasRenderingContext2D, width: number, colors: Colors): void
  /** Pixels from the left and the top. */
  onPoint?(x: number, y: number, isPressed: boolean): void
  onLeave?(): void
  onPress?(x: number, y: number): void
  onWheel?(event: WheelEvent, x: number): void
  /** Changes when it must be drawn anew for the sake of colors. */
  readonly theme: string
}

export function Canvas({ heightAt, draw, onPoint, onLeave, onPress, onWheel, theme }: CanvasProps) {
  const element = useRef<HTMLCanvasElement>(null)
  const [width, setWidth] = useState(0)
  const [scheme, setScheme] = useState(0)

  useLayoutEffect(() => {
    const parent = element.current?.parentElement
    if (!parent) return
    setWidth(parent.clientWidth)
    const observer = new ResizeObserver(() => setWidth(parent.clientWidth))
    observer.observe(parent)
    return () => observer.disconnect()
  }, [])

  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)')
    const onChange = (): void => setScheme((n) => n + 1)
    query.addEventListener('change', onChange)
    return () => query.removeEventListener('change', onChange)
  }, [])

  // Always: whatever it shows has changed when its component is shown again.
  useLayoutEffect(() => {
    const canvas = element.current
    const context = canvas?.getContext('2d')
    if (!canvas || !context || width === 0) return
    const height = heightAt(width)
    const ratio = globalThis.devicePixelRatio || 1
    canvas.width = Math.round(width * ratio)
    canvas.height = Math.round(height * ratio)
    canvas.style.height = `${height}px`
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    draw(context, width, colorsOf(canvas))
  })

  // A listener of Preact's would be passive: the page would scroll with the picture.
  useEffect(() => {
    const canvas = element.current
    if (!canvas || !onWheel) return
    const listener = (event: WheelEvent): void => onWheel(event, event.offsetX)
    canvas.addEventListener('wheel', listener, { passive: false })
    return () => canvas.removeEventListener('wheel', listener)
  }, [onWheel])

  return (
    <canvas
      ref={element}
      data-scheme={`${theme} ${scheme}`}
      onPointerMove={(event) => onPoint?.(event.offsetX, event.offsetY, (event.buttons & 1) !== 0)}
      onPointerLeave={() => onLeave?.()}
      onPointerDown={(event) => {
        if (event.button === 0) onPress?.(event.offsetX, event.offsetY)
      }}
    />
  )
}
