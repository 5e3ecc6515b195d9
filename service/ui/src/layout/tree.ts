import type { Stance } from '../api/shapes'
import type { Branch, Twig } from './forest'
import { INDENT, type Point, type Rect } from './geometry'
import type { Sized } from './sizes'

/** A line that several arguments of one stance share on their way to one target; it is drawn once. */
export interface Trunk {
  stance: Stance
  steps: string[]
  lines: Stretch[]
}

/** A piece of a trunk; it has a head where it reaches the target. */
interface Stretch {
  points: Point[]
  head: boolean
}

/** The line of one argument: from its premises to where it joins, and all the way for when it is lit by itself. */
export interface Strand {
  step: string
  own: Point[][]
  whole: Point[][]
  /** Whether its own line ends in a head, since no trunk leads on from there. */
  head: boolean
}

/** A head box with all that hangs on it, from its own upper left corner. */
export interface Tree {
  id: string
  width: number
  height: number
  boxes: Map<string, Rect>
  dots: Map<string, Point>
  trunks: Trunk[]
  strands: Map<string, Strand>
  /** Right end of the head, where lines from other trees may enter beside what hangs below it. */
  headWidth: number
}

/** Where the spine of each stance runs, so that the first reason of the other stance moves nothing. */
const SPINE = { opposing: 8, supporting: 22 } as const
const GAP = 10
const UNDER = 16
const BETWEEN = 26
/** Where on a row its argument's node stands at most, so that it is met beside the first line. */
const KNOT = 24
/** Between a head and what stands beside it. */
const BESIDE = 20
/** So far above its boxes a line of each stance leads from a second column at the side. */
const OVER = { opposing: -7, supporting: -13 } as const
/** A column of reasons is about so tall before the next one begins. */
const TALL = 620
const ASPECT = 1.6

export interface TreeOptions {
  /** What hangs on the head stands below it, in a frame that has the head as its title, or at its right side in one column or two. */
  shape: 'below' | 'framed' | 'beside' | 'abreast'
  /** In which column a branch of the head stood before; kept, so that what is added moves nothing else. */
  columns: Map<string, number>
}

