import type { Drawn } from '../graph/folds'
import { push, type Model, type Step } from '../graph/model'
import { forestOf, type Forest, type Twig } from './forest'
import { curve, DOT, GUTTER, moved, rounded, type Point, type Rect } from './geometry'
import { ranksOf, wrapped } from './ranks'
import { layOutRows, type Rows } from './rows'
import type { Sized } from './sizes'
import { layOutTree, type Strand, type Tree, type TreeOptions, type Trunk } from './tree'

export interface PlacedBox extends Sized, Rect {}

/** The node of an argument: a sign on a disc, on which challenges to its inference end. */
export interface Dot extends Point {
  step: Step
}

export interface PlacedTrunk {
  id: string
  stance: Step['stance']
  steps: string[]
  body: string
  heads: string[]
  from: Point
  to: Point
}

/** A line that belongs to one argument: faint where it runs across the map, until one of its ends is looked at. */
export interface Line {
  id: string
  step: Step
  d: string
  head: boolean
  far: boolean
  /** The whole way to the target, where the rest of it is shared. */
  whole: string | null
  /** Where it reaches its target. */
  end: Point | null
}

export interface Frame extends Rect {
  id: string
}

export interface Placed {
  boxes: Map<string, PlacedBox>
  dots: Map<string, Dot>
  trunks: PlacedTrunk[]
  lines: Line[]
  frames: Frame[]
  width: number
  height: number
}

/** Where things stood before; what is added finds its place among them and moves as little as it can. */
export class Memory {
  readonly columns = new Map<string, number>()
  readonly starts = new Map<number, number>()
  /** Theses whose reasons stand at their side. */
  readonly beside = new Set<string>()
  /** Those of them whose reasons stand in two columns. */
  readonly abreast = new Set<string>()
  readonly met = new Map<string, number>()
  rows: string[][] = []

  /** What was placed under one name goes on under another one: a sentence gets its id when it is saved. */
  rename(from: string, to: string): void {
    const met = this.met.get(from)
    if (met === undefined || this.met.has(to)) return
    this.met.set(to, met)
    for (const [place, column] of this.columns) if ((place.endsWith(`<${from}`) || place.endsWith(`|${from}`))) this.columns.set(`${place.slice(0, -from.length)}${to}`, column)
  }
}

export interface Question {
  model: Model
  drawn: Drawn
  sizes: Map<string, Sized>
  /** Theses and motives in the order in which they are to be met. */
  heads: readonly string[]
  /** About so wide may a row become. */
  width: number
}

/** Place everything that is drawn; the same question with the same memory has the same answer. O(nodes + arguments). */
export function layOut({ model, drawn, sizes, heads, width }: Question, memory: Memory): Placed {
  const forest = forestOf(model, drawn, heads, memory.met)
  const isMotive = (id: string): boolean => model.boxes.get(id)?.kind === 'motive'
  const trees = new Map<string, Tree>()
  const leaning = new Set(forest.edges.map((edge) => edge.to))
  for (const twig of forest.trees) {
    const { box, branches } = twig
    const treeOf = (shape: TreeOptions['shape']): Tree => layOutTree(twig, sizes, { shape, columns: memory.columns })
    // A few reasons of a thesis that other trees lead to stand beside it, so that those stay near, if there is room.
    const few = branches.length > 0 && branches.length <= (memory.beside.has(box) ? 5 : 3)
    const beside = !isMotive(box) && leaning.has(box) && few ? treeOf('beside') : null
    if (beside && (memory.beside.has(box) || beside.width <= width)) memory.beside.add(box)
    else memory.beside.delete(box)
    trees.set(box, beside && memory.beside.has(box) ? beside : treeOf(isMotive(box) ? 'framed' : 'below'))
  }
  const ordered = (): string[][] => rowsOf(forest, trees, new Set(heads), isMotive, width, memory.rows)
  if (memory.rows.length === 0) for (const row of ordered()) abreast(row)
  for (const twig of forest.trees) if (memory.beside.has(twig.box) && memory.abreast.has(twig.box)) trees.set(twig.box, treeAbreast(twig))
  memory.rows = ordered()
  const rows = layOutRows(memory.rows, trees, forest.edges, memory.starts)
  return new Placing(model, forest, sizes, trees, rows, isMotive).place()

  function treeAbreast(twig: Twig): Tree {
    return layOutTree(twig, sizes, { shape: 'abreast', columns: memory.columns })
  }

  /** Where a row has the room, reasons at the side stand beside one another: what is below them is then met sooner. */
  function abreast(row: readonly string[]): void {
    let used = row.reduce((sum, id) => sum + (trees.get(id)?.width ?? 0) + GUTTER, -GUTTER)
    for (const twig of forest.trees) {
      const tree = trees.get(twig.box)
      if (!tree || !row.includes(twig.box) || !memory.beside.has(twig.box) || twig.branches.length < 2) continue
      const more = treeAbreast(twig).width - tree.width
      if (used + more > width) continue
      used += more
      memory.abreast.add(twig.box)
    }
  }
}

