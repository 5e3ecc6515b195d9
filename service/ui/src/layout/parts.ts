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

/** Put the parts beside and below one another so that the whole is about as wide as a screen; the first stays on top. */
export function pack(parts: LaidOut[], aspect: number): LaidOut {
  const [first, ...others] = parts
  if (!first) return { width: 0, height: 0, at: new Map(), lines: [] }
  const area = parts.reduce((sum, one) => sum + (one.width + GAP) * (one.height + GAP), 0)
  // A main part that is wide already is not made smaller on the screen by what could stand below it.
  const enough = first.width > 1.2 * first.height ? 0 : Math.sqrt(area * aspect)
  const width = Math.max(...parts.map((one) => one.width), enough)
  const whole: LaidOut = { width: 0, height: 0, at: new Map(), lines: [] }
  let skyline: { x: number; width: number; y: number }[] = [{ x: 0, width: width + GAP, y: 0 }]
  for (const part of [first, ...others.sort((a, b) => b.height - a.height)]) {
    const spot = lowest(skyline, part.width + GAP)
    put(whole, part, spot.x, spot.y)
    skyline = raise(skyline, spot.x, part.width + GAP, spot.y + part.height + GAP)
  }
  return whole
}

type Skyline = { x: number; width: number; y: number }[]

function lowest(skyline: Skyline, width: number): { x: number; y: number } {
  const end = Math.max(...skyline.map((one) => one.x + one.width))
  let best = { x: 0, y: Number.POSITIVE_INFINITY }
  for (const { x } of skyline) {
    if (x > 0 && x + width > end + 0.5) continue
    const y = Math.max(...skyline.filter((one) => one.x < x + width && one.x + one.width > x).map((one) => one.y))
    if (y < best.y) best = { x, y }
  }
  return best
}

function raise(skyline: Skyline, x: number, width: number, y: number): Skyline {
  const next: Skyline = []
  for (const one of skyline) {
    const right = one.x + one.width
    if (right <= x || one.x >= x + width) next.push(one)
    else {
      if (one.x < x) next.push({ x: one.x, width: x - one.x, y: one.y })
      if (right > x + width) next.push({ x: x + width, width: right - x - width, y: one.y })
    }
  }
  return [...next, { x, width, y }].sort((a, b) => a.x - b.x)
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
