import type { Model } from '../graph/model'
import type { Placed } from '../layout/layout'

/** Where an arrow key leads: up along the reasoning, down to the grounds, sideways among what stands beside. */
export function walk(model: Model, placed: Placed, from: string, key: string): string | null {
  const seen = (id: string): boolean => placed.boxes.has(id) || placed.dots.has(id)
  const up = upwards(model, from).filter(seen)
  if (key === 'ArrowUp') return up[0] ?? null
  if (key === 'ArrowDown') return inOrder(placed, downwards(model, from).filter(seen))[0] ?? null
  if (key === 'Home') return placed.boxes.keys().next().value ?? null
  if (key !== 'ArrowLeft' && key !== 'ArrowRight') return null
  // What bears on nothing is walked in reading order: theses, then motives.
  const beside = up.length === 0 ? [...placed.boxes.keys()].filter((id) => !upwards(model, id).some(seen)) : inOrder(placed, siblings(model, from, up[0] ?? '').filter(seen))
  const at = beside.indexOf(from)
  return beside[at + (key === 'ArrowRight' ? 1 : -1)] ?? null
}

function upwards(model: Model, id: string): string[] {
  const step = model.steps.get(id)
  return step ? [step.target] : (model.outOf.get(id) ?? []).map((one) => one.id)
}

function downwards(model: Model, id: string): string[] {
  const into = (model.into.get(id) ?? []).map((step) => step.id)
  return [...(model.steps.get(id)?.premises ?? []), ...into]
}

function siblings(model: Model, id: string, above: string): string[] {
  const step = model.steps.get(id)
  if (step) return [...(model.into.get(step.target) ?? [])].map((one) => one.id)
  // Beside a premise stand the premises of every step with the same target.
  const target = model.steps.get(above)?.target ?? ''
  return [...new Set((model.into.get(target) ?? []).flatMap((one) => one.premises))]
}

function inOrder(placed: Placed, ids: string[]): string[] {
  const place = (id: string): { x: number; y: number } => placed.boxes.get(id) ?? placed.dots.get(id) ?? { x: 0, y: 0 }
  return [...ids].sort((a, b) => {
    const [one, other] = [place(a), place(b)]
    return Math.abs(one.x - other.x) > 40 ? one.x - other.x : one.y - other.y || one.x - other.x
  })
}
