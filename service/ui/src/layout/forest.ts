import type { Drawn } from '../graph/folds'
import type { Model, Step } from '../graph/model'

/** A box with the arguments that hang on it where it is drawn. */
export interface Twig {
  box: string
  branches: Branch[]
}

/** An argument with those of its premises that are drawn below it, and with what challenges its inference. */
export interface Branch {
  step: Step
  twigs: Twig[]
  /** Premises that are drawn elsewhere. */
  elsewhere: string[]
  undercuts: Branch[]
}

/** An argument from one head to another: a line between trees. */
export interface Edge {
  step: Step
  from: string
  to: string
}

export interface Forest {
  trees: Twig[]
  edges: Edge[]
  /** Arguments that fit into no tree: they are drawn across. */
  across: Step[]
}

/**
 * Deal what is drawn out to trees, one for each head: a box hangs on the head that it is nearest to along the
 * reasoning, of equally near ones on the first, and is drawn once however often it is used. `met` numbers arguments in
 * the order in which they were first seen, so that a new one comes last. O(nodes + arguments * log arguments).
 */
export function forestOf(model: Model, drawn: Drawn, heads: readonly string[], met = new Map<string, number>()): Forest {
  for (const id of model.steps.keys()) if (!met.has(id)) met.set(id, met.size)
  const trees = heads.filter((id) => drawn.boxes.has(id)).map((box): Twig => ({ box, branches: [] }))
  const placed = new Set(trees.map((tree) => tree.box))
  const dealt = new Set<string>()
  const grow = (first: Twig[]): void => {
    const queue = [...first]
    for (const twig of queue) for (const step of hanging(twig.box)) hang(step, twig.branches, queue)
  }
  grow(trees)
  // What leads to no head, as in a circle, starts trees of its own.
  for (const box of drawn.boxes) {
    if (placed.has(box)) continue
    placed.add(box)
    trees.push({ box, branches: [] })
    grow(trees.slice(-1))
  }
  const rest = [...drawn.steps].flatMap((id) => (dealt.has(id) ? [] : (model.steps.get(id) ?? [])))
  const tops = new Set(trees.map((tree) => tree.box))
  const edges: Edge[] = []
  const across: Step[] = []
  for (const step of rest) {
    const [from = ''] = step.premises
    if (tops.has(step.target) && step.premises.every((id) => tops.has(id)) && from !== step.target) edges.push({ step, from, to: step.target })
    else across.push(step)
  }
  return { trees, edges, across }

  function hanging(id: string): Step[] {
    const into = (model.into.get(id) ?? []).filter((step) => drawn.steps.has(step.id) && !dealt.has(step.id))
    return into.sort((a, b) => order(a) - order(b) || (met.get(a.id) ?? 0) - (met.get(b.id) ?? 0))
  }

  function hang(step: Step, branches: Branch[], queue: Twig[]): void {
    const fresh = step.premises.filter((id) => !placed.has(id) && drawn.boxes.has(id))
    if (fresh.length === 0) return
    dealt.add(step.id)
    const twigs = fresh.map((box): Twig => ({ box, branches: [] }))
    const branch: Branch = { step, twigs, elsewhere: step.premises.filter((id) => !fresh.includes(id)), undercuts: [] }
    for (const id of fresh) placed.add(id)
    branches.push(branch)
    queue.push(...twigs)
    for (const undercut of hanging(step.id)) hang(undercut, branch.undercuts, queue)
  }
}

function order(step: Step): number {
  return step.stance === 'supporting' ? 0 : 1
}
