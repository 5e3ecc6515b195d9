import { boxOfStep, counts, type Counts, type Model, type Step } from './model'
import { motives, theses } from './roots'

/** What of a map is on the screen: the rest is folded behind the counts of what it bears on. */
export interface Drawn {
  boxes: Set<string>
  steps: Set<string>
  /** Boxes of which nothing that was loaded is folded. */
  open: Set<string>
  /** For each drawn box the arguments for and against it that are not drawn. */
  hidden: Map<string, Counts>
}

export interface Folds {
  /** Boxes that the reader folded or unfolded against the choice of the page. */
  toggled: readonly string[]
  unfolded: boolean
  /** Nodes that must be seen whatever is folded: the selection, a path, what was just written. */
  keep: readonly string[]
}

/** So many boxes are legible at first sight; what would exceed it starts folded. */
const FIRST_SIGHT = 56
/** So many objections to one thesis or motive are shown before the rest folds. */
const OBJECTIONS = 12
/** So many reasons of one box are shown unasked. */
const REASONS = 8

/** Choose what is drawn; `order` names theses and motives in the order in which they may claim room. O(nodes + arguments). */
export function drawn(model: Model, folds: Folds, order: readonly string[] = heads(model), room = FIRST_SIGHT): Drawn {
  const shown = new Shown(model, folds, order, room)
  if (folds.unfolded) shown.everything()
  else shown.firstSight()
  for (const id of folds.toggled) shown.toggle(id)
  for (const id of folds.keep) shown.reveal(id)
  return shown.result()
}

/** Theses and motives, the boxes that are always drawn. */
export function heads(model: Model): string[] {
  const top = theses(model)
  return [...top, ...motives(model).filter((id) => !top.includes(id))]
}

class Shown {
  readonly #boxes = new Set<string>()
  readonly #steps = new Set<string>()
  readonly #heads: Set<string>

  constructor(
    readonly model: Model,
    readonly folds: Folds,
    readonly order: readonly string[],
    readonly room: number,
  ) {
    this.#heads = new Set(order)
    for (const id of [...order, ...strays(model, order)]) if (model.boxes.has(id)) this.#boxes.add(id)
  }

  everything(): void {
    for (const id of this.model.boxes.keys()) this.#boxes.add(id)
    for (const id of this.model.steps.keys()) this.#steps.add(id)
  }

