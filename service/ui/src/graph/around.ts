import { boxOfStep, linksOf, type Model, type Step, type Stub } from './model'

/** What lies within so many arguments of a node, in either direction; what leads on from there is counted. */
export function around(model: Model, focus: string, depth: number): Model {
  const start = model.steps.get(focus)
  const boxes = new Set(start ? [...start.premises, boxOfStep(model, start) ?? ''] : [focus])
  const steps = new Set<Step>(start ? [start] : [])
  let ring = [...boxes]
  for (let hop = 0; hop < depth; hop += 1) {
    const next: string[] = []
    for (const id of ring) {
      for (const step of touching(model, id)) {
        steps.add(step)
        for (const end of [...step.premises, boxOfStep(model, step) ?? '']) {
          if (model.boxes.has(end) && !boxes.has(end)) {
            boxes.add(end)
            next.push(end)
          }
        }
      }
    }
    ring = next
  }
  const kept = new Map([...model.steps].filter(([, step]) => steps.has(step)))
  return {
    ...model,
    boxes: new Map([...model.boxes].filter(([id]) => boxes.has(id))),
    steps: kept,
    ...linksOf(kept.values()),
    stubs: stubs(model, boxes, steps),
  }
}

/** The steps that start or end at a box, and those that undercut or are undercut there. */
function touching(model: Model, id: string): Step[] {
  const own = [...(model.into.get(id) ?? []), ...(model.outOf.get(id) ?? [])]
  const undercuts = own.flatMap((step) => model.into.get(step.id) ?? [])
  const attacked = own.flatMap((step) => model.steps.get(step.target) ?? [])
  return [...own, ...undercuts, ...attacked]
}

function stubs(model: Model, boxes: Set<string>, steps: Set<Step>): Map<string, Stub> {
  const found = new Map<string, Stub>()
  for (const id of boxes) {
    const away = (list: Step[] | undefined): number => (list ?? []).filter((step) => !steps.has(step)).length
    const cut = model.stubs.get(id)
    const into = away(model.into.get(id)) + (cut?.into ?? 0)
    const outOf = away(model.outOf.get(id)) + (cut?.outOf ?? 0)
    if (into + outOf > 0) found.set(id, { into, outOf })
  }
  return found
}
