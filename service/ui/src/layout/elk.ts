import ELK, { type ElkExtendedEdge, type ElkNode } from 'elkjs/lib/elk-api.js'
import workerUrl from 'elkjs/lib/elk-worker.min.js?url'
import { DOT, INSET, type LaidOut, type Line } from './laid'
import type { Level } from './plan'
import type { Sized } from './sizes'
import { SPINE } from './stack'

let elk: InstanceType<typeof ELK> | null = null

/** Start the worker early: reading its code takes longer than the first layout. */
export function warmUp(): void {
  elk ??= new ELK({ workerUrl, algorithms: ['layered'] })
}

export async function layOut(level: Level, sizes: Map<string, Sized>, groups: Map<string, LaidOut>): Promise<LaidOut> {
  warmUp()
  const laid = await (elk as InstanceType<typeof ELK>).layout(graphOf(level, sizes, groups))
  const at: LaidOut['at'] = new Map()
  for (const { id, x = 0, y = 0 } of laid.children ?? []) {
    at.set(id, id.startsWith('@') ? { x: x + DOT / 2, y: y + DOT / 2 } : { x, y })
  }
  const rows = new Map(level.stacks.map((stack) => [stack.id, stack.rows]))
  const lines = (laid.edges ?? []).flatMap((edge): Line[] => {
    const [section] = edge.sections ?? []
    if (!section) return []
    const [dot = '', premise] = edge.id.split('<')
    const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint]
    const own = rows.get(edge.id)?.map((row) => row.step) ?? [dot.slice(1)]
    return own.map((step) => ({ step, points, head: premise === undefined }))
  })
  return { width: laid.width ?? 0, height: laid.height ?? 0, at, lines }
}

function graphOf(level: Level, sizes: Map<string, Sized>, groups: Map<string, LaidOut>): ElkNode {
  const children: ElkNode[] = []
  const targets = new Set(level.steps.map((step) => step.target))
  for (const id of level.groups) {
    const inside = groups.get(id)
    const node: ElkNode = { id, width: inside?.width ?? 0, height: inside?.height ?? 0 }
    // Motives stand in one row at the bottom, theses above them.
    if (!targets.has(id)) node.layoutOptions = { 'elk.layered.layering.layerConstraint': 'FIRST' }
    children.push(node)
  }
  for (const id of level.boxes) children.push(boxNode(level, sizes, id))
  for (const stack of level.stacks) {
    const port = { id: `${stack.id}^`, x: SPINE, y: 0, width: 0, height: 0, layoutOptions: { 'elk.port.side': 'NORTH' } }
    const fixed = { 'elk.portConstraints': 'FIXED_POS' }
    children.push({ id: stack.id, width: stack.width, height: stack.height, ports: [port], layoutOptions: fixed })
  }
  const edges: ElkExtendedEdge[] = level.stacks.map((one) => ({ id: one.id, sources: [`${one.id}^`], targets: [one.target] }))
  for (const step of level.steps) {
    const dot = `@${step.id}`
    children.push({ id: dot, width: DOT, height: DOT })
    const target = level.steps.some((one) => one.id === step.target) ? `@${step.target}` : step.target
    edges.push({ id: dot, sources: [dot], targets: [target] })
    for (const premise of step.premises) edges.push({ id: `${dot}<${premise}`, sources: [premise], targets: [dot] })
  }
  return { id: level.id || 'map', layoutOptions: optionsOf(level, children.length), children, edges }
}

function boxNode(level: Level, sizes: Map<string, Sized>, id: string): ElkNode {
  const size = sizes.get(id)
  const node: ElkNode = { id, width: size?.width ?? 0, height: size?.height ?? 0 }
  // The motive's own claim is the head of its box.
  if (id === level.id) node.layoutOptions = { 'elk.layered.layering.layerConstraint': 'LAST' }
  return node
}

function optionsOf(level: Level, nodes: number): Record<string, string> {
  const inside = level.id !== ''
  return {
    'elk.algorithm': 'layered',
    'elk.direction': 'UP',
    'elk.edgeRouting': 'ORTHOGONAL',
    'elk.aspectRatio': inside ? '0.8' : '1.9',
    'elk.padding': inside ? `[top=0,left=${INSET},bottom=${INSET},right=${INSET}]` : '[top=0,left=0,bottom=0,right=0]',
    'elk.spacing.nodeNode': inside ? '18' : '16',
    'elk.spacing.edgeNode': '14',
    'elk.spacing.edgeEdge': '10',
    'elk.spacing.componentComponent': '22',
    'elk.layered.spacing.nodeNodeBetweenLayers': '24',
    'elk.layered.spacing.edgeNodeBetweenLayers': '12',
    'elk.layered.spacing.edgeEdgeBetweenLayers': '8',
    // Past a few hundred nodes a finer search for fewer crossings is not seen, but waited for.
    'elk.layered.thoroughness': nodes > 300 ? '2' : '7',
    'elk.layered.nodePlacement.strategy': nodes > 300 ? 'BRANDES_KOEPF' : 'NETWORK_SIMPLEX',
    'elk.layered.considerModelOrder.strategy': 'PREFER_NODES',
  }
}