/** Theses by how many of them lie above each, then motives, then what stands alone, each as many as fit beside one another. */
function rowsOf(forest: Forest, trees: Map<string, Tree>, heads: ReadonlySet<string>, isMotive: (id: string) => boolean, width: number, before: string[][]): string[][] {
  const above = new Map<string, string[]>()
  for (const { step, to } of forest.edges) for (const from of step.premises) push(above, from, to)
  const rows = before.map((ids) => ids.filter((id) => trees.has(id)))
  const rowOf = new Map(rows.flatMap((ids, row) => ids.map((id): [string, number] => [id, row])))
  const fresh = forest.trees.map((twig) => twig.box).filter((id) => !rowOf.has(id))
  const widthOf = (id: string): number => trees.get(id)?.width ?? 0
  if (before.length > 0) {
    for (const id of fresh) put(id, rows.length - 2)
    return rows
  }
  const upper = fresh.filter((id) => !isMotive(id) && heads.has(id))
  const ranks = ranksOf(upper, above)
  const alike = new Map<number, string[]>()
  for (const id of upper) push(alike, ranks.get(id) ?? 0, id)
  for (const [, ids] of [...alike].sort(([a], [b]) => a - b)) rows.push(...wrapped(ids, widthOf, GUTTER, width))
  for (const [row, ids] of rows.entries()) for (const id of ids) rowOf.set(id, row)
  const lowest = rows.length - 1
  const motives = fresh.filter(isMotive)
  const second = motives.filter((id) => (above.get(id) ?? []).some(isMotive))
  for (const id of motives) if (!second.includes(id)) put(id, lowest)
  for (const id of second) put(id, lowest)
  for (const id of fresh) if (!rowOf.has(id)) put(id, lowest)
  return rows

  /** Into the last row if that is below its targets and has room, or else into a new one. */
  function put(id: string, least: number): void {
    const below = Math.max(least, ...(above.get(id) ?? []).map((one) => rowOf.get(one) ?? -1))
    const last = rows.length - 1
    const used = (rows[last] ?? []).reduce((sum, one) => sum + widthOf(one) + GUTTER, 0)
    if (last > below && used + widthOf(id) <= width) rows[last]?.push(id)
    else rows.push([id])
    rowOf.set(id, rows.length - 1)
  }
}

/** Moves everything to its place on the sheet and writes the lines. */
class Placing {
  readonly #placed: Placed

  constructor(
    readonly model: Model,
    readonly forest: Forest,
    readonly sizes: Map<string, Sized>,
    readonly trees: Map<string, Tree>,
    readonly rows: Rows,
    readonly isMotive: (id: string) => boolean,
  ) {
    this.#placed = { boxes: new Map(), dots: new Map(), trunks: [], lines: [], frames: [], width: rows.width, height: rows.height }
  }

  place(): Placed {
    const placed = this.#placed
    for (const [id, tree] of this.trees) this.#tree(id, tree, this.rows.at.get(id) ?? { x: 0, y: 0 })
    for (const [id, dot] of this.rows.dots) this.#dot(id, dot)
    for (const strand of this.rows.strands.values()) this.#strand(strand, { x: 0, y: 0 })
    for (const trunk of this.rows.trunks) this.#trunk(trunk, { x: 0, y: 0 })
    const crossing = [...this.forest.across, ...this.rows.left.map((edge) => edge.step)]
    this.#besides(crossing)
    for (const step of crossing) this.#across(step)
    this.#elsewhere()
    placed.boxes = new Map([...placed.boxes].sort(([, a], [, b]) => rank(a) - rank(b) || 0))
    return bounded(placed)
  }

