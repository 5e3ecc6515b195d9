import type { Stance } from '../api/shapes'
import type { Model, Step } from '../graph/model'
import { motives, theses } from '../graph/roots'

/** A line of the outline: a heading, or a box reached by a step from the line above it. */
export interface Row {
  key: string
  level: number
  id: string | null
  heading: string | null
  step: Step | null
  stance: Stance | null
  text: string
  /** Whether lines can stand below it, and whether they do. */
  children: number
  open: boolean
  /** The box is told in full further up; here it is only named, so that circles end. */
  again: boolean
  /** Place among its siblings, for readers who hear the tree. */
  at: number
  of: number
}

export interface Headings {
  theses: string
  motives: string
  others: string
}

/** The lines of the outline from the top, as far as they are open. */
export function rowsOf(model: Model, isOpen: (key: string, level: number) => boolean, headings: Headings): Row[] {
  const rows: Row[] = []
  const reached = new Set<string>()
  const named = motives(model)
  const top = theses(model).filter((id) => !named.includes(id))
  const sections: [string, string[]][] = [
    [headings.theses, top],
    [headings.motives, named],
    [headings.others, [...model.boxes.keys()].filter((id) => !top.includes(id) && !named.includes(id) && !model.outOf.has(id))],
  ]
  const filled = sections.filter(([, ids]) => ids.length > 0)
  for (const [at, [heading, ids]] of filled.entries()) {
    const key = `#${heading}`
    const open = isOpen(key, 1)
    rows.push(row({ key, level: 1, heading, text: heading, children: ids.length, open, at: at + 1, of: filled.length }))
    if (open) for (const [place, id] of ids.entries()) add(id, null, key, 2, place + 1, ids.length, [])
  }
  return rows

  function add(id: string, step: Step | null, above: string, level: number, at: number, of: number, way: string[]): void {
    const box = model.boxes.get(id)
    if (!box) return
    const key = `${above}/${step?.id ?? ''}:${id}`
    const again = way.includes(id)
    const lines = again ? [] : childrenOf(id, step)
    const open = lines.length > 0 && isOpen(key, level)
    const text = box.title ? `${box.title.charAt(0).toUpperCase()}${box.title.slice(1)}: ${box.text}` : box.text
    reached.add(id)
    rows.push(row({ key, level, id, step, stance: step?.stance ?? null, text, children: lines.length, open, again, at, of }))
    if (!open) return
    for (const [place, line] of lines.entries()) add(line.premise, line.step, key, level + 1, place + 1, lines.length, [...way, id])
  }

  /** For first, then against; what attacks the step that led here stands last. */
  function childrenOf(id: string, step: Step | null): { premise: string; step: Step }[] {
    const into = [...(model.into.get(id) ?? [])].sort((a, b) => order(a) - order(b))
    const undercuts = step ? (model.into.get(step.id) ?? []) : []
    return [...into, ...undercuts].flatMap((one) => one.premises.map((premise) => ({ premise, step: one })))
  }
}

function order(step: Step): number {
  return step.stance === 'supporting' ? 0 : 1
}

function row(values: Partial<Row> & Pick<Row, 'key' | 'level' | 'text' | 'children' | 'open' | 'at' | 'of'>): Row {
  return { id: null, heading: null, step: null, stance: null, again: false, ...values }
}
