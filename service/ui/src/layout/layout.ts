import type { Drawn } from '../graph/drawn'
import type { Model } from '../graph/model'
import { homes, theses } from '../graph/roots'
import { comb, combHead } from './comb'
import { hang } from './hang'
import { layOut } from './elk'
import { INSET, type LaidOut } from './laid'
import { FONTS, measureOf } from './measure'
import { place, type Placed } from './place'
import { below, coveredBy, pack, partsOf } from './parts'
import { plan, type Level } from './plan'
import { sized, type Sized } from './sizes'

export interface Progress {
  done: number
  all: number
}

/** Lay out what is drawn; answers null when a newer layout was asked for meanwhile. */
export async function layout(
  model: Model,
  drawn: Drawn,
  stale: () => boolean,
  progress: (value: Progress) => void,
): Promise<Placed | null> {
  const sizes = await sizesOf(model, drawn)
  const parts = plan(model, drawn, sizes, homes(model))
  const laid = new Map<string, LaidOut>()
  let all = parts.inner.length + 1
  let done = 0
  for (const level of parts.inner) {
    if (stale()) return null
    progress({ done, all })
    const head = combHead(level)
    laid.set(level.id, head ? comb(level, head, sizes) : await layOutMotive(level, sizes, laid))
    done += 1
  }
  const { level, room, unhang } = hang(parts.outer, laid)
  // The part with the most in it is the map; what stands alone goes beside or below it.
  const outer = partsOf(level).sort((a, b) => weight(b) - weight(a))
  all = parts.inner.length + outer.length
  const pieces: LaidOut[] = []
  for (const part of outer) {
    if (stale()) return null
    progress({ done, all })
    const head = combHead(part)
    pieces.push(alone(part, sizes, room) ?? (head ? comb(part, head, sizes) : await layOut(part, sizes, room)))
    done += 1
  }
  const [main] = pieces
  const stacks = new Map((outer[0]?.stacks ?? []).map((stack) => [stack.id, stack]))
  const covered = main && main.at.size < 400 ? coveredBy(main, (id) => stacks.get(id) ?? room.get(id) ?? sizes.get(id)) : []
  const whole = pack(pieces, ASPECT, covered)
  unhang(whole)
  laid.set('', whole)
  return stale() ? null : place(model, parts, sizes, laid)
}

/** The part with the motive's own claim on top; what no line joins to it stands below. */
async function layOutMotive(level: Level, sizes: Map<string, Sized>, laid: Map<string, LaidOut>): Promise<LaidOut> {
  const parts = partsOf(level)
  const first = parts.find((part) => part.boxes.includes(level.id))
  if (!first) return layOut(level, sizes, laid)
  const main = combHead(first) ? comb(first, level.id, sizes) : await layOut(first, sizes, laid)
  const others: LaidOut[] = []
  for (const part of parts) {
    const free = { ...part, id: '' }
    if (part !== first) others.push(alone(free, sizes, laid) ?? (await layOut(free, sizes, laid)))
  }
  return others.length === 0 ? main : below(main, pack(others.sort((a, b) => b.width - a.width), 1), INSET)
}

/** About the shape of the room that a screen leaves for the map. */
const ASPECT = 1.7

/** A part of one piece needs no layout. */
function alone(part: Level, sizes: Map<string, Sized>, groups: Map<string, LaidOut>): LaidOut | null {
  const [id, ...more] = [...part.boxes, ...part.groups]
  if (id === undefined || more.length > 0 || part.steps.length > 0 || part.stacks.length > 0) return null
  const { width = 0, height = 0 } = groups.get(id) ?? sizes.get(id) ?? {}
  return { width, height, at: new Map([[id, { x: 0, y: 0 }]]), lines: [] }
}

/** Measuring is done in turns, so that thousands of texts do not hold up the page. */
async function sizesOf(model: Model, drawn: Drawn): Promise<Map<string, Sized>> {
  const top = new Set(theses(model))
  const measures = {
    statement: measureOf(FONTS.statement),
    thesis: measureOf(FONTS.thesis),
    motive: measureOf(FONTS.motive),
    claim: measureOf(FONTS.claim),
  }
  const sizes = new Map<string, Sized>()
  let turn = performance.now()
  for (const id of drawn.boxes) {
    const box = model.boxes.get(id)
    if (box) sizes.set(id, sized(model, box, top.has(id), measures))
    if (performance.now() - turn > 12) {
      await new Promise((done) => setTimeout(done))
      turn = performance.now()
    }
  }
  return sizes
}

function weight(part: Level): number {
  return part.boxes.length + part.groups.length + part.steps.length + part.stacks.length
}