  #tree(id: string, tree: Tree, at: Point): void {
    if (this.isMotive(id)) this.#placed.frames.push({ id, ...at, width: tree.width, height: tree.height })
    for (const [box, rect] of tree.boxes) this.#placed.boxes.set(box, { ...(this.sizes.get(box) as Sized), ...moved(rect, at.x, at.y) })
    for (const [step, dot] of tree.dots) this.#dot(step, moved(dot, at.x, at.y))
    for (const strand of tree.strands.values()) this.#strand(strand, at)
    for (const trunk of tree.trunks) this.#trunk(trunk, at)
  }

  #dot(id: string, at: Point): void {
    const step = this.model.steps.get(id)
    if (step) this.#placed.dots.set(id, { ...at, step })
  }

  #strand(strand: Strand, by: Point): void {
    const step = this.model.steps.get(strand.step)
    if (!step) return
    const path = (lines: Point[][]): string => lines.map((points) => rounded(points.map((point) => moved(point, by.x, by.y)))).join('')
    const last = strand.whole.at(-1)?.at(-1)
    this.#line(step, path(strand.own), strand.head, false, strand.head ? null : path(strand.whole), last ? moved(last, by.x, by.y) : null)
  }

  #trunk(trunk: Trunk, by: Point): void {
    const lines = trunk.lines.map((line) => ({ ...line, points: line.points.map((point) => moved(point, by.x, by.y)) }))
    const all = lines.flatMap((line) => line.points)
    this.#placed.trunks.push({
      id: `${trunk.steps[0]}/${this.#placed.trunks.length}`,
      stance: trunk.stance,
      steps: trunk.steps,
      body: lines.filter((line) => !line.head).map((line) => rounded(line.points)).join(''),
      heads: lines.filter((line) => line.head).map((line) => rounded(line.points)),
      from: { x: Math.min(...all.map((one) => one.x)), y: Math.min(...all.map((one) => one.y)) },
      to: { x: Math.max(...all.map((one) => one.x)), y: Math.max(...all.map((one) => one.y)) },
    })
  }

  /** The nodes of arguments that run across stand at the right side of their first premise. */
  #besides(steps: readonly Step[]): void {
    const used = new Map<string, number>()
    for (const step of steps) {
      const [first = ''] = step.premises
      const box = this.#placed.boxes.get(first)
      if (!box) continue
      const n = used.get(first) ?? 0
      used.set(first, n + 1)
      const y = box.y + 16 + Math.min(n * (DOT + 1), Math.max(0, box.height - DOT - 8))
      this.#dot(step.id, { x: box.x + box.width + 4, y })
    }
  }

  #across(step: Step): void {
    const dot = this.#placed.dots.get(step.id)
    const box = this.#placed.boxes.get(step.target)
    const other = this.#placed.dots.get(step.target)
    if (!dot || !(box || other)) return
    const end = box ?? { x: (other?.x ?? 0) - DOT / 2, y: (other?.y ?? 0) - DOT / 2, width: DOT, height: DOT }
    this.#line(step, curve(dot, end), true, true)
    for (const premise of step.premises.slice(1)) this.#joins(step, premise, dot)
  }

  /** Premises that are drawn elsewhere are joined to the node of their argument. */
  #elsewhere(): void {
    for (const edge of this.forest.edges) {
      const dot = this.rows.dots.get(edge.step.id)
      if (dot) for (const premise of edge.step.premises.slice(1)) this.#joins(edge.step, premise, dot)
    }
    const queue = this.forest.trees.flatMap((tree) => tree.branches)
    for (const branch of queue) {
      const dot = this.#placed.dots.get(branch.step.id)
      if (dot) for (const premise of branch.elsewhere) this.#joins(branch.step, premise, dot)
      queue.push(...branch.undercuts, ...branch.twigs.flatMap((twig) => twig.branches))
    }
  }

  #joins(step: Step, premise: string, dot: Point): void {
    const from = this.#placed.boxes.get(premise)
    if (from) this.#line(step, curve({ x: from.x + from.width, y: from.y + Math.min(from.height / 2, 24) }, { ...dot, width: 0, height: 0 }), false, true)
  }

  #line(step: Step, d: string, head: boolean, far: boolean, whole: string | null = null, end: Point | null = null): void {
    this.#placed.lines.push({ id: `${step.id}/${this.#placed.lines.length}`, step, d, head, far, whole, end })
  }
}

/** Theses come first and motives next: so they are met by the keyboard and by readers. */
function rank(box: PlacedBox): number {
  return box.look === 'thesis' ? 0 : box.look === 'motive' ? 1 : 2
}

/** The size of all that is drawn; what hangs over the edge counts too. */
function bounded(placed: Placed): Placed {
  const rects = [...placed.boxes.values(), ...placed.frames]
  for (const one of placed.trunks) placed.width = Math.max(placed.width, one.to.x)
  for (const one of rects) {
    placed.width = Math.max(placed.width, one.x + one.width)
    placed.height = Math.max(placed.height, one.y + one.height)
  }
  for (const dot of placed.dots.values()) placed.width = Math.max(placed.width, dot.x + DOT / 2)
  return placed
}
