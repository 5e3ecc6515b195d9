export interface Point {
  x: number
  y: number
}

export interface Rect extends Point {
  width: number
  height: number
}

/** The size of an argument's own node. */
export const DOT = 20
/** Between the trees of a row. */
export const GUTTER = 28
/** What hangs below a box begins so far to its right. */
export const INDENT = 37

export function moved<T extends Point>(one: T, x: number, y: number): T {
  return { ...one, x: one.x + x, y: one.y + y }
}

/** A path along points with softened corners. */
export function rounded(points: readonly Point[], radius = 6): string {
  const [first, ...rest] = points
  if (!first) return ''
  let d = `M${r(first.x)} ${r(first.y)}`
  for (const [at, point] of rest.entries()) {
    const before = points[at] as Point
    const after = rest[at + 1]
    if (!after) {
      d += `L${r(point.x)} ${r(point.y)}`
      continue
    }
    const a = towards(point, before, radius)
    const b = towards(point, after, radius)
    d += `L${r(a.x)} ${r(a.y)}Q${r(point.x)} ${r(point.y)} ${r(b.x)} ${r(b.y)}`
  }
  return d
}

/** A line that leaves sideways and enters a rectangle at its nearest side. */
export function curve(from: Point, to: Rect): string {
  const right = to.x + to.width
  const bottom = to.y + to.height
  if (from.x < to.x || from.x > right) {
    const x = from.x < to.x ? to.x : right
    const y = clamp(from.y, to.y + Math.min(14, to.height / 2), bottom - Math.min(14, to.height / 2))
    const reach = Math.max(30, Math.abs(x - from.x) / 2)
    const sign = from.x < to.x ? 1 : -1
    return `M${r(from.x)} ${r(from.y)}C${r(from.x + sign * reach)} ${r(from.y)} ${r(x - sign * reach)} ${r(y)} ${r(x)} ${r(y)}`
  }
  const below = from.y > bottom
  const y = below ? bottom : to.y
  const x = clamp(from.x, to.x + Math.min(20, to.width / 2), right - Math.min(20, to.width / 2))
  const reach = Math.max(20, Math.abs(y - from.y) / 2)
  const sign = below ? 1 : -1
  return `M${r(from.x)} ${r(from.y)}C${r(from.x)} ${r(from.y - sign * reach)} ${r(x)} ${r(y + sign * reach)} ${r(x)} ${r(y)}`
}

function towards(from: Point, to: Point, radius: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  const part = length === 0 ? 0 : Math.min(radius, length / 2) / length
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high))
}

function r(value: number): number {
  return Math.round(value * 10) / 10
}
