import { describe, expect, it } from 'vitest'
import { drawn, heads } from '../graph/folds'
import { linksOf, type Box, type Model, type Step } from '../graph/model'
import { forestOf } from './forest'
import { layOut, Memory, type Placed } from './layout'
import type { Sized } from './sizes'

type Said = [premises: string, target: string, stance?: 'opposing']

/** A map from lines: `a b>c` are premises and target; names in capitals are motives, `t…` theses. */
function mapOf(said: Said[], loose: string[] = []): Model {
  const steps = new Map<string, Step>()
  const boxes = new Map<string, Box>()
  for (const [at, [from, target, stance = 'supporting' as const]] of said.entries()) {
    const id = `a${at}`
    steps.set(id, { id, premises: from.split(' '), target, stance, confidence: 'high', inferred: false, scheme: null, text: null })
  }
  const names = [...said.flatMap(([from, target]) => [...from.split(' '), target]), ...loose].filter((id) => !steps.has(id))
  for (const id of names) {
    const motive = /^[A-Z]/.test(id)
    boxes.set(id, { id, kind: motive ? 'motive' : 'statement', text: id, title: motive ? id : null, constructed: id.startsWith('t'), concerns: [], all: null })
  }
  return { boxes, steps, ...linksOf(steps.values()), stubs: new Map(), complete: true, reason: null, total: boxes.size + steps.size }
}

const look = (box: Box): Sized['look'] => (box.kind === 'motive' ? 'motive' : box.constructed ? 'thesis' : 'statement')

function sizesOf(model: Model, tall: Record<string, number> = {}): Map<string, Sized> {
  return new Map([...model.boxes.values()].map((box): [string, Sized] => [box.id, { id: box.id, look: look(box), title: [], lines: [box.text], width: look(box) === 'thesis' ? 290 : 190, height: tall[box.id] ?? 50, foot: false }]))
}

function place(model: Model, memory = new Memory(), width = 1100, tall: Record<string, number> = {}): Placed {
  const all = drawn(model, { toggled: [], unfolded: true, keep: [] })
  return layOut({ model, drawn: all, sizes: sizesOf(model, tall), heads: heads(model), width }, memory)
}

/** Points of a path of straight lines with rounded corners, piece by piece. */
function pieces(d: string): { x: number; y: number }[][] {
  return d
    .split('M')
    .filter(Boolean)
    .map((part) => [...`M${part}`.matchAll(/[MLQ](-?[\d.]+) (-?[\d.]+)(?: (-?[\d.]+) (-?[\d.]+))?/g)].map(([, x, y, x2, y2]) => ({ x: Number(x2 ?? x), y: Number(y2 ?? y) })))
}

function overlaps(placed: Placed): string[] {
  const boxes = [...placed.boxes.values()]
  const found: string[] = []
  for (const [at, a] of boxes.entries()) {
    for (const b of boxes.slice(at + 1)) {
      if (a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height) found.push(`${a.id} ${b.id}`)
    }
  }
  return found
}

/** Arguments whose line ends elsewhere than at their target's border. */
function astray(model: Model, placed: Placed): string[] {
  const near = (step: Step, end: { x: number; y: number }): boolean => {
    const dot = placed.dots.get(step.target)
    if (dot) return Math.hypot(dot.x - end.x, dot.y - end.y) < 14
    const box = placed.boxes.get(step.target)
    if (!box) return false
    const [dx, dy] = [Math.max(box.x - end.x, end.x - box.x - box.width, 0), Math.max(box.y - end.y, end.y - box.y - box.height, 0)]
    return dx + dy < 0.6
  }
  const lost: string[] = []
  for (const trunk of placed.trunks) {
    for (const head of trunk.heads) {
      const end = pieces(head).at(-1)?.at(-1)
      for (const id of trunk.steps) if (!end || !near(model.steps.get(id) as Step, end)) lost.push(`trunk of ${id}`)
    }
  }
  for (const line of placed.lines) {
    const whole = line.whole ?? (line.head && !line.far ? line.d : null)
    const end = whole === null ? null : pieces(whole).at(-1)?.at(-1)
    if (end && !near(line.step, end)) lost.push(line.step.id)
  }
  return lost
}

