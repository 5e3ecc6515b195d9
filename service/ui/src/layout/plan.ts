import type { Drawn } from '../graph/drawn'
import { push, type Model, type Step } from '../graph/model'
import type { Sized } from './sizes'
import { stackUp, type Stack } from './stack'

/** A part of the map that is laid out by itself: the inside of a motive's box, or the plane between those boxes. */
export interface Level {
  id: string
  boxes: string[]
  steps: Step[]
  stacks: Stack[]
  /** Boxes of motives that stand in this level as one piece. */
  groups: string[]
}

export interface Plan {
  outer: Level
  inner: Level[]
  /** Steps between levels; they are drawn over what the levels decide. */
  cross: Step[]
}

/** Deal boxes and steps out to levels; `home` names the motive in whose box a statement stands. */
export function plan(model: Model, drawn: Drawn, sizes: Map<string, Sized>, home: Map<string, string>): Plan {
  const outer: Level = { id: '', boxes: [], steps: [], stacks: [], groups: [] }
  const inner = new Map<string, Level>()
  for (const id of drawn.boxes) {
    const group = home.get(id) ?? ''
    if (group === '') outer.boxes.push(id)
    else level(inner, group).boxes.push(id)
    if (group === id) outer.groups.push(id)
  }
  const levels = new Map<string, Level | null>()
  const cross: Step[] = []
  for (const id of drawn.steps) {
    const step = model.steps.get(id)
    if (!step) continue
    const at = levelOf(step)
    if (at) at.steps.push(step)
    else cross.push(step)
  }
  const attacked = new Set([...drawn.steps].map((id) => model.steps.get(id)?.target ?? ''))
  const grounded = new Set([...drawn.steps].map((id) => model.steps.get(id)?.target ?? ''))
  for (const one of [outer, ...inner.values()]) stackUp(one, sizes, attacked, grounded)
  return { outer, inner: [...inner.values()], cross }

  function levelOf(step: Step, seen = new Set<string>()): Level | null {
    const found = levels.get(step.id)
    if (found !== undefined || seen.has(step.id)) return found ?? null
    seen.add(step.id)
    const result = decide(step, seen)
    levels.set(step.id, result)
    return result
  }

  function decide(step: Step, seen: Set<string>): Level | null {
    const target = model.steps.get(step.target)
    const under = target && drawn.steps.has(target.id) ? levelOf(target, seen) : undefined
    const ends = target ? step.premises : [...step.premises, step.target]
    const groups = new Set(ends.map((id) => home.get(id) ?? ''))
    const [only = ''] = groups
    if (groups.size === 1 && only !== '' && (under === undefined || under?.id === only)) return inner.get(only) ?? null
    const plane = ends.every((id) => (home.get(id) ?? '') === '' || home.get(id) === id)
    return plane && (under === undefined || under === outer) ? outer : null
  }
}

function level(levels: Map<string, Level>, id: string): Level {
  const found = levels.get(id) ?? { id, boxes: [], steps: [], stacks: [], groups: [] }
  levels.set(id, found)
  return found
}

/** Steps by the box at whose border their node stands, for steps between levels. */
export function byPremise(steps: readonly Step[]): Map<string, Step[]> {
  const found = new Map<string, Step[]>()
  for (const step of steps) push(found, step.premises[0] ?? '', step)
  return found
}