/** Reasons below one another on a spine for, and below them those against on another; O(boxes). */
export function layOutTree(root: Twig, sizes: Map<string, Sized>, options: TreeOptions): Tree {
  const head = sizes.get(root.box) as Sized
  const tree: Tree = { id: root.box, width: head.width, height: head.height, boxes: new Map(), dots: new Map(), trunks: [], strands: new Map(), headWidth: head.width }
  const { branches } = root
  const framed = options.shape === 'framed'
  if (options.shape === 'beside') return beside([branches])
  if (options.shape === 'abreast') return beside(inTwo(root.box, branches, sizes, options.columns))
  const margin = framed ? 8 : 0
  const columns = columnsOf(root.box, branches, sizes, options.columns)
  const bus = columns.length > 1 && !framed
  const stances = [...new Set(branches.map((branch) => branch.step.stance))]
  const top = head.height + UNDER + (bus ? 10 * stances.length : 0)
  const ends = new Map<Stance, { spine: number; steps: string[]; low: number }[]>()
  let x = margin
  for (const column of columns) {
    const [placed, own] = rows(column, x, top)
    for (const [stance, end] of own) ends.set(stance, [...(ends.get(stance) ?? []), end])
    x = Math.max(x + 10, placed.right) + BETWEEN
    tree.height = Math.max(tree.height, placed.bottom + (framed ? 12 : 0))
  }
  if (columns.length > 0) tree.width = Math.max(head.width, x - BETWEEN + margin)
  if (framed) tree.headWidth = tree.width
  tree.boxes = new Map([[root.box, { x: 0, y: 0, width: tree.headWidth, height: head.height }], ...tree.boxes])
  for (const [at, stance] of stances.entries()) close(stance, ends.get(stance) ?? [], head.height, bus ? at : null)
  return tree

  /** A few reasons at the right of the head, so that what leads to it from other trees is met close below. */
  function beside(side: Branch[][]): Tree {
    const start = head.width + BESIDE
    const spines = new Map<Stance, { spine: number; steps: string[]; low: number }[]>()
    let from = start
    for (const column of side) {
      const [placed, own] = rows(column, from, 0)
      for (const [stance, end] of own) spines.set(stance, [...(spines.get(stance) ?? []), end])
      tree.width = placed.right
      tree.height = Math.max(tree.height, placed.bottom)
      from = placed.right + GAP
    }
    tree.boxes = new Map([[root.box, { x: 0, y: 0, width: head.width, height: head.height }], ...tree.boxes])
    for (const [stance, all] of spines) {
      const joint = start + SPINE[stance]
      const level = Math.min(...all.map((one) => tree.dots.get(one.steps[0] ?? '')?.y ?? 0), head.height - (stance === 'opposing' ? 10 : 24))
      const into = [{ x: joint, y: level }, { x: head.width, y: level }]
      const lines: Stretch[] = [{ points: into, head: true }]
      for (const { spine, steps, low } of all) {
        // From the second column the way leads over the boxes of the first.
        const way = spine === joint ? [] : [{ x: spine, y: OVER[stance] }, { x: joint, y: OVER[stance] }]
        const [down] = [...way, ...into] as [Point]
        if (low > down.y) lines.push({ points: [{ x: spine, y: low }, { x: spine, y: down.y }], head: false })
        if (way.length > 0) lines.push({ points: [...way, { x: joint, y: level }], head: false })
        for (const id of steps) finish(id, [...way, ...into])
      }
      tree.trunks.push({ stance, steps: all.flatMap((one) => one.steps), lines })
    }
    return tree
  }

  /** Join the spines of all columns into one trunk that ends at the head. */
  function close(stance: Stance, spines: { spine: number; steps: string[]; low: number }[], bottom: number, lane: number | null): void {
    const steps = spines.flatMap((one) => one.steps)
    if (steps.length === 0) return
    const port = lane === null ? 0 : Math.min(tree.headWidth * (stance === 'supporting' ? 0.35 : 0.65), tree.headWidth - 12)
    const y = bottom + 18 + 10 * (lane ?? 0)
    const lines: Stretch[] = []
    const add = (reaches: boolean, ...points: Point[]): void => void lines.push({ points, head: reaches })
    const climb = (spine: number): Point[] => (lane === null ? [{ x: spine, y: bottom }] : [{ x: spine, y }, { x: port, y }, { x: port, y: bottom }])
    if (lane === null) for (const { spine, low } of spines) add(true, { x: spine, y: low }, { x: spine, y: bottom })
    else {
      // One line along the top with one way down to each column: dashes that lie on dashes would look solid.
      const xs = [port, ...spines.map((one) => one.spine)]
      for (const { spine, low } of spines) add(false, { x: spine, y: low }, { x: spine, y })
      add(false, { x: Math.min(...xs), y }, { x: Math.max(...xs), y })
      add(true, { x: port, y }, { x: port, y: bottom })
    }
    tree.trunks.push({ stance, steps, lines })
    for (const { spine, steps: ids } of spines) for (const id of ids) finish(id, climb(spine))
  }

  function finish(id: string, onward: Point[]): void {
    const strand = tree.strands.get(id) as Strand
    const dot = tree.dots.get(id) as Point
    strand.whole = [...strand.own, [dot, ...onward]]
  }

  type Ends = Map<Stance, { spine: number; steps: string[]; low: number }>
  /** Branches below one another; answers how far they reach and their spines. */
  function rows(list: Branch[], left: number, from: number): [{ right: number; bottom: number }, Ends] {
    const found: Ends = new Map()
    let y = from
    let right = left
    for (const branch of list) {
      const { stance } = branch.step
      // The spine of what is against it runs outside of the other one, so that no line crosses another.
      const spine = left + SPINE[stance]
      const start = left + INDENT
      const dot = { x: spine, y: y + Math.min(heightOf(branch.twigs[0], sizes) / 2, KNOT) }
      const done = branchAt(branch, dot, start, y)
      right = Math.max(right, done.right)
      y = done.bottom + GAP
      const end = found.get(stance) ?? { spine, steps: [], low: 0 }
      end.steps.push(branch.step.id)
      end.low = dot.y
      found.set(stance, end)
    }
    return [{ right, bottom: list.length === 0 ? from : y - GAP }, found]
  }

  /** The premises of one argument below one another, joined at its node, with what challenges it below them. */
  function branchAt(branch: Branch, dot: Point, start: number, from: number): { right: number; bottom: number } {
    const own: Point[][] = []
    let y = from
    let right = start
    for (const [at, twig] of branch.twigs.entries()) {
      const row = y + Math.min(heightOf(twig, sizes) / 2, KNOT)
      own.push(at === 0 ? [{ x: start, y: row }, dot] : [{ x: start, y: row }, { x: dot.x + 9, y: row }, { x: dot.x + 9, y: dot.y }, dot])
      const placed = twigAt(twig, start, y)
      right = Math.max(right, placed.right)
      y = placed.bottom + GAP
    }
    tree.dots.set(branch.step.id, dot)
    tree.strands.set(branch.step.id, { step: branch.step.id, own, whole: own, head: false })
    for (const undercut of branch.undercuts) {
      const knot = { x: dot.x + 14, y: y + Math.min(heightOf(undercut.twigs[0], sizes) / 2, KNOT) }
      const placed = branchAt(undercut, knot, start + 12, y)
      const strand = tree.strands.get(undercut.step.id) as Strand
      strand.own = [...strand.own, [knot, { x: knot.x, y: dot.y + 14 }, { x: dot.x + 7, y: dot.y + 8 }]]
      strand.whole = strand.own
      strand.head = true
      right = Math.max(right, placed.right)
      y = placed.bottom + GAP
    }
    return { right, bottom: y - GAP }
  }

  function twigAt(twig: Twig, left: number, y: number): { right: number; bottom: number } {
    const size = sizes.get(twig.box) as Sized
    tree.boxes.set(twig.box, { x: left, y, width: size.width, height: size.height })
    const list = twig.branches
    if (list.length === 0) return { right: left + size.width, bottom: y + size.height }
    const [placed, spines] = rows(list, left, y + size.height + UNDER - 4)
    for (const [stance, end] of spines) close(stance, [end], y + size.height, null)
    return { right: Math.max(placed.right, left + size.width), bottom: placed.bottom }
  }
}