const seed = mapOf([
  ['t-near', 't-main'],
  ['t-long', 't-main'],
  ['t-cost', 't-long', 'opposing'],
  ['t-cost', 't-main', 'opposing'],
  ['Food', 't-near'],
  ['Finance', 't-near'],
  ['Fire', 't-main'],
  ['Space', 't-main'],
  ['Pact', 't-main'],
  ['Lever', 'Lasting'],
  ['Lasting', 't-long'],
  ['rice', 'Food'],
  ['harvest weather', 'rice'],
  ['doubt', 'a11', 'opposing'],
  ['bill', 't-cost'],
  ['shells', 'Fire'],
  ['shells', 'Finance'],
  ['bluff', 'Pact', 'opposing'],
])

describe('a map of theses and motives', () => {
  const placed = place(seed)
  const y = (id: string): number => placed.boxes.get(id)?.y ?? 0

  it('has every box and every argument once, none over another', () => {
    expect(placed.boxes.size).toBe(seed.boxes.size)
    expect(placed.dots.size).toBe(seed.steps.size)
    expect(overlaps(placed)).toEqual([])
  })
  it('leads every line to its target', () => expect(astray(seed, placed)).toEqual([]))
  it('stands theses above what bears on them, and motives below theses', () => {
    expect(y('t-main')).toBeLessThan(y('t-near'))
    expect(y('t-long')).toBeLessThan(y('t-cost'))
    for (const motive of ['Food', 'Finance', 'Fire', 'Space', 'Pact']) expect(y(motive)).toBeGreaterThan(y('t-cost'))
    expect(y('Lever')).toBeGreaterThan(y('Lasting'))
  })
  it('puts a statement into the frame of the motive that it bears on', () => {
    const frame = placed.frames.find((one) => one.id === 'Food')
    for (const id of ['rice', 'harvest', 'weather', 'doubt']) {
      const box = placed.boxes.get(id)
      expect(frame && box && box.x > frame.x && box.x + box.width < frame.x + frame.width && box.y + box.height < frame.y + frame.height).toBe(true)
    }
  })
  it('keeps the motives in the order given', () => {
    const row = ['Food', 'Finance', 'Fire'].map((id) => placed.boxes.get(id)?.x ?? 0)
    expect(row).toEqual([...row].sort((a, b) => a - b))
  })
  it('keeps inside of its own size', () => {
    for (const one of placed.boxes.values()) {
      expect(one.x).toBeGreaterThanOrEqual(0)
      expect(one.x + one.width).toBeLessThanOrEqual(placed.width)
      expect(one.y + one.height).toBeLessThanOrEqual(placed.height)
    }
    for (const trunk of placed.trunks) expect(trunk.from.x).toBeGreaterThanOrEqual(0)
  })
  it('is no wider than the room, where more than one box stands in a row', () => {
    expect(place(seed, new Memory(), 500).width).toBeLessThan(700)
  })
})

describe('more theses than a row has room for', () => {
  const said = ['t-a', 't-b', 't-c', 't-d', 't-e'].map((id): Said => [id, 't-main'])
  const model = mapOf([...said, ['t-a t-joint', 't-main'], ['Food', 't-main'], ['doubt', 't-main', 'opposing']])
  const placed = place(model, new Memory(), 700)

  it('wrap into the room, and every line reaches its target', () => {
    expect(placed.width).toBeLessThan(700 + 76)
    expect(overlaps(placed)).toEqual([])
    expect(astray(model, placed)).toEqual([])
  })
  it('stand below what they lead to, with others too', () => expect(placed.boxes.get('t-joint')?.y).toBeGreaterThan(placed.boxes.get('t-main')?.y ?? 0))
  it('have their reasons below them where there is no room beside them', () => {
    const narrow = place(model, new Memory(), 379)
    expect(narrow.boxes.get('doubt')?.y).toBeGreaterThan(narrow.boxes.get('t-main')?.y ?? 0)
    expect(narrow.width).toBeLessThan(379 + 76)
  })
})

describe('two thousand reasons at one thesis', () => {
  const said = Array.from({ length: 2000 }, (_, at): Said => (at % 2 === 0 ? [`p${at}`, 't'] : [`p${at}`, 't', 'opposing']))
  const model = mapOf(said)
  const placed = place(model)

  it('stand in columns of about the shape of a screen', () => {
    expect(placed.boxes.size).toBe(2001)
    expect(placed.width / placed.height).toBeGreaterThan(0.8)
    expect(placed.width / placed.height).toBeLessThan(3)
  })
  it('all reach the thesis', () => expect(astray(model, placed)).toEqual([]))
  it('share one trunk for each stance, no piece of which lies on another', () => {
    expect(placed.trunks.map((trunk) => trunk.steps.length)).toEqual([1000, 1000])
    for (const trunk of placed.trunks) expect(lying([...pieces(trunk.body), ...trunk.heads.flatMap(pieces)])).toEqual([])
  })
})

