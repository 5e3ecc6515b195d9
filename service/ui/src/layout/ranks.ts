import { push, type Model } from '../graph/model'

/** How many others lie above each, at most; what leads in a circle stays where it was met. O(ids + links). */
export function ranksOf(ids: readonly string[], above: ReadonlyMap<string, readonly string[]>): Map<string, number> {
  const all = new Set(ids)
  const ranks = new Map<string, number>()
  const open = new Set<string>()
  const climb = (id: string): number => {
    const found = ranks.get(id)
    if (found !== undefined || open.has(id)) return found ?? 0
    open.add(id)
    const own = Math.max(0, ...(above.get(id) ?? []).filter((one) => all.has(one)).map((one) => climb(one) + 1))
    open.delete(id)
    ranks.set(id, own)
    return own
  }
  for (const id of ids) climb(id)
  return ranks
}

/** For each thesis how many have equally many others above them: so many would stand in one row. O(theses + their arguments). */
export function alongside(model: Model, theses: readonly string[]): Map<string, number> {
  const all = new Set(theses)
  const above = new Map<string, string[]>()
  for (const id of theses) {
    for (const step of model.outOf.get(id) ?? []) if (step.premises.every((one) => all.has(one))) push(above, id, step.target)
  }
  const ranks = ranksOf(theses, above)
  const counts = new Map<number, number>()
  for (const rank of ranks.values()) counts.set(rank, (counts.get(rank) ?? 0) + 1)
  return new Map([...ranks].map(([id, rank]) => [id, counts.get(rank) ?? 1]))
}

/** Break a row that is wider than the room into as few as it takes, about equally many in each. O(ids). */
export function wrapped(ids: readonly string[], widthOf: (id: string) => number, gap: number, room: number): string[][] {
  const rows: string[][] = []
  let used = 0
  for (const id of ids) {
    const width = widthOf(id)
    const last = rows.at(-1)
    if (last && used + gap + width <= room) {
      last.push(id)
      used += gap + width
    } else {
      rows.push([id])
      used = width
    }
  }
  const each = Math.ceil(ids.length / Math.max(1, rows.length))
  const even = rows.map((_, row) => ids.slice(row * each, (row + 1) * each)).filter((row) => row.length > 0)
  const fits = even.every((row) => row.length === 1 || row.reduce((sum, id) => sum + widthOf(id) + gap, -gap) <= room)
  return fits ? even : rows
}
