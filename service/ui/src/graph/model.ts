import { messages } from '../messages/messages'
import type { Confidence, GraphAnswer, GraphNode, Stance } from '../api/shapes'

/** A statement or a motive: what has words and can be for or against. */
export interface Box {
  id: string
  kind: 'statement' | 'motive'
  text: string
  title: string | null
  constructed: boolean
  concerns: string[]
  /** How many arguments the whole view has for and against it, loaded or not; null of one that is only being written. */
  all: Counts | null
}

export interface Counts {
  supporting: number
  opposing: number
}

/** An argument: one step of reasoning from its premises to its target. */
export interface Step {
  id: string
  premises: string[]
  target: string
  stance: Stance
  confidence: Confidence
  inferred: boolean
  scheme: string | null
  text: string | null
}

/** How many links of a node the service left out of a cut answer. */
export interface Stub {
  into: number
  outOf: number
}

/** The map as it is drawn: boxes, steps, and which steps end and start where. */
export interface Model {
  boxes: Map<string, Box>
  steps: Map<string, Step>
  into: Map<string, Step[]>
  outOf: Map<string, Step[]>
  stubs: Map<string, Stub>
  complete: boolean
  reason: string | null
  total: number
}

export function modelOf(answer: GraphAnswer): Model {
  const boxes = new Map<string, Box>()
  const steps = new Map<string, Step>()
  const ends = endsOf(answer)
  for (const node of answer.nodes) {
    if (node.kind === 'argument') steps.set(node.id, stepOf(node, ends))
    else if (node.kind === 'statement' || node.kind === 'motive') boxes.set(node.id, boxOf(node, ends))
  }
  for (const step of steps.values()) {
    // A cut may leave a step without an end; it is then no step that could be drawn.
    step.premises = step.premises.filter((id) => boxes.has(id))
    if (step.premises.length === 0 || !(boxes.has(step.target) || steps.has(step.target))) steps.delete(step.id)
  }
  return {
    boxes,
    steps,
    ...linksOf(steps.values()),
    stubs: stubsOf(answer),
    complete: answer.graph.complete,
    reason: answer.graph.reason ?? null,
    total: answer.graph.total_nodes,
  }
}

/** The same map with the steps of one stance only; what then bears on nothing and had nothing else goes too. */
export function ofStance(model: Model, stance: Stance | null): Model {
  if (stance === null) return model
  const steps = new Map([...model.steps].filter(([, step]) => step.stance === stance))
  for (const step of steps.values()) {
    if (!model.boxes.has(step.target) && !steps.has(step.target)) steps.delete(step.id)
  }
  const used = new Set([...steps.values()].flatMap((step) => [...step.premises, step.target]))
  const kept = [...model.boxes].filter(([id, box]) => used.has(id) || box.kind === 'motive')
  const boxes = new Map(kept.map(([id, box]) => [id, { ...box, all: box.all && { supporting: 0, opposing: 0, [stance]: box.all[stance] } }]))
  return { ...model, boxes, steps, ...linksOf(steps.values()) }
}

/** The box that a step bears on in the end: an undercut bears on what the attacked step bears on. */
export function boxOfStep(model: Model, step: Step): string | null {
  const seen = new Set<string>()
  let target = step.target
  while (!model.boxes.has(target)) {
    const next = model.steps.get(target)
    if (!next || seen.has(target)) return null
    seen.add(target)
    target = next.target
  }
  return target
}

/** Arguments for and against a box or an argument: those of the map, not only those that were loaded. */
export function counts(model: Model, id: string): Counts {
  const all = model.into.get(id) ?? []
  const supporting = all.filter((step) => step.stance === 'supporting').length
  const loaded = { supporting, opposing: all.length - supporting }
  const told = model.boxes.get(id)?.all
  if (!told) return loaded
  return { supporting: Math.max(told.supporting, loaded.supporting), opposing: Math.max(told.opposing, loaded.opposing) }
}

export function nameOf(model: Model | null, id: string): string {
  const box = model?.boxes.get(id)
  if (box) return box.title ?? box.text
  const step = model?.steps.get(id)
  if (!model || !step) return id
  return step.text ?? stepName(model, step)
}

/** A step in words; a step that attacks another names where that one starts and ends. */
function stepName(model: Model, step: Step): string {
  const named = (id: string): string => brief(phrase(boxName(model, id)), 90)
  const from = step.premises.map(named).join(' + ')
  const target = model.steps.get(step.target)
  if (!target) return messages.map.stepName(step.stance, from, named(step.target))
  return messages.map.stepOnStep(step.stance, from, target.premises.map(named).join(' + '), named(target.target))
}

function boxName(model: Model, id: string): string {
  const box = model.boxes.get(id)
  return box?.title ?? box?.text ?? id
}

/** A sentence as a part of another one: without its full stop. */
export function phrase(text: string): string {
  return text.replace(/(?<!\.)\.$/, '')
}

/** A text short enough to stand in a list; the whole of it is one click away. */
export function brief(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`
}

interface Ends {
  premises: Map<string, string[]>
  targets: Map<string, string>
  concerns: Map<string, string[]>
}

function endsOf(answer: GraphAnswer): Ends {
  const ends: Ends = { premises: new Map(), targets: new Map(), concerns: new Map() }
  for (const edge of answer.edges) {
    if (edge.relation === 'premise_of') push(ends.premises, edge.target, edge.source)
    else if (edge.relation === 'targets') ends.targets.set(edge.source, edge.target)
    else if (edge.relation === 'concerns') push(ends.concerns, edge.source, edge.target)
  }
  return ends
}

function boxOf(node: GraphNode, ends: Ends): Box {
  return {
    id: node.id,
    kind: node.kind === 'motive' ? 'motive' : 'statement',
    text: node.label,
    title: node.kind === 'motive' ? (string(node.name) ?? node.label) : null,
    constructed: node.origin === 'constructed',
    concerns: ends.concerns.get(node.id) ?? [],
    all: { supporting: node.supporting ?? 0, opposing: node.opposing ?? 0 },
  }
}

function stepOf(node: GraphNode, ends: Ends): Step {
  return {
    id: node.id,
    premises: [...new Set(ends.premises.get(node.id) ?? [])],
    target: ends.targets.get(node.id) ?? '',
    stance: node.stance === 'opposing' ? 'opposing' : 'supporting',
    confidence: node.confidence ?? 'medium',
    inferred: node.basis === 'inferred',
    scheme: string(node.scheme),
    text: node.label === node.id ? null : node.label,
  }
}

function stubsOf(answer: GraphAnswer): Map<string, Stub> {
  const stubs = new Map<string, Stub>()
  for (const node of answer.nodes) {
    const { hidden_in: into = 0, hidden_out: outOf = 0 } = node
    if (into + outOf > 0) stubs.set(node.id, { into, outOf })
  }
  return stubs
}

export function linksOf(steps: Iterable<Step>): Pick<Model, 'into' | 'outOf'> {
  const into = new Map<string, Step[]>()
  const outOf = new Map<string, Step[]>()
  for (const step of steps) {
    push(into, step.target, step)
    for (const premise of step.premises) push(outOf, premise, step)
  }
  return { into, outOf }
}

export function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

function string(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
