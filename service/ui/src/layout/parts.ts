import type { Step } from '../graph/model'
import type { LaidOut } from './laid'
import type { Level } from './plan'

/** The parts of a level that no line joins, each as a level of its own. */
export function partsOf(level: Level): Level[] {
  const up = new Map<string, string>()
  const find = (id: string): string => {
    let at = id
    for (let next = up.get(at); next !== undefined && next !== at; next = up.get(at)) {
      up.set(at, up.get(next) ?? next)
      at = next
    }
    return at
  }
  const join = (a: string, b: string): void => void up.set(find(a), find(b))
  const steps = new Map(level.steps.map((step) => [step.id, step]))
  const end = (step: Step): string => (steps.has(step.target) ? `@${step.target}` : step.target)
  for (const step of level.steps) for (const id of [...step.premises, end(step)]) join(id, `@${step.id}`)
  for (const stack of level.stacks) join(stack.id, stack.target)
  const parts = new Map<string, Level>()
  const part = (id: string): Level => {
    const root = find(id)
    const found = parts.get(root) ?? { id: level.id, boxes: [], steps: [], stacks: [], groups: [] }
    parts.set(root, found)
    return found
  }
  for (const id of level.boxes) part(id).boxes.push(id)
  for (const id of level.groups) part(id).groups.push(id)
  for (const step of level.steps) part(`@${step.id}`).steps.push(step)
  for (const stack of level.stacks) part(stack.id).stacks.push(stack)
  return [...parts.values()]
}

const GAP = 26
/** The free strip on each side of what stands on the sheet. */
const STRIP = 8
/** So much may a part reach over the edge of the main one. */
const SLACK = 14

/** What a part covers of the sheet: its boxes, its motives and the bends of its lines. */
export interface Covered {
  x: number
  y: number
  width: number
  height: number
}

/** Put the parts beside and below one another so that the whole is about as wide as a screen; the first stays on top. */
export function pack(parts: LaidOut[], aspect: number, covered: readonly Covered[] = []): LaidOut {
  const [first, ...others] = parts
  if (!first) return { width: 0, height: 0, at: new Map(), lines: [] }
  const area = parts.reduce((sum, one) => sum + (one.width + GAP) * (one.height + GAP), 0)
  // A main part that is wide already is not made smaller on the screen by what could stand below it.
  const enough = first.width > 1.2 * first.height ? 0 : Math.sqrt(area * aspect)
  const width = Math.max(...parts.map((one) => one.width), enough)
  const whole: LaidOut = { width: 0, height: 0, at: new Map(), lines: [] }
  let skyline: Skyline = [{ x: -STRIP, width: width + 2 * STRIP, y: 0 }]
  put(whole, first, 0, 0)
  // What stands alone fills the room that the columns of the main part leave free, so that it is met near to it.
  const filled = covered.length > 0 ? covered : [{ x: 0, y: 0, width: first.width, height: first.height }]
  for (const one of filled) skyline = raise(skyline, one.x - STRIP, one.width + 2 * STRIP, one.y + one.height + GAP)
  for (const part of others.sort((a, b) => b.height - a.height)) {
    const spot = lowest(skyline, part.width + 2 * STRIP)
    put(whole, part, spot.x + STRIP, spot.y)
    skyline = raise(skyline, spot.x, part.width + 2 * STRIP, spot.y + part.height + GAP)
  }
  return whole
}

/** Where a laid out part covers the sheet. */
export function coveredBy(laid: LaidOut, size: (id: string) => { width: number; height: number } | undefined): Covered[] {
  const found: Covered[] = []
  for (const [id, at] of laid.at) {
    const own = size(id)
    if (own) found.push({ ...at, width: own.width, height: own.height })
  }
  for (const line of laid.lines) {
    for (const [at, point] of line.points.entries()) {
      const next = line.points[at + 1] ?? point
      const x = Math.min(point.x, next.x)
      found.push({ x, y: 0, width: Math.abs(point.x - next.x), height: Math.max(point.y, next.y) })
    }
  }
  return found
}

type Skyline = { x: number; width: number; y: number }[]

function lowest(skyline: Skyline, width: number): { x: number; y: number } {
  const end = Math.max(...skyline.map((one) => one.x + one.width))
  let best = { x: 0, y: Number.POSITIVE_INFINITY }
  for (const { x } of skyline) {
    if (x > 0 && x + width > end + SLACK) continue
    const y = Math.max(...skyline.filter((one) => one.x < x + width && one.x + one.width > x).map((one) => one.y))
    if (y < best.y) best = { x, y }
  }
  return best
}

/** The skyline with a stretch of it at least as low on the sheet as given. */
function raise(skyline: Skyline, x: number, width: number, y: number): Skyline {
  const next: Skyline = []
  for (const one of skyline) {
    const from = Math.max(one.x, x)
    const to = Math.min(one.x + one.width, x + width)
    if (to <= from || one.y >= y) {
      next.push(one)
      continue
    }
    if (one.x < from) next.push({ x: one.x, width: from - one.x, y: one.y })
    next.push({ x: from, width: to - from, y })
    if (one.x + one.width > to) next.push({ x: to, width: one.x + one.width - to, y: one.y })
  }
  return merged(next)
}

function merged(skyline: Skyline): Skyline {
  const kept: Skyline = []
  for (const one of skyline) {
    const last = kept.at(-1)
    if (last && last.y === one.y) last.width += one.width
    else kept.push({ ...one })
  }
  return kept
}

function put(whole: LaidOut, part: LaidOut, x: number, y: number): void {
  for (const [id, at] of part.at) whole.at.set(id, { x: at.x + x, y: at.y + y })
  for (const line of part.lines) {
    whole.lines.push({ ...line, points: line.points.map((point) => ({ x: point.x + x, y: point.y + y })) })
  }
  whole.width = Math.max(whole.width, x + part.width)
  whole.height = Math.max(whole.height, y + part.height)
}

/** One arrangement under another, with a margin around the second. */
export function below(upper: LaidOut, lower: LaidOut, margin: number): LaidOut {
  const whole: LaidOut = { ...upper, at: new Map(upper.at), lines: [...upper.lines] }
  put(whole, lower, margin, upper.height)
  return { ...whole, width: Math.max(upper.width, lower.width + 2 * margin), height: upper.height + lower.height + margin }
}
