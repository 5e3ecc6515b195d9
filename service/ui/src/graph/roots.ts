import type { Model } from './model'

const MANY = 30

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
  // With very many ends none of them is the thesis; what bears on each directly then says enough.
  const many = ids.length > MANY
  const below = new Map(ids.map((id) => [id, many ? new Set<string>() : grounds(model, id)]))
  const led = (id: string): number => ids.filter((one) => below.get(id)?.has(one)).length
  const weigh = (id: string): number => (many ? (model.into.get(id)?.length ?? 0) : (below.get(id)?.size ?? 0))
  const keys = new Map(ids.map((id) => [id, [(model.outOf.get(id) ?? []).length, many ? 0 : -led(id), -weigh(id)]]))
  const compare = (a: string, b: string): number => {
    const [one, other] = [keys.get(a) ?? [], keys.get(b) ?? []]
    const at = one.findIndex((key, i) => key !== other[i])
    return at < 0 ? (a < b ? -1 : 1) : (one[at] ?? 0) - (other[at] ?? 0)
  }
  return [...ids].sort(compare)
}

/** Everything that leads to a box, itself left out; O(boxes + arguments). */
function grounds(model: Model, id: string): Set<string> {
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
  seen.delete(id)
  return seen
}
