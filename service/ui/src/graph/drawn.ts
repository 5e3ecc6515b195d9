import { boxOfStep, type Model, type Step } from './model'
import { motives, theses } from './roots'

/** What of a map is on the screen: the rest is folded behind the counts of what it bears on. */
export interface Drawn {
  boxes: Set<string>
  steps: Set<string>
  open: Set<string>
  /** For each drawn box the steps bearing on it that are folded away. */
  hidden: Map<string, { supporting: number; opposing: number }>
  /** Steps that lead from what must be seen to what is seen anyway. */
  chain: Set<string>
}

export interface Folds {
  toggled: readonly string[]
  unfolded: boolean
  /** Nodes that must be seen whatever is folded: the selection, a path. */
  keep: readonly string[]
}

/** So many boxes are legible at first view; what would exceed it starts folded. */
const FIRST_SIGHT = 56

export function drawn(model: Model, folds: Folds, firstSight = FIRST_SIGHT): Drawn {
  const open = opened(model, folds, firstSight)
  const result: Drawn = { boxes: new Set(), steps: new Set(), open, hidden: new Map(), chain: new Set() }
  if (folds.unfolded) for (const id of model.boxes.keys()) result.boxes.add(id)
  else for (const id of [...motives(model), ...theses(model), ...strays(model)]) result.boxes.add(id)
  const queue = [...result.boxes]
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (!open.has(id)) continue
    for (const step of bearing(model, id)) {
      for (const premise of step.premises) {
        if (!result.boxes.has(premise)) {
          result.boxes.add(premise)
          queue.push(premise)
        }
      }
    }
  }
  for (const id of folds.keep) reveal(model, result, id)
  const top = new Set([...motives(model), ...theses(model)])
  const kept = new Set(folds.keep)
  for (const step of model.steps.values()) {
    const box = boxOfStep(model, step)
    if (box === null || !result.boxes.has(box)) continue
    const ends = step.premises.every((id) => result.boxes.has(id))
    // How theses and motives hang together is always seen; anything else that bears on a folded box is behind its counts.
    const seen = open.has(box) || kept.has(step.id) || result.chain.has(step.id) || step.premises.every((id) => top.has(id))
    if (ends && seen) result.steps.add(step.id)
    else count(result, box, step)
  }
  for (const id of result.steps) {
    const target = model.steps.get(id)?.target ?? ''
    if (!model.boxes.has(target) && !result.steps.has(target)) result.steps.delete(id)
  }
  return result
}

/** Which boxes are unfolded: by choice of the page, turned round for those that the reader toggled. */
function opened(model: Model, folds: Folds, firstSight: number): Set<string> {
  const toggled = new Set(folds.toggled)
  const open = new Set<string>()
  if (folds.unfolded) {
    for (const id of model.boxes.keys()) if (!toggled.has(id)) open.add(id)
    return open
  }
  const top = theses(model)
  const highest = new Set([...motives(model), ...top])
  const withMotives = motives(model).length > 0
  const shown = new Set([...motives(model), ...top])
  let ring = [...motives(model), ...top]
  while (ring.length > 0) {
    const next: string[] = []
    for (const id of ring) {
      // A thesis that motives bear on shows those at first; the statements beside them would crowd them out.
      if (withMotives && top.includes(id) && bearing(model, id).some((step) => step.premises.some((one) => highest.has(one)))) continue
      const fresh = [...new Set(bearing(model, id).flatMap((step) => step.premises))].filter((one) => !shown.has(one))
      if (shown.size + fresh.length > firstSight) continue
      open.add(id)
      for (const one of fresh) shown.add(one)
      next.push(...fresh)
    }
    // Only a map without motives is unfolded further by itself: there the first ring may be nearly nothing.
    ring = withMotives ? [] : next
  }
  for (const id of toggled) {
    if (open.has(id)) open.delete(id)
    else open.add(id)
  }
  return open
}

/** The steps that bear on a box, with the undercuts of those steps. */
function bearing(model: Model, id: string): Step[] {
  const found = [...(model.into.get(id) ?? [])]
  for (const step of found) {
    for (const undercut of model.into.get(step.id) ?? []) if (!found.includes(undercut)) found.push(undercut)
  }
  return found
}

/** Boxes that lead to no thesis and no motive would never be met: the ends of their own chains are drawn. */
function strays(model: Model): string[] {
  const top = [...motives(model), ...theses(model)]
  const met = new Set(top)
  const queue = [...top]
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const step of bearing(model, id)) {
      for (const premise of step.premises) {
        if (!met.has(premise)) {
          met.add(premise)
          queue.push(premise)
        }
      }
    }
  }
  const stray = [...model.boxes.keys()].filter((id) => !met.has(id))
  const ends = stray.filter((id) => model.into.has(id) && !model.outOf.has(id))
  return top.length === 0 && ends.length === 0 ? stray.slice(0, FIRST_SIGHT) : ends.slice(0, FIRST_SIGHT)
}

/** Draw a node with the shortest chain that leads from it to something drawn. */
function reveal(model: Model, result: Drawn, id: string): void {
  const step = model.steps.get(id)
  const starts = step ? [...step.premises, boxOfStep(model, step) ?? ''] : [id]
  for (const start of starts) {
    if (!model.boxes.has(start)) continue
    const came = new Map<string, { box: string; step: string } | null>([[start, null]])
    const queue = [start]
    for (const box of queue) {
      if (result.boxes.has(box)) {
        result.boxes.add(start)
        for (let at = came.get(box); at; at = came.get(at.box)) {
          result.boxes.add(at.box)
          result.chain.add(at.step)
        }
        break
      }
      for (const out of model.outOf.get(box) ?? []) {
        const next = boxOfStep(model, out)
        if (next !== null && !came.has(next)) {
          came.set(next, { box, step: out.id })
          queue.push(next)
        }
      }
    }
    result.boxes.add(start)
  }
}

function count(result: Drawn, box: string, step: Step): void {
  const hidden = result.hidden.get(box) ?? { supporting: 0, opposing: 0 }
  hidden[step.stance] += 1
  result.hidden.set(box, hidden)
}