function heightOf(twig: Twig | undefined, sizes: Map<string, Sized>): number {
  return sizes.get(twig?.box ?? '')?.height ?? 0
}

/** Deal the branches of a head out to columns of about one height; few stand in one column. */
function columnsOf(head: string, branches: Branch[], sizes: Map<string, Sized>, known: Map<string, number>): Branch[][] {
  const heights = new Map(branches.map((branch) => [branch, branchHeight(branch, sizes)]))
  const all = [...heights.values()].reduce((sum, one) => sum + one, 0)
  const width = (sizes.get(branches[0]?.twigs[0]?.box ?? '')?.width ?? 0) + INDENT + BETWEEN
  const tall = Math.max(TALL, Math.sqrt((all * width) / ASPECT))
  const columns: Branch[][] = []
  const filled: number[] = []
  const name = (branch: Branch): string => `${head}<${branch.step.id}`
  for (const branch of branches) {
    const height = heights.get(branch) ?? 0
    let at = known.get(name(branch)) ?? Math.max(0, columns.length - 1)
    // Twice the height that was meant is too much; the columns are then dealt out anew from here.
    while ((filled[at] ?? 0) > 0 && (filled[at] ?? 0) + height > (known.has(name(branch)) ? 2 * tall : tall)) at += 1
    known.set(name(branch), at)
    for (let one = columns.length; one <= at; one += 1) columns.push([])
    columns[at]?.push(branch)
    filled[at] = (filled[at] ?? 0) + height + GAP
  }
  return columns.filter((column) => column.length > 0)
}

/** The first two side by side, each further one under the lower of them, and what stood somewhere stays there. */
function inTwo(head: string, branches: Branch[], sizes: Map<string, Sized>, known: Map<string, number>): Branch[][] {
  const columns: [Branch[], Branch[]] = [[], []]
  const filled = [0, 0]
  for (const branch of branches) {
    const name = `${head}|${branch.step.id}`
    const at = known.get(name) ?? ((filled[1] ?? 0) < (filled[0] ?? 0) ? 1 : 0)
    known.set(name, at)
    columns[at === 1 ? 1 : 0].push(branch)
    filled[at] = (filled[at] ?? 0) + branchHeight(branch, sizes)
  }
  return columns.filter((column) => column.length > 0)
}

function branchHeight(branch: Branch, sizes: Map<string, Sized>): number {
  let height = 0
  const queue: Branch[] = [branch]
  for (let one = queue.pop(); one; one = queue.pop()) {
    for (const twig of one.twigs) {
      height += heightOf(twig, sizes) + GAP + (twig.branches.length > 0 ? UNDER - 4 : 0)
      queue.push(...twig.branches)
    }
    queue.push(...one.undercuts)
  }
  return height
}
