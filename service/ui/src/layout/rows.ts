import type { Stance } from '../api/shapes'
import type { Edge } from './forest'
import { GUTTER, type Point } from './geometry'
import type { Strand, Tree, Trunk } from './tree'

/** Trees in rows: every line between two trees runs in the channel above a row and in the gutters between trees. */
export interface Rows {
  at: Map<string, Point>
  width: number
  height: number
  dots: Map<string, Point>
  trunks: Trunk[]
  strands: Map<string, Strand>
  /** Edges that lead neither upwards nor to another row; they are drawn across. */
  left: Edge[]
}

const LANE = 8
/** Room for the nodes of the arguments that leave a tree. */
const DOTS = 30
const DOT_GAP = 26

interface Riser {
  edge: Edge
  /** The gutters that it climbs through, from below; each by its row and the tree that it follows. */
  gutters: { row: number; after: number; lane: number }[]
  /** The lane in the channel below each of these gutters. */
  lanes: number[]
  /** Which of the edges that leave its tree it is. */
  dot: number
  /** Where it arrives at its bus, about. */
  x: number
}

/** The line that all edges of one stance to one head share. */
interface Bus {
  to: string
  stance: Stance
  lane: number
  risers: Riser[]
}

/**
 * Place rows of trees and route the edges between them; `rows` are ids from the top, `start` is where each row began
 * before. O(trees + edges * rows).
 */
export function layOutRows(rows: readonly (readonly string[])[], trees: Map<string, Tree>, edges: readonly Edge[], start: Map<number, number>): Rows {
  const routed = (): Rows => new Routing(rows, trees, edges, start).result()
  // Where rows begin decides which lanes are free: it is found out first, so that the next layout chooses the same.
  if (rows.some((_, row) => !start.has(row))) routed()
  return routed()
}

class Routing {
  readonly #rowOf = new Map<string, number>()
  readonly #lanes = new Lanes()
  readonly #risers: Riser[]
  readonly #buses = new Map<string, Bus>()
  readonly #tops: number[] = []
  /** Where each tree begins: at first as if no gutter had to be wider than usual. */
  #xs: Map<string, number>
  readonly #rows: Rows

  constructor(
    readonly rows: readonly (readonly string[])[],
    readonly trees: Map<string, Tree>,
    edges: readonly Edge[],
    readonly start: Map<number, number>,
  ) {
    for (const [row, ids] of rows.entries()) for (const id of ids) this.#rowOf.set(id, row)
    const upward = (edge: Edge): boolean => this.#row(edge.to) < this.#row(edge.from)
    const left = edges.filter((edge) => !upward(edge))
    this.#xs = this.#across(() => 0)
    this.#risers = this.#climb(edges.filter(upward))
    this.#join()
    this.#xs = this.#across((row, after) => Math.max(0, this.#lanes.used(`gutter ${row} ${after}`) - 2) * LANE)
    this.#rows = { at: new Map(), width: 0, height: 0, dots: new Map(), trunks: [], strands: new Map(), left }
    this.#place()
    for (const bus of this.#buses.values()) this.#route(bus)
  }

  result(): Rows {
    return this.#rows
  }

  #row(id: string): number {
    return this.#rowOf.get(id) ?? 0
  }