  /** Objections to theses and motives first, then reasons for motives, then further objections as far as there is room. */
  firstSight(): void {
    const tops = [...this.#boxes]
    const named = motives(this.model)
    for (const id of tops) this.#unfold(id, 'opposing', OBJECTIONS, Number.POSITIVE_INFINITY)
    const reasoned = named.length > 0 ? this.order.filter((id) => named.includes(id)) : tops
    for (const id of reasoned) this.#unfold(id, 'supporting', REASONS, this.room)
    // A thesis that motives bear on shows those at first; the statements beside them would crowd them out.
    if (named.length === 0) return this.#rings()
    for (const id of reasoned) {
      for (const step of this.model.into.get(id) ?? []) for (const one of step.premises) if (this.#boxes.has(one)) this.#unfold(one, 'opposing', OBJECTIONS, this.room)
    }
  }

  /** A map without motives is unfolded ring by ring: there the first reasons may be nearly nothing. */
  #rings(): void {
    let ring = [...this.#boxes]
    while (ring.length > 0 && this.#boxes.size < this.room) {
      const before = new Set(this.#boxes)
      for (const stance of ['opposing', 'supporting'] as const) for (const id of ring) this.#unfold(id, stance, REASONS, this.room, true)
      ring = [...this.#boxes].filter((id) => !before.has(id))
    }
  }

  /** Draw up to `most` arguments of one stance at a box, with what challenges their inference, if they fit in the room. */
  #unfold(id: string, stance: Step['stance'], most: number, room: number, whole = false): void {
    const fresh: Step[] = []
    let size = this.#boxes.size
    for (const step of this.model.into.get(id) ?? []) {
      if (step.stance !== stance || this.#steps.has(step.id)) continue
      const more = step.premises.filter((one) => !this.#boxes.has(one)).length
      if (size + more > room || fresh.length >= most) {
        if (whole) return
        break
      }
      size += more
      fresh.push(step)
    }
    for (const step of fresh) this.#draw(step)
    if (this.#heads.has(id)) {
      for (const step of this.model.into.get(id) ?? []) {
        for (const undercut of this.model.into.get(step.id) ?? []) if (this.#steps.has(step.id) && this.#boxes.size < room) this.#draw(undercut)
      }
    }
  }

  toggle(id: string): void {
    if (!this.model.boxes.has(id)) return
    const into = bearing(this.model, id)
    if (into.some((step) => !this.#steps.has(step.id))) {
      this.#boxes.add(id)
      for (const step of into) this.#draw(step)
    } else this.#fold(id)
  }

  /** Fold a box: what is drawn for its sake alone goes with it. */
  #fold(id: string): void {
    for (const step of bearing(this.model, id)) {
      // How theses and motives hang together is always seen.
      if (!step.premises.every((one) => this.#heads.has(one))) this.#steps.delete(step.id)
    }
    this.#drop()
  }

  /** Take away what no drawn argument leads on from to a head. */
  #drop(): void {
    if (this.folds.unfolded) return
    const kept = new Set([...this.#boxes].filter((id) => this.#heads.has(id) || !this.model.outOf.has(id)))
    const queue = [...kept]
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      for (const step of bearing(this.model, id)) {
        if (!this.#steps.has(step.id)) continue
        for (const one of step.premises) {
          if (!kept.has(one) && this.#boxes.has(one)) {
            kept.add(one)
            queue.push(one)
          }
        }
      }
    }
    for (const id of this.#boxes) if (!kept.has(id)) this.#boxes.delete(id)
  }

  #draw(step: Step): void {
    this.#steps.add(step.id)
    for (const id of step.premises) this.#boxes.add(id)
  }

  /** Draw a node with the shortest chain that leads from it to something drawn. */
  reveal(id: string): void {
    const step = this.model.steps.get(id)
    const target = step ? boxOfStep(this.model, step) : null
    const starts = step ? [...step.premises, ...(target === null ? [] : [target])] : [id]
    for (const start of starts) this.#chain(start)
    for (let one = step; one; one = this.model.steps.get(one.target)) this.#draw(one)
  }

  #chain(start: string): void {
    if (!this.model.boxes.has(start) || this.#boxes.has(start)) return
    const came = new Map<string, { box: string; step: Step } | null>([[start, null]])
    const queue = [start]
    for (const box of queue) {
      if (this.#boxes.has(box)) {
        for (let at = came.get(box); at; at = came.get(at.box)) this.#drawWithTarget(at.step)
        return
      }
      for (const step of this.model.outOf.get(box) ?? []) {
        const next = boxOfStep(this.model, step)
        if (next !== null && !came.has(next)) {
          came.set(next, { box, step })
          queue.push(next)
        }
      }
    }
    this.#boxes.add(start)
  }

  /** An undercut is seen with the argument that it challenges. */
  #drawWithTarget(step: Step): void {
    for (let one: Step | undefined = step; one; one = this.model.steps.get(one.target)) {
      this.#draw(one)
      if (this.model.boxes.has(one.target)) this.#boxes.add(one.target)
    }
  }

  result(): Drawn {
    const { model } = this
    for (const step of model.steps.values()) {
      const box = boxOfStep(model, step)
      const ends = box !== null && this.#boxes.has(box) && step.premises.every((id) => this.#boxes.has(id))
      if (!ends) this.#steps.delete(step.id)
      // How theses and motives hang together is always seen.
      else if (step.premises.every((id) => this.#heads.has(id)) && this.#heads.has(box)) this.#steps.add(step.id)
    }
    for (const id of this.#steps) {
      const target = model.steps.get(id)?.target ?? ''
      if (!model.boxes.has(target) && !this.#steps.has(target)) this.#steps.delete(id)
    }
    const hidden = new Map<string, Counts>()
    const open = new Set<string>()
    for (const id of this.#boxes) {
      const rest = left(model, id, this.#steps)
      if (rest.supporting + rest.opposing > 0) hidden.set(id, rest)
      if (bearing(model, id).every((step) => this.#steps.has(step.id))) open.add(id)
    }
    return { boxes: this.#boxes, steps: this.#steps, open, hidden }
  }
}

/** How many arguments for and against a box are not drawn. */
function left(model: Model, id: string, steps: ReadonlySet<string>): Counts {
  const { supporting, opposing } = counts(model, id)
  const seen = { supporting: 0, opposing: 0 }
  for (const step of model.into.get(id) ?? []) if (steps.has(step.id)) seen[step.stance] += 1
  return { supporting: supporting - seen.supporting, opposing: opposing - seen.opposing }
}

/** The arguments at a box, with those that challenge these arguments. */
function bearing(model: Model, id: string): Step[] {
  const found = [...(model.into.get(id) ?? [])]
  const seen = new Set(found)
  for (const step of found) {
    for (const undercut of model.into.get(step.id) ?? []) {
      if (!seen.has(undercut)) {
        seen.add(undercut)
        found.push(undercut)
      }
    }
  }
  return found
}

/** Boxes that lead to no thesis and no motive would never be met: the ends of their own chains are drawn. */
function strays(model: Model, top: readonly string[]): string[] {
  const met = new Set(top)
  const queue = [...top]
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const step of bearing(model, id)) {
      for (const premise of step.premises) {
        if (!met.has(premise)) {
          met.add(premise)
          queue.push(premise)
        }
      }
    }
  }
  const stray = [...model.boxes.keys()].filter((id) => !met.has(id))
  const ends = stray.filter((id) => !model.outOf.has(id))
  return top.length === 0 && ends.length === 0 ? stray.slice(0, FIRST_SIGHT) : ends.slice(0, FIRST_SIGHT)
}
