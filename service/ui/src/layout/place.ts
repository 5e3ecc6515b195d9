import type { Model, Step } from '../graph/model'
import { byPremise, type Level, type Plan } from './plan'
import { DOT, type LaidOut, type Point } from './laid'
import type { Sized } from './sizes'
import { SPINE } from './stack'
import { curve, rounded } from './lines'

export interface PlacedBox extends Sized {
  x: number
  y: number
}

/** The node of an argument: a sign on a disc, on which undercuts end. */
export interface Dot {
  step: Step
  x: number
  y: number
}

export interface Line {
  id: string
  step: Step
  d: string
  /** Whether it ends in the head that tells the stance. */
  head: boolean
  /** Lines between boxes of motives are drawn faintly until one of their ends is looked at. */
  far: boolean
}

export interface Frame {
  id: string
  x: number
  y: number
  width: number
  height: number
}

export interface Placed {
  boxes: Map<string, PlacedBox>
  dots: Map<string, Dot>
  lines: Line[]
  frames: Frame[]
  width: number
  height: number
}

export function place(model: Model, plan: Plan, sizes: Map<string, Sized>, laid: Map<string, LaidOut>): Placed {
  const outer = laid.get('') as LaidOut
  const result: Placed = { boxes: new Map(), dots: new Map(), lines: [], frames: [], width: outer.width, height: outer.height }
  for (const level of plan.inner) {
    const inside = laid.get(level.id)
    const at = outer.at.get(level.id)
    if (!inside || !at) continue
    result.frames.push({ id: level.id, ...at, width: inside.width, height: inside.height })
    placeLevel(level, inside, at, inside)
  }
  placeLevel(plan.outer, outer, { x: 0, y: 0 }, null)
  for (const [box, steps] of byPremise(plan.cross)) placeCross(box, steps)
  for (const step of plan.cross) drawCross(step)
  result.boxes = new Map([...result.boxes].sort(([a, one], [b, other]) => rank(one) - rank(other) || one.y - other.y || one.x - other.x || (a < b ? -1 : 1)))
  return bounded(result)

  function placeLevel(level: Level, inside: LaidOut, origin: Point, frame: LaidOut | null): void {
    for (const id of level.boxes) {
      const size = sizes.get(id)
      const at = inside.at.get(id)
      if (!size || !at) continue
      const head = frame !== null && id === level.id
      const box = { ...size, x: origin.x + at.x, y: origin.y + at.y }
      result.boxes.set(id, head ? { ...box, x: origin.x, width: frame.width } : box)
    }
    for (const stack of level.stacks) {
      if (inside.at.has(stack.id)) placeStack(stack, inside, origin)
      else placeRows(stack, inside, origin)
    }
    for (const step of level.steps) {
      const at = inside.at.get(`@${step.id}`)
      if (at) result.dots.set(step.id, { step, x: origin.x + at.x, y: origin.y + at.y })
    }
    for (const line of inside.lines) {
      const points = line.points.map((point) => ({ x: origin.x + point.x, y: origin.y + point.y }))
      const step = model.steps.get(line.step)
      if (step) addLine(step, rounded(points), line.head, false)
    }
  }

  /** The leaves of a motive whose places are known one by one. */
  function placeRows(stack: Level['stacks'][number], inside: LaidOut, origin: Point): void {
    for (const row of stack.rows) {
      const size = sizes.get(row.box)
      const step = model.steps.get(row.step)
      const at = inside.at.get(row.box)
      const knot = inside.at.get(`@${row.step}`)
      if (!size || !step || !at || !knot) continue
      result.boxes.set(row.box, { ...size, x: origin.x + at.x, y: origin.y + at.y })
      result.dots.set(step.id, { step, x: origin.x + knot.x, y: origin.y + knot.y })
    }
  }

  function placeStack(stack: Level['stacks'][number], inside: LaidOut, origin: Point): void {
    const at = inside.at.get(stack.id)
    if (!at) return
    const x = origin.x + at.x
    const y = origin.y + at.y
    for (const row of stack.rows) {
      const size = sizes.get(row.box)
      const step = model.steps.get(row.step)
      if (!size || !step) continue
      const box = { ...size, x: x + stack.width - size.width, y: y + row.y }
      const dot = { step, x: x + SPINE, y: box.y + Math.min(size.height / 2, 26) }
      result.boxes.set(row.box, box)
      result.dots.set(step.id, dot)
      addLine(step, `M${box.x} ${dot.y}H${dot.x}V${y}`, false, false)
    }
  }

  function placeCross(id: string, steps: Step[]): void {
    const box = result.boxes.get(id)
    if (!box) return
    for (const [at, step] of steps.entries()) {
      const y = box.y + 27 + Math.min(at * (DOT + 1), Math.max(0, box.height - DOT - 20))
      result.dots.set(step.id, { step, x: box.x + box.width + 6, y })
    }
  }

  function drawCross(step: Step): void {
    const dot = result.dots.get(step.id)
    const box = result.boxes.get(step.target)
    const other = result.dots.get(step.target)
    if (!dot || !(box || other)) return
    const end = box ?? { x: (other?.x ?? 0) - DOT / 2, y: (other?.y ?? 0) - DOT / 2, width: DOT, height: DOT }
    addLine(step, curve(dot, end), true, true)
    for (const premise of step.premises.slice(1)) {
      const from = result.boxes.get(premise)
      if (from) addLine(step, curve({ x: from.x + from.width / 2, y: from.y }, { ...dot, width: 0, height: 0 }), false, true)
    }
  }

  function addLine(step: Step, d: string, head: boolean, far: boolean): void {
    result.lines.push({ id: `${step.id}/${result.lines.length}`, step, d, head, far })
  }

}

/** Theses come first and motives next: so they are met by the keyboard and by readers. */
function rank(box: PlacedBox): number {
  return box.look === 'thesis' ? 0 : box.look === 'motive' ? 1 : 2
}

/** The size of all that is drawn; what hangs over a level's own edge counts too. */
function bounded(placed: Placed): Placed {
  for (const one of [...placed.boxes.values(), ...placed.frames]) {
    placed.width = Math.max(placed.width, one.x + one.width)
    placed.height = Math.max(placed.height, one.y + one.height)
  }
  for (const dot of placed.dots.values()) placed.width = Math.max(placed.width, dot.x + DOT / 2)
  return placed
}