it.each([1, 9, 15, 16, 40])('%i reasons for and against a thesis all reach it', (n) => {
  const said = Array.from({ length: n }, (_, at): Said[] => [[`f${at}`, 't'], [`o${at}`, 't', 'opposing']]).flat()
  const model = mapOf(said)
  const placed = place(model)
  expect(astray(model, placed)).toEqual([])
  expect(overlaps(placed)).toEqual([])
  for (const trunk of placed.trunks) expect(lying([...pieces(trunk.body), ...trunk.heads.flatMap(pieces)])).toEqual([])
})

it('draws what leads in a circle, and what attacks itself', () => {
  const model = mapOf([['p', 'q'], ['q', 'p'], ['s', 's', 'opposing']])
  const placed = place(model)
  expect([placed.boxes.size, placed.dots.size]).toEqual([3, 3])
})

it('leads a chain of many arguments', () => {
  const model = mapOf(Array.from({ length: 700 }, (_, at): Said => [`p${at + 1}`, at === 0 ? 't' : `p${at}`]))
  expect(place(model).boxes.size).toBe(701)
})

describe('what is added', () => {
  const memory = new Memory()
  const before = place(seed, memory)
  const more = mapOf([...lines(seed), ['oats', 'Food']])
  const after = place(more, memory)

  it('comes last on its spine and moves nothing but what stands below it', () => {
    const [frame] = before.frames.filter((one) => one.id === 'Food')
    const moved = [...before.boxes.keys()].filter((id) => {
      const [a, b] = [before.boxes.get(id), after.boxes.get(id)]
      return a?.x !== b?.x || a?.y !== b?.y
    })
    for (const id of moved) expect(before.boxes.get(id)?.y ?? 0).toBeGreaterThan((frame?.y ?? 0) + (frame?.height ?? 0))
    expect(after.boxes.get('oats')?.y).toBeGreaterThan(after.boxes.get('rice')?.y ?? 0)
  })
  it('is a motive that stands beside the others', () => {
    const place2 = place(mapOf([...lines(seed), ['oats', 'Food'], ['Fame', 't-main']]), memory)
    expect(overlaps(place2)).toEqual([])
    expect(place2.boxes.get('Fame')?.y).toBeGreaterThan(place2.boxes.get('t-cost')?.y ?? 0)
    expect(astray(mapOf([...lines(seed), ['oats', 'Food'], ['Fame', 't-main']]), place2)).toEqual([])
  })
  it('leaves the same question its answer', () => {
    expect(place(more, memory)).toEqual(place(more, memory))
  })
})

/** How often the arguments at a node are asked for. */
function visits(n: number): number {
  const model = mapOf(Array.from({ length: n }, (_, at): Said => [`p${at}`, at % 7 === 0 ? 't' : `p${at - (at % 7)}`]))
  let count = 0
  const into = model.into
  const counted = { ...model, into: new Proxy(into, { get: (target, name) => (name === 'get' ? (id: string) => ((count += 1), target.get(id)) : Reflect.get(target, name)) }) }
  forestOf(counted, drawn(model, { toggled: [], unfolded: true, keep: [] }), ['t'])
  return count
}

it('counts its work: four times the reasons are four times the visits', () => {
  expect(visits(800)).toBeLessThan(4.5 * visits(200))
})

function lines(model: Model): Said[] {
  return [...model.steps.values()].map((step): Said => (step.stance === 'opposing' ? [step.premises.join(' '), step.target, 'opposing'] : [step.premises.join(' '), step.target]))
}

/** Pieces of a line that lie on one another for more than a corner. */
function lying(all: { x: number; y: number }[][]): string[] {
  const straight = all.flatMap((points) => points.slice(1).map((to, at) => ({ from: points[at] as { x: number; y: number }, to })))
  const vertical = new Map<number, [number, number][]>()
  for (const { from, to } of straight) if (Math.abs(from.x - to.x) < 0.2) vertical.set(from.x, [...(vertical.get(from.x) ?? []), [Math.min(from.y, to.y), Math.max(from.y, to.y)]])
  const found: string[] = []
  for (const [x, spans] of vertical) {
    const sorted = spans.sort((a, b) => a[0] - b[0])
    for (const [at, span] of sorted.slice(1).entries()) if (span[0] < (sorted[at]?.[1] ?? 0) - 1) found.push(`x ${x}`)
  }
  return found
}
