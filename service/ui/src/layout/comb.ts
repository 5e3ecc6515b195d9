import { INSET, type LaidOut, type Line } from './laid'
import type { Level } from './plan'
import type { Sized } from './sizes'

const LANE = 18
const GAP = 10
const TALLEST = 9

/** The box on which everything else of a level hangs directly, if the level is of that form. */
export function combHead(level: Level): string | null {
  const head = level.id || (level.boxes.length === 1 && level.groups.length === 0 ? (level.boxes[0] ?? null) : null)
  const hangs = level.steps.length === 0 && level.stacks.every((stack) => stack.target === head)
  return hangs && head !== null && (level.id !== '' || level.stacks.length > 0) ? head : null
}

/** The head on top and the leaves below one another, those for it on one spine and those against it on another. */
export function comb(level: Level, of: string, sizes: Map<string, Sized>): LaidOut {
  const head = sizes.get(of)
  const rows = [...level.stacks]
    .sort((a, b) => (a.stance === b.stance ? 0 : a.stance === 'supporting' ? -1 : 1))
    .flatMap((stack) => stack.rows.map((row) => ({ ...row, stance: stack.stance })))
  const loose = level.boxes.filter((id) => id !== of).map((id) => ({ box: id, step: '', stance: null }))
  const stances = new Set(rows.map((row) => row.stance))
  const all = [...rows, ...loose]
  const columns = Math.max(1, Math.ceil(all.length / TALLEST))
  const each = Math.ceil(all.length / columns)
  const gutter = stances.size * LANE + (stances.size > 0 ? 10 : 0)
  const top = (head?.height ?? 0) + 16
  const at: LaidOut['at'] = new Map([[of, { x: 0, y: 0 }]])
  const lines: Line[] = []
  let x = INSET - (stances.size > 0 ? 6 : 0)
  let bottom = top
  for (let column = 0; column < columns; column += 1) {
    let y = top
    let wide = 0
    // The spine of what is against it runs outside of the other one, so that no line crosses another.
    const spine = { supporting: x + gutter - LANE, opposing: x + 6 }
    for (const row of all.slice(column * each, (column + 1) * each)) {
      const size = sizes.get(row.box)
      if (!size) continue
      at.set(row.box, { x: x + gutter, y })
      if (row.stance) {
        const knot = { x: spine[row.stance], y: y + Math.min(size.height / 2, 24) }
        at.set(`@${row.step}`, knot)
        // Each line goes all the way, so that one of them can be lit by itself.
        lines.push({ step: row.step, head: true, points: [{ x: x + gutter, y: knot.y }, knot, { x: knot.x, y: top - 16 }] })
      }
      y += size.height + GAP
      wide = Math.max(wide, size.width)
    }
    bottom = Math.max(bottom, y - GAP)
    x += gutter + wide + INSET
  }
  const height = all.length === 0 ? (head?.height ?? 0) : bottom + INSET - 4
  return { width: Math.max(x, head?.width ?? 0), height, at, lines }
}
