import type { Stance } from '../api/shapes'
import { push, type Step } from '../graph/model'
import type { Level } from './plan'
import type { Sized } from './sizes'

/** Statements that bear on one target alone, one below the other on a common spine: for, or against. */
export interface Stack {
  id: string
  target: string
  stance: Stance
  rows: { box: string; step: string; y: number }[]
  width: number
  height: number
}

export const SPINE = 13
const GUTTER = 30
const GAP = 10
const TALLEST = 8

/** Take the leaves out of a level and put them into stacks: a layered layout would place them side by side, far too wide. */
export function stackUp(level: Level, sizes: Map<string, Sized>, attacked: Set<string>, grounded: Set<string>): void {
  const uses = new Map<string, Step[]>()
  for (const step of level.steps) for (const premise of step.premises) push(uses, premise, step)
  const leaves = new Map<string, Step[]>()
  for (const box of level.boxes) {
    const [step, ...more] = uses.get(box) ?? []
    if (!step || more.length > 0 || step.premises.length > 1 || grounded.has(box) || attacked.has(step.id)) continue
    // A motive's own box is never a leaf, nor is a leaf one that would hang on a node that is drawn elsewhere.
    if (level.id === box || level.groups.includes(box) || level.groups.includes(step.target)) continue
    if (!level.boxes.includes(step.target)) continue
    push(leaves, `${step.stance}\n${step.target}`, step)
  }
  const gone = new Set<string>()
  for (const steps of leaves.values()) {
    const columns = Math.ceil(steps.length / TALLEST)
    const each = Math.ceil(steps.length / columns)
    for (let at = 0; at < steps.length; at += each) level.stacks.push(stackOf(steps.slice(at, at + each), sizes))
    for (const step of steps) {
      gone.add(step.id)
      gone.add(step.premises[0] ?? '')
    }
  }
  level.boxes = level.boxes.filter((id) => !gone.has(id))
  level.steps = level.steps.filter((step) => !gone.has(step.id))
}

function stackOf(steps: Step[], sizes: Map<string, Sized>): Stack {
  const [first] = steps as [Step]
  const rows: Stack['rows'] = []
  let y = 0
  let width = 0
  for (const step of steps) {
    const box = step.premises[0] ?? ''
    const size = sizes.get(box)
    rows.push({ box, step: step.id, y })
    y += (size?.height ?? 0) + GAP
    width = Math.max(width, size?.width ?? 0)
  }
  return { id: `=${first.id}`, target: first.target, stance: first.stance, rows, width: GUTTER + width, height: y - GAP }
}