  #tree(id: string): Tree {
    return this.trees.get(id) as Tree
  }

  /** Where each tree of each row begins; a row stands in the middle, or where it stood before. */
  #across(wider: (row: number, after: number) => number): Map<string, number> {
    const margin = this.#lanes.some(' -1') ? GUTTER + Math.max(...this.rows.map((_, row) => this.#lanes.used(`gutter ${row} -1`))) * LANE : 0
    const found = new Map<string, number>()
    const widths = this.rows.map((ids, row) => {
      let x = 0
      for (const [index, id] of ids.entries()) {
        found.set(id, x)
        x += this.#tree(id).width + GUTTER + wider(row, index)
      }
      return Math.max(0, x - GUTTER)
    })
    const width = Math.max(0, ...widths) + margin
    for (const [row, ids] of this.rows.entries()) {
      const from = this.start.get(row) ?? margin + (width - margin - (widths[row] ?? 0)) / 2
      for (const id of ids) found.set(id, (found.get(id) ?? 0) + from)
    }
    return found
  }

  /** Choose the gutters through which each edge climbs, and its lanes in the channels between them. */
  #climb(edges: readonly Edge[]): Riser[] {
    const dots = new Map<string, number>()
    return edges.map((edge): Riser => {
      const dot = dots.get(edge.from) ?? 0
      dots.set(edge.from, dot + 1)
      const riser: Riser = { edge, gutters: [], lanes: [], dot, x: 0 }
      riser.x = (this.#xs.get(edge.from) ?? 0) + this.#tree(edge.from).headWidth / 2 + dot * DOT_GAP
      for (let row = this.#row(edge.from) - 1; row > this.#row(edge.to); row -= 1) {
        const after = this.#nearest(row, riser.x)
        const next = this.#gutter(row, after)
        riser.lanes.push(this.#lanes.share(`channel ${row + 1}`, riser.x, next))
        riser.gutters.push({ row, after, lane: this.#lanes.take(`gutter ${row} ${after}`) })
        riser.x = next
      }
      return riser
    })
  }

  /** Edges of one stance to one head share a bus; buses lie next to the row that they lead to. */
  #join(): void {
    for (const riser of this.#risers) {
      const { step, to } = riser.edge
      const key = `${to} ${step.stance}`
      const bus = this.#buses.get(key) ?? { to, stance: step.stance, lane: 0, risers: [] }
      bus.risers.push(riser)
      this.#buses.set(key, bus)
    }
    for (const bus of this.#buses.values()) {
      const tree = this.#tree(bus.to)
      const x = this.#xs.get(bus.to) ?? 0
      const ends = [...bus.risers.map((riser) => riser.x), x + tree.headWidth * part(bus.stance), ...(bars(tree, bus.to) ? [x + tree.width] : [])]
      bus.lane = this.#lanes.share(`bus ${this.#row(bus.to) + 1}`, Math.min(...ends) - 30, Math.max(...ends) + 30)
    }
  }

  #place(): void {
    let y = 0
    for (const [row, ids] of this.rows.entries()) {
      if (row > 0) y += this.#channel(row) + DOTS
      this.#tops.push(y)
      const [first = ''] = ids
      if (!this.start.has(row) && ids.length > 0) this.start.set(row, this.#xs.get(first) ?? 0)
      for (const id of ids) {
        const x = this.#xs.get(id) ?? 0
        this.#rows.at.set(id, { x, y })
        this.#rows.width = Math.max(this.#rows.width, x + this.#tree(id).width)
      }
      y += Math.max(0, ...ids.map((id) => this.#tree(id).height))
    }
    this.#rows.height = y
  }

  #channel(row: number): number {
    return (this.#lanes.used(`bus ${row}`) + this.#lanes.used(`channel ${row}`)) * LANE + 10
  }

  /** Where the channel above a row begins, which is where the row before it ends. */
  #ceiling(row: number): number {
    return (this.#tops[row] ?? 0) - DOTS - this.#channel(row)
  }

  #route(bus: Bus): void {
    const laneY = this.#ceiling(this.#row(bus.to) + 1) + 10 + bus.lane * LANE
    const into = this.#entry(bus, laneY)
    const [foot] = into as [Point]
    const ends = [foot.x]
    for (const riser of bus.risers) {
      const [dot, climb] = this.#rise(riser, laneY)
      ends.push((climb.at(-1) as Point).x)
      const { id } = riser.edge.step
      const out = [{ x: dot.x, y: this.#rows.at.get(riser.edge.from)?.y ?? 0 }, dot]
      this.#rows.dots.set(id, dot)
      this.#rows.strands.set(id, { step: id, own: [out, climb], whole: [out, [...climb, ...into]], head: false })
    }
    const line = [{ x: Math.min(...ends), y: laneY }, { x: Math.max(...ends), y: laneY }]
    const steps = bus.risers.map((one) => one.edge.step.id)
    this.#rows.trunks.push({ stance: bus.stance, steps, lines: [{ points: line, head: false }, { points: into, head: true }] })
  }

  /** From the bus into the head: from below where nothing hangs under it, or else from the gutter at its right. */
  #entry({ to, stance }: Bus, laneY: number): Point[] {
    const { x, y } = this.#rows.at.get(to) as Point
    const tree = this.#tree(to)
    const height = headHeight(tree, to)
    if (!bars(tree, to)) {
      const port = x + tree.headWidth * part(stance)
      return [{ x: port, y: laneY }, { x: port, y: y + height }]
    }
    const side = x + tree.width + (stance === 'supporting' ? 6 : 11)
    const level = y + Math.min(height - 8, stance === 'supporting' ? 14 : 28)
    return [{ x: side, y: laneY }, { x: side, y: level }, { x: x + tree.headWidth, y: level }]
  }

  /** From the top of a tree up to the lane of its bus. */
  #rise(riser: Riser, laneY: number): [Point, Point[]] {
    const { edge } = riser
    const from = this.#rows.at.get(edge.from) as Point
    const all = this.#risers.filter((one) => one.edge.from === edge.from).length
    const x = from.x + this.#tree(edge.from).headWidth / 2 + (riser.dot - (all - 1) / 2) * DOT_GAP
    const dot = { x, y: from.y - DOTS / 2 }
    const points: Point[] = [dot]
    let here = x
    for (const [index, { row, after, lane }] of riser.gutters.entries()) {
      const level = this.#ceiling(row + 1) + 10 + (this.#lanes.used(`bus ${row + 1}`) + (riser.lanes[index] ?? 0)) * LANE
      // Before the first tree lanes lie further left, so that none runs over it.
      const next = this.#gutter(row, after) + 3 + (after < 0 ? -lane : lane) * LANE
      points.push({ x: here, y: level }, { x: next, y: level })
      here = next
    }
    points.push({ x: here, y: laneY })
    return [dot, points]
  }

  /** The gutter of a row that is nearest to a place; -1 is the one before the first tree. */
  #nearest(row: number, x: number): number {
    const all = [-1, ...(this.rows[row] ?? []).keys()]
    const away = (after: number): number => Math.abs(this.#gutter(row, after) - x)
    return all.reduce((best, one) => (away(one) < away(best) ? one : best))
  }

  #gutter(row: number, after: number): number {
    const ids = this.rows[row] ?? []
    const id = ids[after]
    if (id === undefined) return (this.#xs.get(ids[0] ?? '') ?? 0) - GUTTER / 2
    return (this.#xs.get(id) ?? 0) + this.#tree(id).width + GUTTER / 2 - 2
  }
}

/** Where lines of a stance enter a head from below. */
function part(stance: Stance): number {
  return stance === 'supporting' ? 0.36 : 0.64
}

function headHeight(tree: Tree, id: string): number {
  return tree.boxes.get(id)?.height ?? tree.height
}

/** Whether something hangs below a head and bars the way from there; what stands beside it does not. */
function bars(tree: Tree, id: string): boolean {
  const height = headHeight(tree, id)
  return [...tree.boxes.values()].some((box) => box.y >= height && box.x < tree.headWidth)
}

/** How many lines run side by side in each channel and gutter. */
class Lanes {
  readonly #used = new Map<string, number>()
  readonly #spans = new Map<string, [number, number][][]>()

  take(where: string): number {
    const lane = this.used(where)
    this.#used.set(where, lane + 1)
    return lane
  }

  /** The first lane that is free between two places. */
  share(where: string, a: number, b: number): number {
    const span: [number, number] = [Math.min(a, b) - 10, Math.max(a, b) + 10]
    const lanes = this.#spans.get(where) ?? []
    this.#spans.set(where, lanes)
    let lane = lanes.findIndex((spans) => spans.every(([from, to]) => to < span[0] || from > span[1]))
    if (lane < 0) lane = lanes.push([]) - 1
    lanes[lane]?.push(span)
    this.#used.set(where, lanes.length)
    return lane
  }

  /** Whether any line runs in a place whose name ends so. */
  some(end: string): boolean {
    return [...this.#used.keys()].some((where) => where.endsWith(end))
  }

  used(where: string): number {
    return this.#used.get(where) ?? 0
  }
}
