import type { Step } from '../graph/model'
import { DOT, type LaidOut } from './laid'
import type { Level } from './plan'

/** A motive that bears on nothing but another motive: its box hangs below that one instead of standing beside it. */
interface Hanging {
  step: Step
  from: string
  to: string
}

const GAP = 2 * DOT + 14

/** Take hanging motives out of a level; `room` is what each box needs together with what hangs on it. */
export function hang(level: Level, laid: Map<string, LaidOut>): { level: Level; room: Map<string, LaidOut>; unhang: (at: LaidOut) => void } {
  const hanging = hangings(level)
  const gone = new Set(hanging.map((one) => one.from))
  const steps = new Set(hanging.map((one) => one.step))
  const room = new Map(laid)
  // From the end of each chain upwards, so that a box knows its whole height before it hangs itself.
  for (const { from, to } of hanging) {
    const [above, below] = [room.get(to), room.get(from)]
    if (above && below) {
      room.set(to, { ...above, width: Math.max(above.width, below.width), height: above.height + GAP + below.height })
    }
  }
  const rest = {
    ...level,
    groups: level.groups.filter((id) => !gone.has(id)),
    steps: level.steps.filter((step) => !steps.has(step)),
  }
  return { level: rest, room, unhang }

  function unhang(whole: LaidOut): void {
    for (const { step, from, to } of hanging.toReversed()) {
      const at = whole.at.get(to)
      const own = laid.get(to)
      if (!at || !own) continue
      const y = at.y + own.height
      const x = at.x + own.width / 2
      whole.at.set(from, { x: at.x, y: y + GAP })
      whole.at.set(`@${step.id}`, { x, y: y + GAP / 2 + 2 })
      whole.lines.push({ step: step.id, head: false, points: [{ x, y: y + GAP }, { x, y: y + GAP / 2 }] })
      whole.lines.push({ step: step.id, head: true, points: [{ x, y: y + GAP / 2 }, { x, y }] })
    }
  }
}

function hangings(level: Level): Hanging[] {
  const groups = new Set(level.groups)
  const touching = new Map<string, Step[]>()
  for (const step of level.steps) {
    for (const id of new Set([...step.premises, step.target])) touching.set(id, [...(touching.get(id) ?? []), step])
  }
  const found: Hanging[] = []
  const taken = new Set<string>()
  for (const step of level.steps) {
    const [from = '', ...more] = step.premises
    const free = more.length === 0 && groups.has(from) && groups.has(step.target) && !touching.has(step.id)
    // One to a box, and only the end of a chain: a longer one is laid out like everything else.
    if (free && touching.get(from)?.length === 1 && !taken.has(step.target)) {
      taken.add(step.target)
      found.push({ step, from, to: step.target })
    }
  }
  return found
}
