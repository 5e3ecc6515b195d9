import type { Rect } from '../layout/geometry'
import type { Placed } from '../layout/layout'
import { LEGIBLE } from '../state/board.svelte'

/** Which part of the map is seen: its shift and its scale. */
export interface Camera {
  x: number
  y: number
  k: number
}

export interface Size {
  width: number
  height: number
}

const MARGIN = 14

/** The whole map. */
export function whole(placed: Placed, size: Size): Camera {
  const k = Math.min((size.width - 2 * MARGIN) / placed.width, (size.height - 2 * MARGIN) / placed.height, 1.1)
  return middle(placed, size, Math.max(k, 0.03))
}

/** What is met first: all of it where that can be read, or else its upper part at a size that can. */
export function firstSight(placed: Placed, size: Size): Camera {
  const all = whole(placed, size)
  if (all.k >= LEGIBLE) return all
  const byWidth = (size.width - 2 * MARGIN) / placed.width
  const k = Math.min(1, Math.max(byWidth, LEGIBLE))
  const first = placed.boxes.values().next().value
  const x = placed.width * k <= size.width ? (size.width - placed.width * k) / 2 : shift(first ? first.x + first.width / 2 : 0, placed.width, size.width, k)
  return { k, x, y: MARGIN }
}

function shift(centre: number, width: number, seen: number, k: number): number {
  // Reading starts at the left, as long as the first thesis is seen from there.
  if (centre * k < seen * 0.8) return MARGIN
  return Math.min(MARGIN, Math.max(seen - width * k - MARGIN, seen / 2 - centre * k))
}

function middle(placed: Placed, size: Size, k: number): Camera {
  return { k, x: (size.width - placed.width * k) / 2, y: Math.max(MARGIN, Math.min((size.height - placed.height * k) / 2, 80)) }
}

/** The same part where a place is already seen, or else moved as little as shows it, at a size at which it can be read. */
export function inside(camera: Camera, at: Rect, size: Size, least = 0.5): Camera {
  const k = Math.max(camera.k, least)
  const from = k === camera.k ? camera : { k, x: size.width / 2 - at.x * k, y: size.height / 2 - at.y * k }
  const x = into(from.x + at.x * k, at.width * k, size.width)
  const y = into(from.y + at.y * k, at.height * k, size.height)
  // Something far away is brought to the middle, so that what stands around it is seen too.
  if (Math.abs(x) > size.width / 2 || Math.abs(y) > size.height / 2) {
    return { k, x: size.width / 2 - (at.x + at.width / 2) * k, y: size.height / 2 - (at.y + at.height / 2) * k }
  }
  return x === 0 && y === 0 && k === camera.k ? camera : { k, x: from.x + x, y: from.y + y }
}

function into(start: number, length: number, seen: number): number {
  const edge = Math.min(40, seen / 8)
  if (start < edge) return edge - start
  const over = start + length - (seen - edge)
  return over > 0 ? -Math.min(over, start - edge) : 0
}
