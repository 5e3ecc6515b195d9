import type { Dot, Frame, Line, Placed, PlacedBox } from '../layout/place'
import type { Size, Camera } from './camera'

export interface Seen {
  boxes: PlacedBox[]
  dots: Dot[]
  lines: Line[]
  frames: Frame[]
}

const WHOLE = 400

/** What of a large map lies in or near the view; a small one is drawn whole, so that moving it costs nothing. */
export function culled(placed: Placed, view: Camera, size: Size): Seen {
  const boxes = [...placed.boxes.values()]
  const all = { boxes, dots: [...placed.dots.values()], lines: placed.lines, frames: placed.frames }
  if (boxes.length <= WHOLE || size.width === 0) return all
  const left = (-view.x - 200) / view.k
  const top = (-view.y - 200) / view.k
  const right = (size.width - view.x + 200) / view.k
  const bottom = (size.height - view.y + 200) / view.k
  const inView = (one: { x: number; y: number; width?: number; height?: number }): boolean =>
    one.x < right && one.x + (one.width ?? 0) > left && one.y < bottom && one.y + (one.height ?? 0) > top
  const dots = all.dots.filter(inView)
  const near = new Set(dots.map((dot) => dot.step.id))
  return {
    boxes: boxes.filter(inView),
    dots,
    lines: placed.lines.filter((line) => near.has(line.step.id)),
    frames: placed.frames.filter(inView),
  }
}
