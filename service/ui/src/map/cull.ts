import type { Dot, Frame, Line, Placed, PlacedBox, PlacedTrunk } from '../layout/layout'
import type { Camera, Size } from './camera'

export interface Seen {
  boxes: PlacedBox[]
  dots: Dot[]
  lines: Line[]
  trunks: PlacedTrunk[]
  frames: Frame[]
}

const WHOLE = 400

/** What of a large map lies in or near the view; a small one is drawn whole, so that moving it costs nothing. */
export function culled(placed: Placed, camera: Camera, size: Size): Seen {
  const boxes = [...placed.boxes.values()]
  const all = { boxes, dots: [...placed.dots.values()], lines: placed.lines, trunks: placed.trunks, frames: placed.frames }
  if (boxes.length <= WHOLE || size.width === 0) return all
  const left = (-camera.x - 200) / camera.k
  const top = (-camera.y - 200) / camera.k
  const right = (size.width - camera.x + 200) / camera.k
  const bottom = (size.height - camera.y + 200) / camera.k
  const inView = (one: { x: number; y: number; width?: number; height?: number }): boolean =>
    one.x < right && one.x + (one.width ?? 0) > left && one.y < bottom && one.y + (one.height ?? 0) > top
  const dots = all.dots.filter(inView)
  const near = new Set(dots.map((dot) => dot.step.id))
  return {
    boxes: boxes.filter(inView),
    dots,
    lines: placed.lines.filter((line) => near.has(line.step.id)),
    trunks: placed.trunks.filter((one) => one.from.x < right && one.to.x > left && one.from.y < bottom && one.to.y > top),
    frames: placed.frames.filter(inView),
  }
}
