import type { Model } from './model'
import { boxOfStep } from './model'

/** The theses of a map in the order to show them: what stands on its arguments alone, or what bears on nothing. */
export function theses(model: Model): string[] {
  const constructed = [...model.boxes.values()].filter((box) => box.kind === 'statement' && box.constructed)
  const found = constructed.length > 0 ? constructed.map((box) => box.id) : ends(model)
  return rank(model, found)
}

export function motives(model: Model): string[] {
  return [...model.boxes.values()].filter((box) => box.kind === 'motive').map((box) => box.id)
}

/** What bears on nothing although something bears on it; in a map of cycles the boxes with the most grounds. */
function ends(model: Model): string[] {
  const targets = [...model.boxes.keys()].filter((id) => model.into.has(id))
  const last = targets.filter((id) => !model.outOf.has(id) && model.boxes.get(id)?.kind === 'statement')
  if (last.length > 0 || targets.length === 0) return last
  return [...targets].sort((a, b) => (model.into.get(b)?.length ?? 0) - (model.into.get(a)?.length ?? 0)).slice(0, 3)
}

/** The thesis that most of the others lead to comes first. */
function rank(model: Model, ids: string[]): string[] {
  const weight = new Map(ids.map((id) => [id, grounds(model, id)]))
  const depth = (id: string): number => (model.outOf.get(id) ?? []).length
  return [...ids].sort((a, b) => depth(a) - depth(b) || (weight.get(b) ?? 0) - (weight.get(a) ?? 0) || (a < b ? -1 : 1))
}

function grounds(model: Model, id: string): number {
  const seen = new Set([id])
  const queue = [id]
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const step of model.into.get(next) ?? []) {
      for (const premise of step.premises) {
        if (!seen.has(premise)) {
          seen.add(premise)
          queue.push(premise)
        }
      }
    }
  }
  return seen.size - 1
}

/** The motive in whose box a statement stands, or '' where it stands outside of all. */
export function homes(model: Model): Map<string, string> {
  const home = new Map<string, string>()
  const top = new Set(theses(model))
  for (const id of motives(model)) home.set(id, id)
  for (const id of top) home.set(id, '')
  // Breadth first against the reasoning, from motives and theses at once: the nearest one wins, motives before theses.
  let ring = [...motives(model), ...top]
  while (ring.length > 0) {
    const found = new Map<string, string[]>()
    for (const id of ring) {
      for (const step of stepsBearingOn(model, id)) {
        for (const premise of step) {
          if (!home.has(premise)) found.set(premise, [...(found.get(premise) ?? []), home.get(id) ?? ''])
        }
      }
    }
    for (const [id, near] of found) home.set(id, nearest(model, id, near))
    ring = [...found.keys()]
  }
  for (const [id, box] of model.boxes) {
    if (!home.has(id)) home.set(id, box.concerns.find((motive) => model.boxes.has(motive)) ?? '')
  }
  return home
}

function nearest(model: Model, id: string, near: string[]): string {
  const inMotives = near.filter((one) => one !== '')
  const concerned = model.boxes.get(id)?.concerns.find((motive) => inMotives.includes(motive))
  return concerned ?? inMotives[0] ?? ''
}

/** The premises of each step that bears on a box, undercuts of its steps included. */
function stepsBearingOn(model: Model, id: string): string[][] {
  const found: string[][] = []
  const queue = [...(model.into.get(id) ?? [])]
  const seen = new Set(queue)
  for (let step = queue.pop(); step !== undefined; step = queue.pop()) {
    found.push(step.premises)
    for (const undercut of model.into.get(step.id) ?? []) {
      if (!seen.has(undercut) && boxOfStep(model, undercut) === id) {
        seen.add(undercut)
        queue.push(undercut)
      }
    }
  }
  return found
}
